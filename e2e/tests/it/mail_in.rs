//! Mail that is forwarded, brought as mail servers bring it.

use e2e::{Browser, Form, Instance, Setup, eventually, on_both};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::pages::log_in;

const DOMAIN: &str = "in.example.org";

fn taking_mail(setup: &Setup) -> Setup {
    let setup = setup.clone().with("PERENNIAL_MAIL_IN_LISTEN", "127.0.0.1:0");
    let setup = setup.with("PERENNIAL_MAIL_IN_DOMAIN", DOMAIN).with("PERENNIAL_MAIL_IN_SIZE_LIMIT", "4096");
    setup.with("PERENNIAL_MAIL_IN_HOURLY", "8")
}

/// A mail server that brings mail.
struct Bringer {
    stream: BufReader<TcpStream>,
}

impl Bringer {
    async fn come(app: &Instance) -> Self {
        let line = eventually("mail to come in", async || {
            app.log().lines().into_iter().find(|line| line.contains("mail comes in"))
        })
        .await;
        let port: String =
            line.split("127.0.0.1:").nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect();
        let stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
        let mut bringer = Self { stream: BufReader::new(stream) };
        assert_eq!(bringer.hears().await, "220");
        bringer
    }

    /// The code of the next answer; nothing, where there is none any more.
    async fn hears(&mut self) -> String {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await.unwrap_or_default();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.chars().take(3).collect();
            }
        }
    }

    async fn writes(&mut self, bytes: &[u8]) {
        // It may have been left already.
        let _ = self.stream.get_mut().write_all(bytes).await;
    }

    async fn says(&mut self, line: &str) -> String {
        self.writes(format!("{line}\r\n").as_bytes()).await;
        self.hears().await
    }

    /// Comes as far as the mail itself.
    async fn begins(&mut self, to: &str) -> String {
        assert_eq!(self.says("EHLO mail.example.com").await, "250");
        assert_eq!(self.says("MAIL FROM:<somebody@example.com>").await, "250");
        let known = self.says(&format!("RCPT TO:<{to}>")).await;
        if known != "250" {
            return known;
        }
        self.says("DATA").await
    }

    async fn brings(&mut self, to: &str, mail: &str) -> String {
        let begun = self.begins(to).await;
        if begun != "354" {
            return begun;
        }
        self.says(&format!("{}\r\n.", mail.replace('\n', "\r\n"))).await
    }
}

async fn address(browser: &mut Browser) -> String {
    browser.visit("/add/mail").await;
    let form = browser.form(|form: &Form| form.action == "/add/mail");
    browser.submit(&form).await;
    let text = browser.text();
    let word = text.split_whitespace().find(|word| word.ends_with(DOMAIN));
    word.unwrap_or_else(|| panic!("no address: {text}")).to_owned()
}

on_both! {
    async fn a_forwarded_receipt_is_read_once_and_what_is_unsure_is_asked(setup: Setup) {
        let app = taking_mail(&setup).start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        asha.post("/v1/messages", &json!({"text": "Netflix ₹499 monthly"})).await.expect(201);
        let mut browser = Browser::open(app.base());
        log_in(&mut browser, "/login", "asha@example.org").await;
        let to = address(&mut browser).await;
        let mut bringer = Bringer::come(&app).await;

        let mail = "Message-ID: <1@example.com>\nSubject: Fwd: Your plan\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>Spotify =E2=82=B9119 monthly</p>";
        assert_eq!(bringer.brings(&to, mail).await, "250");
        assert_eq!(bringer.brings(&to.to_uppercase(), mail).await, "250", "it came before");
        let names = |found: Vec<e2e::Subscription>| found.into_iter().map(|each| each.name).collect::<Vec<_>>();
        let made = names(asha.subscriptions().await);
        assert_eq!((made.len(), made.contains(&"Spotify".into())), (2, true), "{made:?}");

        assert_eq!(bringer.brings(&to, "Subject: x\n\nNetflix ₹499 monthly\n..").await, "250");
        assert_eq!(asha.subscriptions().await.len(), 2);
        browser.visit("/add/mail").await;
        let text = browser.text();
        assert!(text.contains("Spotify") && text.contains("Netflix is tracked already"), "{text}");
        assert!(!text.contains(&to), "it is shown once");

        // Another address ends the one before; taken back, there is none.
        let other = address(&mut browser).await;
        assert_ne!(other, to);
        let mut bringer = Bringer::come(&app).await;
        assert_eq!(bringer.brings(&to, "Subject: x\n\nGym 1500 monthly").await, "550");
        assert_eq!(bringer.says("RSET").await, "250");
        let back = browser.form(|form: &Form| form.action == "/add/mail/revoke");
        browser.submit(&back).await;
        assert_eq!(bringer.brings(&other, "Subject: x\n\nGym 1500 monthly").await, "550");
        assert_eq!(asha.subscriptions().await.len(), 2);
        assert_eq!(bringer.says("QUIT").await, "221");

        let log = app.log().lines().join("\n");
        assert!(!log.contains("Spotify") && !log.contains(&to) && !log.contains(to.split('@').next().unwrap()));
        app.finish().await;
    }

    async fn who_is_suspended_adds_nothing_by_mail_either(setup: Setup) {
        let setup = taking_mail(&setup);
        let app = setup.start_at("2026-05-05T06:30:00Z").await;
        let asha = app.member("asha").await;
        let mut browser = Browser::open(app.base());
        log_in(&mut browser, "/login", "asha@example.org").await;
        let to = address(&mut browser).await;
        let mail = |name: &str| format!("Subject: x\n\n{name} ₹1500 monthly");
        assert!(setup.run_on_data(&["user", "suspend", "asha@example.org"]).await.success);
        assert_eq!(Bringer::come(&app).await.brings(&to, &mail("Gym")).await, "550");
        assert!(setup.run_on_data(&["user", "restore", "asha@example.org"]).await.success);
        assert_eq!(Bringer::come(&app).await.brings(&to, &mail("Notion")).await, "250");
        let asha = asha.log_in("asha@example.org").await;
        let names: Vec<_> = asha.subscriptions().await.into_iter().map(|each| each.name).collect();
        assert_eq!(names, ["Notion"]);

        // What is as good as a key is in the log of whose it is.
        browser.visit("/add/mail").await;
        let back = browser.form(|form: &Form| form.action == "/add/mail/revoke");
        browser.submit(&back).await;
        let log: Value = asha.get("/v1/audit-log").await.expect(200).json();
        let acts: Vec<_> = log["data"].as_array().unwrap().iter().map(|entry| entry["act"].clone()).collect();
        for act in ["mail_address.made", "mail_address.revoked"] {
            assert!(acts.contains(&json!(act)), "{act}: {acts:?}");
        }
        app.finish().await;
    }

    async fn an_address_takes_so_many_in_an_hour(setup: Setup) {
        let app = taking_mail(&setup).start_at("2026-05-05T06:30:00Z").await;
        app.member("asha").await;
        let mut browser = Browser::open(app.base());
        log_in(&mut browser, "/login", "asha@example.org").await;
        let to = address(&mut browser).await;
        let mut bringer = Bringer::come(&app).await;
        let mut answers = Vec::new();
        for number in 0..10 {
            answers.push(bringer.brings(&to, &format!("Subject: x\n\nhello {number}")).await);
        }
        assert_eq!(answers[..8], ["250"; 8]);
        assert_eq!(answers[8..], ["451"; 2]);
        app.finish().await;
    }
}

