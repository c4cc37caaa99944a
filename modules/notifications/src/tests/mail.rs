//! Mail, handed over to a mail server on this machine that speaks SMTP.

use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use platform::{both_databases, db::Database, jobs::Work, lifecycle::Tasks};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::{Stage, due};
use crate::{MIGRATIONS, domain::ChannelKind, jobs::Lane};

/// A mail server: what it was sent, and what it says to a recipient.
#[derive(Clone)]
struct MailServer {
    heard: Arc<Mutex<Vec<String>>>,
    to_recipient: Arc<Mutex<&'static str>>,
    url: String,
    _tasks: Tasks,
}

impl MailServer {
    async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let (heard, to_recipient) =
            (Arc::<Mutex<Vec<String>>>::default(), Arc::new(Mutex::new("250 2.1.5 OK")));
        let tasks = Tasks::new();
        let server = Self { heard, to_recipient, url, _tasks: tasks.clone() };
        let (serving, inner) = (server.clone(), tasks.clone());
        tasks.spawn("mail server", async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let server = serving.clone();
                inner.spawn("mail", async move {
                    let _ = server.speak(stream).await;
                });
            }
        });
        server
    }

    async fn speak(&self, stream: TcpStream) -> std::io::Result<()> {
        let (reads, mut writes) = stream.into_split();
        let mut lines = BufReader::new(reads).lines();
        writes.write_all(b"220 mail.example ESMTP\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => "250 mail.example".to_owned(),
                "RCPT" => (*self.to_recipient.lock().unwrap()).to_owned(),
                "DATA" => {
                    writes.write_all(b"354 Go ahead\r\n").await?;
                    let mut letter = String::new();
                    while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                        letter.push_str(&line);
                        letter.push('\n');
                    }
                    self.heard.lock().unwrap().push(letter);
                    "250 2.0.0 queued as 4F2A".to_owned()
                }
                "QUIT" => "221 bye".to_owned(),
                _ => "250 OK".to_owned(),
            };
            writes.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        Ok(())
    }

    fn letters(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn stage(database: Database, server: &MailServer) -> Stage {
    let from = ("notifications.mail_from", "Perennial <perennial@example.org>");
    Stage::set_with(database, &[("notifications.smtp", &server.url), from])
}

async fn sends(stage: &Stage) {
    let lane = Lane::new(Arc::clone(&stage.herald), ChannelKind::Email, Arc::default());
    lane.run().await.unwrap();
}

fn header(letter: &str, name: &str) -> Option<String> {
    let unfolded = letter.replace("\n ", " ");
    unfolded.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
}

both_databases! { MIGRATIONS,
    async fn mail_says_it_in_text_and_html_and_is_stopped_with_one_click(database: Database) {
        let server = MailServer::open().await;
        let stage = stage(database, &server);
        let channel = stage.post(1, "/v1/channels", Some(&json!({ "kind": "email", "config": {} }))).await;
        assert_eq!((&channel["name"], &channel["config"], &channel["secrets"]), (&json!("E-mail"), &json!({}), &json!([])));
        let mut awkward = due(1);
        awkward.name = "Ärger <b>& Co</b>\r\nBcc: all@example.org".into();
        stage.hears(&stage.event(&awkward)).await;
        sends(&stage).await;
        let letters = server.letters();
        assert_eq!(letters.len(), 1);
        let letter = &letters[0];
        assert_eq!(header(letter, "To").as_deref(), Some("asha@example.org"));
        assert_eq!(header(letter, "Bcc"), None);
        assert_eq!(header(letter, "List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
        assert!(header(letter, "Message-ID").unwrap().starts_with("<dlv_"));
        let (text, html) = letter.split_once("text/html").unwrap();
        assert!(text.contains("text/plain") && !html.contains("<b>"), "{letter}");
        let sent = stage.get(1, "/v1/deliveries?state=sent").await["data"].clone();
        let mailed = sent.as_array().unwrap().iter().find(|each| each["channel_kind"] == "email").unwrap();
        let one = stage.get(1, &format!("/v1/deliveries/{}", mailed["id"].as_str().unwrap())).await;
        assert_eq!(one["attempts"][0]["said"], "250 2.0.0 queued as 4F2A");

        // The link that mail programs post to; somebody else's guess opens nothing.
        let stop = header(letter, "List-Unsubscribe").unwrap();
        let path = stop.trim_matches(['<', '>']).strip_prefix("https://perennial.example").unwrap().to_owned();
        let (status, _) = stage.browser(2, Method::POST, &format!("{path}x"), "").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(stage.page(2, &path).await.contains("Stop all e-mails?"));
        assert_eq!(stage.get(1, "/v1/channels").await["data"][0]["state"], "on", "looking stops nothing");
        stage.reminds(2).await;
        let (status, page) = stage.browser(2, Method::POST, &path, "List-Unsubscribe=One-Click").await;
        assert!(status == StatusCode::OK && page.contains("No more e-mails"));
        sends(&stage).await;
        assert_eq!(server.letters().len(), 1);
        assert_eq!(stage.get(1, "/v1/channels").await["data"][0]["state"], "off");
        assert!(stage.page(1, &path).await.contains("No more e-mails"));
    }

    async fn a_mail_server_is_believed(database: Database) {
        let server = MailServer::open().await;
        let stage = stage(database, &server);
        let channel = stage.post(1, "/v1/channels", Some(&json!({ "kind": "email", "config": {} }))).await;
        let test = format!("/v1/channels/{}/test", channel["id"].as_str().unwrap());
        for (says, state, of_channel) in [
            ("452 4.2.2 mailbox full", "planned", "on"),
            ("554 5.7.1 looks like spam", "failed", "on"),
            ("535 5.7.8 who are you", "planned", "on"),
            ("550 5.1.1 no such user", "failed", "broken"),
        ] {
            *server.to_recipient.lock().unwrap() = says;
            let test = stage.post(1, &test, None).await;
            sends(&stage).await;
            let tried = stage.get(1, &format!("/v1/deliveries/{}", test["id"].as_str().unwrap())).await;
            assert_eq!(tried["state"], state, "{says}: {tried}");
            assert_eq!(stage.get(1, "/v1/channels").await["data"][0]["state"], of_channel, "{says}");
        }
    }

    async fn without_a_mail_server_mail_is_not_offered(database: Database) {
        let stage = Stage::set(database);
        let (status, problem) =
            stage.api(1, Method::POST, "/v1/channels", Some(&json!({ "kind": "email", "config": {} }))).await;
        assert_eq!((status.as_u16(), &problem["errors"][0]["pointer"]), (422, &json!("/kind")));
    }
}
