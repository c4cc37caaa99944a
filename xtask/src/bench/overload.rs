//! `cargo xtask bench overload`: what becomes of a server to which three times as many come as it can serve.
//!
//! Arrivals are open-loop: each request has a time at which it is due, whatever became of those before it, and its
//! latency counts from then. A mix of people at work, of strangers, of files and of what settles money is offered. First
//! the highest rate is found that is held, then 80 % of it is offered, the storm, and 80 % again. Where that can
//! be had the server has half of the processors and the client the others: else what the client does for three times as
//! many is lost to the server, and each refusal waits for a processor that the client has.
#![expect(
    clippy::print_stdout,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "it prints rates and ratios"
)]

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{
    instance::{Instance, Place},
    load::{Connection, Measured, Person},
};
use crate::{environment, failure::Failure, say};

/// What is held: this many milliseconds for 99 of a hundred.
const HELD: u64 = 200;
/// Subscriptions of the household, each with charges of two years.
const TRACKED: usize = 100;

/// What the command line says.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How long the storm lasts, in seconds
    #[arg(long, default_value_t = 60)]
    storm: u64,
    /// How many times as many come as can be served
    #[arg(long, default_value_t = 3)]
    times: u64,
    /// Connections over which they come
    #[arg(long, default_value_t = 512)]
    connections: usize,
    /// Let client and server share all processors
    #[arg(long)]
    together: bool,
}

/// Who comes.
#[derive(Clone, Copy)]
enum Who {
    Bulk,
    Anonymous,
    Interactive,
    Payment,
}

const NAMES: [&str; 4] = ["bulk", "anonymous", "interactive", "payment"];

/// The requests that are offered, in turn, each with who sends it.
struct Mix(Vec<(Who, Vec<u8>)>);

