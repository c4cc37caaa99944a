//! Mail, handed over to somebody else's mail server, over TLS.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test that is left out says so where the runner shows it, and CI allows none"
)]

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use e2e::{Setup, eventually};
use serde_json::json;

use crate::monthly;

/// What it was last seen with.
const PROGRAM: &str = "aiosmtpd>=1.4.6,<2";

/// Where its Python is, made once in the build folder; `None` where that cannot be.
fn python() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/aiosmtpd"));
    let python = folder.join("bin/python");
    let run = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let ready = || run(Command::new(&python).args(["-c", "import aiosmtpd"]));
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PROGRAM];
    let made = ready()
        || (run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
            && run(Command::new(&python).args(install))
            && ready());
    if !made {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "no Python 3 with venv, or no package index: mail cannot be handed over to a real server"
        );
        eprintln!("left out: no Python 3 with venv, or no package index, for a mail server");
    }
    made.then_some(python)
}

/// A certificate of our own making for this machine.
fn certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// A mail server in a process of its own, which keeps letters in a Maildir.
struct MailServer {
    child: Child,
    port: u16,
    letters: PathBuf,
}

impl MailServer {
    /// One that takes nothing in clear.
    fn start(python: &Path, folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let letters = folder.join("mail");
        let child = Command::new(python)
            .args(["-m", "aiosmtpd", "--nosetuid", "--listen", &format!("127.0.0.1:{port}")])
            .args(["--tlscert", "cert.pem", "--tlskey", "key.pem"])
            .args(["--class", "aiosmtpd.handlers.Mailbox"])
            .arg(&letters)
            .current_dir(folder)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, port, letters }
    }

    /// The letters to an address.
    fn letters(&self, to: &str) -> Vec<String> {
        let Ok(found) = std::fs::read_dir(self.letters.join("new")) else { return Vec::new() };
        let read = found.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        let to = format!("To: {to}");
        read.filter(|letter| letter.lines().any(|line| line == to)).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_is_handed_over_to_a_real_mail_server_over_tls_and_to_none_that_nobody_vouches_for() {
    let Some(python) = tokio::task::spawn_blocking(python).await.unwrap() else { return };
    let setup = Setup::sqlite();
    certificate(setup.beside());
    let server = MailServer::start(&python, setup.beside());
    let authorities = setup.beside().join("cert.pem");
    let setup = setup
        .with("PERENNIAL_NOTIFICATIONS_SMTP", &format!("smtp://localhost:{}?tls=required", server.port))
        .with("PERENNIAL_NOTIFICATIONS_MAIL_FROM", "Perennial <perennial@example.org>")
        .with("PERENNIAL_AUTH_VERIFICATION", "false");
    // Without its authority it is not spoken to.
    let app = setup.start_at("2026-05-05T06:30:00Z").await;
    let asha = app.member("asha").await;
    let channel =
        asha.post("/v1/channels", &json!({"kind": "email", "config": {}})).await.expect(201).value();
    let test = format!("/v1/channels/{}/test", channel["id"].as_str().unwrap());
    let tried = asha.act(&test).await.expect(201).value();
    let delivery = format!("/v1/deliveries/{}", tried["id"].as_str().unwrap());
    let said = eventually("the test to be tried", async || {
        let read = asha.get(&delivery).await.expect(200).value();
        read["attempts"][0]["said"].as_str().map(str::to_owned)
    })
    .await;
    assert!(said.to_lowercase().contains("certificate"), "{said}");
    assert!(server.letters("asha@example.org").is_empty());
    asha.create(&monthly("Netflix")).await;
    app.stop().await;

    let setup = setup.with("PERENNIAL_NOTIFICATIONS_SMTP_AUTHORITIES", authorities.to_str().unwrap());
    let app = setup.start_at("2026-06-02T03:31:00Z").await;
    let letter = eventually("the reminder to come by mail", async || {
        server.letters("asha@example.org").into_iter().find(|letter| letter.contains("Subject: Netflix"))
    })
    .await;
    assert!(letter.contains("Subject: Netflix renews in 3 days"), "{letter}");
    assert!(letter.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{letter}");
    assert!(letter.contains("Content-Type: multipart/alternative"), "{letter}");
    app.finish().await;
}
