//! A mail server of the test's own, which keeps what it is sent.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// Speaks as much SMTP as it takes to be handed a letter.
#[derive(Debug, Clone)]
pub struct MailServer {
    url: String,
    letters: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    /// Listens until the test ends.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let letters = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&letters);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                // Whoever hangs up in the middle has ended the talk.
                std::thread::spawn(move || drop(speak(stream, &kept)));
            }
        });
        Self { url, letters }
    }

    /// Where it is, as the setting wants it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The secret of the last letter to an address whose link leads to that path.
    pub async fn secret(&self, to: &str, path: &str) -> String {
        let begins = format!("{path}?token=");
        crate::eventually("a letter with a link", async || {
            let letters = self.letters.lock().unwrap();
            let found = letters.iter().rev().find(|letter| letter.contains(&format!("To: {to}")))?;
            // Long lines are folded on their way: an equals sign ends one, and another is written =3D.
            let text = found.replace("=\n", "").replace("=3D", "=");
            let (_, rest) = text.split_once(&begins)?;
            let secret = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c));
            Some(secret.collect())
        })
        .await
    }

    /// Whether a letter to an address holds a text.
    pub fn holds(&self, to: &str, text: &str) -> bool {
        let to = format!("To: {to}");
        let letters = self.letters.lock().unwrap();
        letters.iter().any(|letter| letter.contains(&to) && letter.replace("=\n", "").contains(text))
    }

    /// How many letters went to an address.
    pub fn count(&self, to: &str) -> usize {
        let to = format!("To: {to}");
        self.letters.lock().unwrap().iter().filter(|letter| letter.contains(&to)).count()
    }
}

fn speak(stream: TcpStream, kept: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut writes = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    writes.write_all(b"220 mail.example ESMTP\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250 mail.example",
            "DATA" => {
                writes.write_all(b"354 Go ahead\r\n")?;
                let mut letter = String::new();
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    letter.push_str(&line);
                    letter.push('\n');
                }
                kept.lock().unwrap().push(letter);
                "250 2.0.0 queued"
            }
            "QUIT" => "221 bye",
            _ => "250 OK",
        };
        writes.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}