impl Mix {
    /// Of twenty one fetches a file, one settles money, three are strangers and fifteen at work.
    async fn prepare(person: &mut Person) -> Result<Self, Failure> {
        for number in 0..TRACKED {
            let body = json!({
                "name": format!("Service {number}"), "price": {"amount": "499.00", "currency": "INR"},
                "cycle": {"every": 1, "unit": "month"}, "first_charge_on": "2024-12-05",
            });
            person.ask("POST", "/v1/subscriptions", &body.to_string()).await?;
        }
        let payments = person.ask("GET", "/v1/payments?limit=100", "").await?;
        let payments: Value =
            serde_json::from_slice(payments).map_err(|error| Failure::new(error.to_string()))?;
        let payments = payments["data"].as_array().cloned().unwrap_or_default();
        let mut mix = Vec::new();
        for payment in payments {
            let settle = format!("/v1/payments/{}", payment["id"].as_str().unwrap_or_default());
            for at in 0..20 {
                mix.push(match at {
                    0 => (Who::Bulk, person.request("GET", "/v1/exports/json", "")),
                    5 | 10 | 15 => (Who::Anonymous, person.without_name("GET", "/v1/subscriptions")),
                    7 => (Who::Payment, person.request("PATCH", &settle, r#"{"note":"seen"}"#)),
                    _ if at % 3 == 0 => (Who::Interactive, person.request("GET", "/v1/me", "")),
                    _ => (Who::Interactive, person.request("GET", "/v1/subscriptions?limit=20", "")),
                });
            }
        }
        if mix.is_empty() { Err(Failure::new("no payments were recorded")) } else { Ok(Self(mix)) }
    }
}

/// What came of a stretch of arrivals.
struct Outcome {
    rate: u64,
    seconds: u64,
    /// What was answered, by who asked; from the time it was due.
    answered: [Measured; 4],
    /// What was refused, from the time it was sent.
    refused: [Measured; 4],
    /// Neither.
    failed: u64,
}

impl Outcome {
    fn new(rate: u64, seconds: u64) -> Result<Self, Failure> {
        let four = || -> Result<[Measured; 4], Failure> {
            Ok([Measured::new()?, Measured::new()?, Measured::new()?, Measured::new()?])
        };
        Ok(Self { rate, seconds, answered: four()?, refused: four()?, failed: 0 })
    }

    fn merge(&mut self, other: &Self) {
        for (ours, theirs) in self.answered.iter_mut().zip(&other.answered) {
            ours.merge(theirs);
        }
        for (ours, theirs) in self.refused.iter_mut().zip(&other.refused) {
            ours.merge(theirs);
        }
        self.failed += other.failed;
    }

    fn goodput(&self) -> f64 {
        let answered: u64 = self.answered.iter().map(|each| each.answers).sum();
        answered as f64 / self.seconds as f64
    }

    fn all(measured: &[Measured; 4]) -> Result<Measured, Failure> {
        let mut all = Measured::new()?;
        measured.iter().for_each(|each| all.merge(each));
        Ok(all)
    }

    fn interactive_p99(&self) -> u64 {
        self.answered[Who::Interactive as usize].latencies.value_at_quantile(0.99)
    }

    /// Whether all but one in two hundred were answered, and in time.
    fn is_held(&self) -> Result<bool, Failure> {
        let (answered, refused) = (Self::all(&self.answered)?, Self::all(&self.refused)?);
        let late = answered.latencies.value_at_quantile(0.99) > HELD * 1_000;
        Ok(!late && (refused.answers + self.failed) * 200 <= self.rate * self.seconds)
    }

    fn print(&self, name: &str) -> Result<(), Failure> {
        println!(
            "{name}: {} a second for {} s; answered {:.0} a second",
            self.rate,
            self.seconds,
            self.goodput()
        );
        for (at, class) in NAMES.iter().enumerate() {
            let (answered, refused) = (&self.answered[at], &self.refused[at]);
            println!(
                "  {class:<12} answered {:>8}  p50 {:>8} p99 {:>8}   refused {:>8}  p50 {:>6} p99 {:>6}",
                answered.answers,
                answered.latencies.value_at_quantile(0.5),
                answered.latencies.value_at_quantile(0.99),
                refused.answers,
                refused.latencies.value_at_quantile(0.5),
                refused.latencies.value_at_quantile(0.99),
            );
        }
        if self.failed > 0 {
            println!("  neither answered nor refused: {}", self.failed);
        }
        Ok(())
    }
}

/// Offers `rate` a second for some seconds.
async fn offer(
    address: &str,
    mix: &Arc<Mix>,
    connections: usize,
    rate: u64,
    seconds: u64,
) -> Result<Outcome, Failure> {
    let next = Arc::new(AtomicU64::new(0));
    let begun = Instant::now() + Duration::from_millis(100);
    let mut clients = JoinSet::new();
    for _ in 0..connections {
        clients.spawn(client(address.to_owned(), Arc::clone(mix), Arc::clone(&next), begun, rate, seconds));
    }
    let mut all = Outcome::new(rate, seconds)?;
    while let Some(client) = clients.join_next().await {
        all.merge(&client.map_err(|error| Failure::new(error.to_string()))??);
    }
    Ok(all)
}

/// One connection: takes the next arrival, waits until it is due, asks.
async fn client(
    address: String,
    mix: Arc<Mix>,
    next: Arc<AtomicU64>,
    begun: Instant,
    rate: u64,
    seconds: u64,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::new(rate, seconds)?;
    let mut connection = Connection::open(&address).await?;
    let end = begun + Duration::from_secs(seconds);
    loop {
        let arrival = next.fetch_add(1, Relaxed);
        if arrival >= rate * seconds {
            return Ok(outcome);
        }
        let due = begun + Duration::from_nanos(arrival * 1_000_000_000 / rate);
        tokio::time::sleep_until(due.into()).await;
        // Who was not even asked by the end of it is counted as waiting, not served later.
        if Instant::now() >= end {
            outcome.failed += 1;
            continue;
        }
        let index = usize::try_from(arrival).unwrap_or(0) % mix.0.len();
        let (who, request) = &mix.0[index];
        let sent = Instant::now();
        match connection.status(request).await {
            Ok(503) => outcome.refused[*who as usize].note(sent.elapsed()),
            Ok(200..=499) => outcome.answered[*who as usize].note(due.elapsed()),
            Ok(_) | Err(_) => {
                outcome.failed += 1;
                connection = Connection::open(&address).await?;
            }
        }
    }
}

/// Whether a rate is held at one of three tries: a machine has other things to do now and then.
async fn is_held(address: &str, mix: &Arc<Mix>, connections: usize, rate: u64) -> Result<bool, Failure> {
    for _ in 0..3 {
        if offer(address, mix, connections, rate, 3).await?.is_held()? {
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(false)
}

/// The highest rate that is held, by halving what is between one that is and one that is not.
async fn highest(address: &str, mix: &Arc<Mix>, connections: usize) -> Result<u64, Failure> {
    // What is remembered is remembered by then, and what is opened is open.
    offer(address, mix, connections, 500, 2).await?;
    let (mut held, mut not) = (0, 1_000);
    while is_held(address, mix, connections, not).await? {
        (held, not) = (not, not * 2);
    }
    for _ in 0..4 {
        let between = u64::midpoint(held, not);
        let well = is_held(address, mix, connections, between).await?;
        *(if well { &mut held } else { &mut not }) = between;
    }
    if held == 0 { Err(Failure::new("not even a few requests a second are held")) } else { Ok(held) }
}

/// Measures.
pub(crate) async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("perennial-overload-{}", std::process::id()));
    let measured = on(&Place::Folder(folder.clone()), arguments).await;
    std::fs::remove_dir_all(folder)?;
    measured
}

/// Half of the processors for the server and, from now on, the others for us; `None` where that cannot be.
fn set_apart() -> Result<Option<String>, Failure> {
    let all = std::thread::available_parallelism()?.get();
    if all < 2 || environment::program("taskset").is_none() {
        return Ok(None);
    }
    let list = |from: usize, to: usize| format!("{from}-{}", to - 1);
    let (own, theirs) = (list(all / 2, all), list(0, all / 2));
    let process = std::process::id().to_string();
    let set = Command::new("taskset").args(["-a", "-c", "-p", &own, &process]).output()?;
    Ok(set.status.success().then_some(theirs))
}

async fn on(place: &Place, arguments: &Arguments) -> Result<(), Failure> {
    let processors = if arguments.together { None } else { set_apart()? };
    match &processors {
        Some(processors) => say!("the server has the processors {processors} to itself"),
        None => say!("client and server share the processors"),
    }
    let instance = Instance::without_limits(place, processors.as_deref())?;
    let address = instance.address.clone();
    let mut person = Person::register(&address, "storm@example.org").await?;
    let mix = Arc::new(Mix::prepare(&mut person).await?);
    let connections = arguments.connections;
    say!("looking for the highest rate that is held");
    let peak = highest(&address, &mix, connections).await?;
    let full = offer(&address, &mix, connections, peak, 5).await?;
    full.print("the highest rate held")?;
    let before = offer(&address, &mix, connections, peak * 8 / 10, 10).await?;
    before.print("at 80 %")?;
    let memory = instance.resident_kilobytes()?;
    let storm = offer(&address, &mix, connections, peak * arguments.times, arguments.storm).await?;
    storm.print("the storm")?;
    let highest = instance.peak_kilobytes()?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = offer(&address, &mix, connections, peak * 8 / 10, 10).await?;
    after.print("at 80 %, from two seconds after it")?;
    let refused = Outcome::all(&storm.refused)?;
    println!("goodput in the storm: {:.2} of the highest rate held", storm.goodput() / full.goodput());
    println!(
        "interactive p99: {} µs at 80 %, {} µs in the storm ({:.1} ×), {} µs after it",
        before.interactive_p99(),
        storm.interactive_p99(),
        storm.interactive_p99() as f64 / before.interactive_p99() as f64,
        after.interactive_p99(),
    );
    println!(
        "refusals: p50 {} µs, p99 {} µs, as the client sees them",
        refused.latencies.value_at_quantile(0.5),
        refused.latencies.value_at_quantile(0.99)
    );
    println!(
        "memory: {} MB before, {} MB at most, {} MB after",
        memory / 1024,
        highest / 1024,
        instance.resident_kilobytes()? / 1024
    );
    Ok(())
}
