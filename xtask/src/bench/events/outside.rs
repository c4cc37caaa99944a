//! Messages to a provider on this machine that says yes to everything.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::Stage;
use crate::{
    bench::load::{Person, head},
    failure::Failure,
};

/// Who is reminded, and by how many channels each.
const PEOPLE: usize = 8;
const CHANNELS: usize = 4;
/// When everything is made, and when all of it falls due.
const BORN: &str = "2026-05-05T06:30:00Z";
const DUE: &str = "2026-06-02T03:31:00Z";
/// When it is given up: far more than any limit.
const PATIENCE: Duration = Duration::from_secs(900);

/// Says yes, and remembers when.
#[derive(Default)]
struct Provider {
    count: AtomicUsize,
    first: Mutex<Option<Instant>>,
}

impl Provider {
    async fn open() -> Result<(Arc<Self>, String), Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}/", listener.local_addr()?);
        let provider = Arc::<Self>::default();
        let serving = Arc::clone(&provider);
        #[expect(clippy::disallowed_methods, reason = "it ends with the command")]
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let provider = Arc::clone(&serving);
                #[expect(clippy::disallowed_methods, reason = "it ends with the connection")]
                tokio::spawn(async move { drop(provider.talk(stream).await) });
            }
        });
        Ok((provider, address))
    }

    async fn talk(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let (mut buffer, mut filled) = (vec![0; 64 * 1024], 0);
        loop {
            let read = stream.read(&mut buffer[filled..]).await?;
            if read == 0 {
                return Ok(());
            }
            filled += read;
            if head(&buffer[..filled]).is_some_and(|(head, length)| filled >= head + length) {
                filled = 0;
                self.first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(Instant::now);
                self.count.fetch_add(1, Ordering::Relaxed);
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await?;
            }
        }
    }
}

/// How many a second it is sent, from the first to the last.
pub(super) async fn send(stage: &Stage, reminders: usize) -> Result<f64, Failure> {
    let (provider, address) = Provider::open().await?;
    let mut instance = stage.start(&["--clock", BORN])?;
    for number in 0..PEOPLE {
        let email = format!("reminded-{number}@example.org");
        let mut person = Person::register(&instance.address, &email).await?;
        for _ in 0..CHANNELS {
            let channel = json!({"kind": "webhook", "config": {"url": address}});
            person.ask("POST", "/v1/channels", &channel.to_string()).await?;
        }
        for service in 0..reminders {
            let body = json!({
                "name": format!("Service {service}"), "price": {"amount": "499.00", "currency": "INR"},
                "cycle": {"every": 1, "unit": "month"},
            });
            person.ask("POST", "/v1/subscriptions", &body.to_string()).await?;
        }
    }
    instance.end()?;
    let _instance = stage.start(&["--clock", DUE])?;
    let (all, began) = (PEOPLE * CHANNELS * reminders, Instant::now());
    while provider.count.load(Ordering::Relaxed) < all {
        if began.elapsed() > PATIENCE {
            let sent = provider.count.load(Ordering::Relaxed);
            return Err(Failure::new(format!("only {sent} of {all} messages were sent")));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let first = *provider.first.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(first.map_or(0.0, |first| all as f64 / first.elapsed().as_secs_f64()))
}