#[tokio::test]
async fn hostile_sessions_do_nothing_and_end() {
    let app = taking_mail(&Setup::sqlite()).start_at("2026-05-05T06:30:00Z").await;
    let asha = app.member("asha").await;
    let mut browser = Browser::open(app.base());
    log_in(&mut browser, "/login", "asha@example.org").await;
    let to = address(&mut browser).await;

    // A second mail is not smuggled behind an end that is none.
    let second =
        format!("MAIL FROM:<x@y.z>\r\nRCPT TO:<{to}>\r\nDATA\r\nSubject: x\r\n\r\nGym 1500 monthly\r\n.\r\n");
    for end in ["\n.\n", "\r\n.\n", "\n.\r\n", "\r.\r"] {
        let mut bringer = Bringer::come(&app).await;
        assert_eq!(bringer.begins(&to).await, "354");
        bringer.writes(format!("Subject: x\r\n\r\nhello{end}{second}").as_bytes()).await;
        assert_eq!(bringer.hears().await, "554", "{end:?}");
        assert_eq!(bringer.hears().await, "", "it was left");
    }
    // Nor is anything said before it is asked for.
    let mut bringer = Bringer::come(&app).await;
    assert_eq!(bringer.says("EHLO a").await, "250");
    bringer.writes(b"MAIL FROM:<x@y.z>\r\nRSET\r\nNOOP\r\n").await;
    assert_eq!((bringer.hears().await.as_str(), bringer.hears().await.as_str()), ("503", ""));

    let mut bringer = Bringer::come(&app).await;
    let long = format!("Subject: x\n\n{}", "Gym 1500 monthly\n".repeat(300));
    assert_eq!(bringer.brings(&to, &long).await, "552");
    assert_eq!(bringer.says("MAIL FROM:<x@y.z> SIZE=5000").await, "552");
    assert_eq!(bringer.says("MAIL FROM:<x@y.z>").await, "250");
    assert_eq!(bringer.says("RCPT TO:<somebody@example.com>").await, "550", "nothing is passed on");
    assert_eq!(bringer.says("RCPT TO:<add-aaaaaaaaaaaaaaaaaaaaaaaaaa@in.example.org>").await, "550");
    assert_eq!(bringer.says("RSET").await, "250");
    let circle = format!("{}Subject: x\n\nGym 1500 monthly", "Received: from a by b\n".repeat(40));
    assert_eq!(bringer.brings(&to, &circle).await, "554");

    // Noise is answered or left, and whoever comes next is served.
    let mut noise = Bringer::come(&app).await;
    noise.writes(&vec![0xff_u8; 100_000]).await;
    let mut rest = Vec::new();
    let _ = noise.stream.read_to_end(&mut rest).await;
    assert_eq!(Bringer::come(&app).await.says("NOOP").await, "250");
    assert!(asha.subscriptions().await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn without_settings_no_mail_comes_in_and_wrong_ones_are_named() {
    let setup = Setup::sqlite();
    let app = setup.start().await;
    app.member("asha").await;
    let mut browser = Browser::open(app.base());
    log_in(&mut browser, "/login?next=/add/mail", "asha@example.org").await;
    assert!(browser.text().contains("No mail comes in here"), "{}", browser.text());
    app.finish().await;
    let wrong = Setup::sqlite().with("PERENNIAL_MAIL_IN_LISTEN", "127.0.0.1:0");
    let said = wrong.run(&["check-config"]).await;
    assert!(!said.success && said.errors.contains("mail_in.domain"), "{}", said.errors);
}
