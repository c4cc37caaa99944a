//! The door at which mail comes in.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use platform::lifecycle::Tasks;
use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

use super::{
    letter::{self, Unread},
    session::{Session, Step},
    wire::{self, Heard},
};
use crate::{Reader, mail::address::Delivered};

/// How long somebody who is turned away may take to hear it; others wait meanwhile.
const AT_ONCE: Duration = Duration::from_millis(100);
/// A session lasts so many times as long as its silence at most.
const LASTS: u32 = 10;

/// Begins to take mail, where that is set up, and returns the address it listens on.
///
/// # Errors
/// When the address cannot be had.
pub async fn open(reader: &Arc<Reader>, tasks: &Tasks) -> io::Result<Option<SocketAddr>> {
    if !reader.takes_mail() {
        return Ok(None);
    }
    let listener = TcpListener::bind(reader.mail_in.listen.as_str()).await?;
    let address = listener.local_addr()?;
    tasks.spawn("mail.accept", accept(listener, Arc::clone(reader), tasks.clone()));
    Ok(Some(address))
}

async fn accept(listener: TcpListener, reader: Arc<Reader>, tasks: Tasks) {
    let draining = tasks.draining();
    let places = usize::try_from(reader.mail_in.connections).unwrap_or(usize::MAX);
    let places = Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS)));
    loop {
        let accepted = tokio::select! {
            () = draining.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((mut stream, _)) = accepted else {
            // Out of file descriptors, mostly: some will be free in a moment.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            metrics::counter!("perennial_mails_total", "outcome" => "turned_away").increment(1);
            // Whoever brings mail comes again, whether they are told or not.
            let _ =
                answer(&mut stream, "421 4.3.2 Too many are here already; come again later", AT_ONCE).await;
            continue;
        };
        let (reader, draining) = (Arc::clone(&reader), tasks.draining());
        tasks.spawn("mail.session", async move {
            let longest = reader.mail_in.timeout.duration().saturating_mul(LASTS);
            tokio::select! {
                // Whoever is cut off comes again.
                () = draining.cancelled() => {}
                ended = tokio::time::timeout(longest, attend(stream, &reader)) => {
                    if let Ok(Err(error)) = ended {
                        tracing::debug!(%error, "a session of mail was cut off");
                    }
                }
            }
            drop(place);
        });
    }
}

async fn attend(stream: TcpStream, reader: &Reader) -> io::Result<()> {
    let settings = &reader.mail_in;
    let limit = usize::try_from(settings.size_limit).unwrap_or(usize::MAX);
    let silence = settings.timeout.duration();
    let (from, mut to) = stream.into_split();
    let mut from = BufReader::new(from);
    let mut session = Session::new(&settings.domain, limit);
    answer(&mut to, &format!("220 {} Perennial takes mail", settings.domain), silence).await?;
    loop {
        let line = match patiently(silence, wire::line(&mut from)).await? {
            Heard::This(line) => line,
            Heard::Nothing => return Ok(()),
            Heard::Wrong | Heard::TooLong => {
                return answer(&mut to, "500 5.5.2 Lines end in CR LF and are shorter", silence).await;
            }
        };
        // Nothing is offered that lets one talk on unasked, and what comes so may have been put there by another.
        if !from.buffer().is_empty() {
            return answer(&mut to, "503 5.5.0 Wait for each answer", silence).await;
        }
        let step = match session.hear(&line) {
            Step::LookUp(local) => match reader.is_mail_address(&local).await {
                Ok(known) => session.looked_up(local, known),
                Err(problem) => {
                    tracing::warn!(?problem, "an address for mail could not be looked up");
                    Step::Say("451 4.3.0 Not just now; come again later".into())
                }
            },
            step @ (Step::Say(_) | Step::Take | Step::Leave(_)) => step,
        };
        match step {
            Step::Say(said) => answer(&mut to, &said, silence).await?,
            Step::Leave(said) => return answer(&mut to, said, silence).await,
            Step::LookUp(_) => return Ok(()),
            Step::Take => {
                answer(&mut to, "354 End with a dot on a line by itself", silence).await?;
                let said = match patiently(silence.saturating_mul(4), wire::mail(&mut from, limit)).await? {
                    Heard::This(mail) => take(reader, session.recipients(), &mail).await,
                    Heard::TooLong => "552 5.3.4 It is longer than is taken",
                    Heard::Nothing => return Ok(()),
                    Heard::Wrong => {
                        return answer(&mut to, "554 5.6.0 Lines end in CR LF and in nothing else", silence)
                            .await;
                    }
                };
                session.begin_anew();
                answer(&mut to, said, silence).await?;
            }
        }
    }
}

/// Has a mail read for everybody whom it is for, and says what came of it: never what was read.
async fn take(reader: &Reader, recipients: &[String], mail: &[u8]) -> &'static str {
    let letter = match letter::read(mail) {
        Ok(letter) => letter,
        Err(unread) => {
            counted("unread");
            return match unread {
                Unread::Circles => "554 5.4.6 It runs in a circle",
                Unread::Nested => "554 5.6.0 Too much is attached to what is attached",
                Unread::Empty => "554 5.6.0 It says nothing that can be read",
            };
        }
    };
    let (mut later, mut taken) = (false, false);
    for local in recipients {
        match reader.deliver(local, &letter.words, letter.id.as_deref(), letter.sent_at).await {
            Ok(Delivered::Taken) => taken = true,
            Ok(Delivered::Gone | Delivered::Wrong) => {}
            Ok(Delivered::Later) => later = true,
            Err(problem) => {
                tracing::warn!(?problem, "a mail could not be read");
                later = true;
            }
        }
    }
    // Who has it already is not told again: it is known by its id.
    let (outcome, said) = match (later, taken) {
        (true, _) => ("later", "451 4.7.1 Not just now; come again later"),
        (false, true) => ("taken", "250 2.0.0 It is read"),
        (false, false) => ("unread", "550 5.2.1 Nobody is there who may take it"),
    };
    counted(outcome);
    said
}

fn counted(outcome: &'static str) {
    metrics::counter!("perennial_mails_total", "outcome" => outcome).increment(1);
}

async fn patiently<T>(silence: Duration, heard: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(silence, heard).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn answer(to: &mut (impl AsyncWriteExt + Unpin), said: &str, silence: Duration) -> io::Result<()> {
    let line = format!("{said}\r\n");
    patiently(silence, async {
        to.write_all(line.as_bytes()).await?;
        to.flush().await
    })
    .await
}
