//! `cargo xtask bench outage`: what becomes of requests while the Redis that processes count in is stopped, slow or
//! emptied.
//!
//! Requests come at a steady rate whatever became of those before them, and each latency counts from when it was due. A
//! trouble begins after some seconds and ends after some more. No request may fail for it, and two seconds after it
//! began, and after it ended, 99 of a hundred are to be answered within twice the time they took before.
#![expect(
    clippy::print_stdout,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "it prints ratios"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use super::{
    instance::{Instance, Place},
    load::{Connection, Measured, Person},
};
use crate::{
    failure::Failure,
    redis::{self, Server},
    say,
};

/// Connections over which requests come.
const CONNECTIONS: u64 = 32;
/// When a trouble begins, when it ends, and how long is looked on, in seconds.
const BEGINS: u64 = 4;
const ENDS: u64 = 9;
const LOOKS: u64 = 14;
/// How long things may take to be well again, in seconds.
const WELL_IN: u64 = 2;

/// What the command line says.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many requests come in a second
    #[arg(long, default_value_t = 2_000)]
    rate: u64,
}

#[derive(Clone, Copy)]
enum Trouble {
    Stopped,
    Frozen,
    Emptied,
}

impl Trouble {
    const ALL: [Self; 3] = [Self::Stopped, Self::Frozen, Self::Emptied];

    fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped, and started again",
            Self::Frozen => "answers nobody, and does again",
            Self::Emptied => "emptied twice",
        }
    }

    fn begin(self, server: &mut Server) -> Result<(), Failure> {
        match self {
            Self::Stopped => server.stop(),
            Self::Frozen => server.freeze(true),
            Self::Emptied => server.flush(),
        }
    }

    fn end(self, server: &mut Server) -> Result<(), Failure> {
        match self {
            Self::Stopped => server.start_again(),
            Self::Frozen => server.freeze(false),
            Self::Emptied => server.flush(),
        }
    }
}

/// What came of one trouble: the answers of each second, and what was not answered as it should.
struct Outcome {
    seconds: Vec<Measured>,
    failed: u64,
}

impl Outcome {
    fn new() -> Result<Self, Failure> {
        let seconds = (0..LOOKS).map(|_| Measured::new()).collect::<Result<_, _>>()?;
        Ok(Self { seconds, failed: 0 })
    }

    fn merge(&mut self, other: &Self) {
        self.failed += other.failed;
        for (ours, theirs) in self.seconds.iter_mut().zip(&other.seconds) {
            ours.merge(theirs);
        }
    }

    /// Of the seconds from one to before another, in microseconds.
    fn p99(&self, from: u64, to: u64) -> Result<u64, Failure> {
        let mut all = Measured::new()?;
        let (from, to) = (usize::try_from(from).unwrap_or(0), usize::try_from(to).unwrap_or(0));
        self.seconds[from..to].iter().for_each(|second| all.merge(second));
        Ok(all.latencies.value_at_quantile(0.99))
    }
}

/// Measures.
pub(crate) async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Some(mut server) = redis::private().await? else {
        say!("no Redis: nothing is measured");
        return Ok(());
    };
    let folder = std::env::temp_dir().join(format!("perennial-outage-{}", std::process::id()));
    let measured = on(&Place::Folder(folder.clone()), &mut server, arguments.rate).await;
    std::fs::remove_dir_all(folder)?;
    measured
}

async fn on(place: &Place, server: &mut Server, rate: u64) -> Result<(), Failure> {
    let instance = Instance::with_redis(place, &format!("redis://{}/", server.address()))?;
    let mut person = Person::register(&instance.address, "outage@example.org").await?;
    person.ask("GET", "/v1/me", "").await?;
    let request: Arc<[u8]> = person.request("GET", "/v1/me", "").into();
    println!("{rate} requests a second; Redis is in trouble from second {BEGINS} to {ENDS}");
    let mut well = true;
    for trouble in Trouble::ALL {
        let outcome = go_through(&instance.address, &request, rate, server, trouble).await?;
        let before = outcome.p99(1, BEGINS)?;
        let during = outcome.p99(BEGINS + WELL_IN, ENDS)?;
        let after = outcome.p99(ENDS + WELL_IN, LOOKS)?;
        println!("Redis is {}:", trouble.name());
        println!("  failed {}", outcome.failed);
        println!(
            "  p99 {before} µs before; {during} µs from {WELL_IN} s after it began ({:.1} ×); {after} µs from {WELL_IN} s \
             after it ended ({:.1} ×)",
            during as f64 / before as f64,
            after as f64 / before as f64,
        );
        let each: Result<Vec<_>, _> =
            (0..LOOKS).map(|second| outcome.p99(second, second + 1).map(|p99| p99.to_string())).collect();
        println!("  p99 of each second: {}", each?.join(" "));
        well &= outcome.failed == 0;
    }
    if well { Ok(()) } else { Err(Failure::new("requests failed because Redis was in trouble")) }
}

/// Offers requests all along, with the trouble in the middle.
async fn go_through(
    address: &str,
    request: &Arc<[u8]>,
    rate: u64,
    server: &mut Server,
    trouble: Trouble,
) -> Result<Outcome, Failure> {
    let next = Arc::new(AtomicU64::new(0));
    let begun = Instant::now() + Duration::from_millis(100);
    let mut clients = JoinSet::new();
    for _ in 0..CONNECTIONS {
        clients.spawn(client(address.to_owned(), Arc::clone(request), Arc::clone(&next), begun, rate));
    }
    tokio::time::sleep_until((begun + Duration::from_secs(BEGINS)).into()).await;
    trouble.begin(server)?;
    tokio::time::sleep_until((begun + Duration::from_secs(ENDS)).into()).await;
    trouble.end(server)?;
    let mut all = Outcome::new()?;
    while let Some(client) = clients.join_next().await {
        all.merge(&client.map_err(|error| Failure::new(error.to_string()))??);
    }
    Ok(all)
}

/// One connection: takes the next arrival, waits until it is due, asks.
async fn client(
    address: String,
    request: Arc<[u8]>,
    next: Arc<AtomicU64>,
    begun: Instant,
    rate: u64,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::new()?;
    let mut connection = Connection::open(&address).await?;
    loop {
        let arrival = next.fetch_add(1, Relaxed);
        if arrival >= rate * LOOKS {
            return Ok(outcome);
        }
        let due = begun + Duration::from_nanos(arrival * 1_000_000_000 / rate);
        tokio::time::sleep_until(due.into()).await;
        match connection.status(&request).await {
            Ok(200) => {
                let second = usize::try_from(arrival / rate).unwrap_or(usize::MAX);
                outcome.seconds[second].note(due.elapsed());
            }
            Ok(_) => outcome.failed += 1,
            Err(_) => {
                outcome.failed += 1;
                connection = Connection::open(&address).await?;
            }
        }
    }
}
