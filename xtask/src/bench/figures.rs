//! `cargo xtask bench figures`: whether the dashboard and the statistics of a household that tracks much take longer than
//! those of one that tracks little.
//!
//! The program itself enters ten years of payments: each subscription is added with its first charge that long ago. Every
//! address is asked for *cold*, in the very moment of a change to the household, when nothing that was remembered holds
//! any more; *kept*, a second and a half after one, when what was looked at before has been computed anew by itself; and
//! *warm*, again without one. What counts is the ratio between the two households, in the same run.
#![expect(clippy::print_stdout, clippy::float_arithmetic, reason = "it prints times and ratios")]

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{
    instance::{Instance, Place},
    load::{self, Person},
};
use crate::{failure::Failure, postgres, say};

/// Today, so that ten years are always the same ten.
const TODAY: &str = "2026-05-20T06:30:00Z";
/// Charges by then of what is paid monthly since May 2016.
const CHARGES: usize = 121;
/// How often it is asked again: the first time the processor still remembers the computing.
const WARM: usize = 4;
/// After which time what was looked at before should have been computed anew.
const KEPT: Duration = Duration::from_millis(1_500);
/// What is asked for: figures of the API, and the pages that show them.
const ASKED: [&str; 10] = [
    "/v1/dashboard",
    "/v1/analytics/spending?by=category&months=12",
    "/v1/analytics/spending?by=month&months=120",
    "/v1/analytics/forecast",
    "/v1/analytics/insights",
    "/v1/calendar?from=2026-05-01&to=2026-05-31",
    "/v1/budgets",
    "/dashboard",
    "/figures",
    "/figures/outlook",
];

/// What the command line says.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many subscriptions the one household has, and the other
    #[arg(long, value_delimiter = ',', default_values_t = [5, 1_000])]
    households: Vec<usize>,
    /// How often each is asked for, cold and warm
    #[arg(long, default_value_t = 15)]
    times: usize,
    /// Only on this engine: sqlite or postgres
    #[arg(long)]
    only: Option<String>,
}

/// The medians of one household, in microseconds, by what was asked for.
struct Measured {
    subscriptions: usize,
    cold: Vec<f64>,
    kept: Vec<f64>,
    warm: Vec<f64>,
}

/// Measures.
pub(crate) async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let wants = |engine: &str| arguments.only.as_deref().is_none_or(|only| only == engine);
    if wants("sqlite") {
        let folder = std::env::temp_dir().join(format!("perennial-figures-{}", std::process::id()));
        let measured = on(&Place::Folder(folder.clone()), arguments).await;
        std::fs::remove_dir_all(folder)?;
        print("SQLite", &measured?);
    }
    if wants("postgres") {
        match postgres::find().await? {
            Some(server) => {
                let measured = on(&Place::Url(server.url().to_owned()), arguments).await;
                server.clean_up().await;
                print("PostgreSQL", &measured?);
            }
            None => say!("no PostgreSQL: its part is left out"),
        }
    }
    Ok(())
}

async fn on(place: &Place, arguments: &Arguments) -> Result<Vec<Measured>, Failure> {
    let instance = Instance::start_at(place, TODAY)?;
    let mut people = Vec::new();
    for subscriptions in &arguments.households {
        let mut person =
            Person::register(&instance.address, &format!("has{subscriptions}@example.org")).await?;
        let mut changed = String::new();
        for number in 0..*subscriptions {
            let added = person.ask("POST", "/v1/subscriptions", &something(number)).await?;
            let added: Value = serde_json::from_slice(added)
                .map_err(|error| Failure::new(format!("what was added is no JSON: {error}")))?;
            changed = format!("/v1/subscriptions/{}", added["id"].as_str().unwrap_or_default());
        }
        person.ask("POST", "/v1/budgets", r#"{"amount": {"amount": "9000.00", "currency": "INR"}}"#).await?;
        people.push((*subscriptions, person, changed));
    }
    let tracked: usize = arguments.households.iter().sum();
    settled(&instance, tracked * CHARGES).await?;
    let mut measured = Vec::new();
    for (subscriptions, mut person, changed) in people {
        person.come_back().await?;
        let mut medians = Measured { subscriptions, cold: vec![], kept: vec![], warm: vec![] };
        for path in ASKED {
            let (mut cold, mut kept, mut warm) = (Vec::new(), Vec::new(), Vec::new());
            for time in 0..arguments.times {
                person.ask("PATCH", &changed, &note(&format!("{path} {time}"))).await?;
                cold.push(timed(&mut person, path).await?);
                for _ in 0..WARM {
                    warm.push(timed(&mut person, path).await?);
                }
            }
            for time in 0..arguments.times.div_ceil(3) {
                person.ask("PATCH", &changed, &note(&format!("{path} kept {time}"))).await?;
                tokio::time::sleep(KEPT).await;
                kept.push(timed(&mut person, path).await?);
            }
            medians.cold.push(median(cold));
            medians.kept.push(median(kept));
            medians.warm.push(median(warm));
        }
        measured.push(medians);
    }
    Ok(measured)
}

/// Something paid monthly for ten years: of any day, category and price, and each with a name of its own.
fn something(number: usize) -> String {
    const CATEGORIES: [&str; 5] = ["entertainment", "music", "utilities", "health", "news"];
    json!({
        "name": format!("Thing {number}"), "category": CATEGORIES[number % CATEGORIES.len()],
        "price": {"amount": format!("{}.00", 99 + number % 900), "currency": "INR"},
        "cycle": {"every": 1, "unit": "month"}, "first_charge_on": format!("2016-05-{:02}", 1 + number % 19),
    })
    .to_string()
}

/// A change of one of them.
fn note(text: &str) -> String {
    json!({"notes": text}).to_string()
}

/// Waits until every payment has been entered.
async fn settled(instance: &Instance, charges: usize) -> Result<(), Failure> {
    const PATIENCE: Duration = Duration::from_secs(600);
    let begun = Instant::now();
    while load::charges(&instance.address).await? < charges {
        if begun.elapsed() > PATIENCE {
            return Err(Failure::new("ten years of payments were not entered in time"));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // What follows from the payments is done as well.
    tokio::time::sleep(Duration::from_secs(3)).await;
    Ok(())
}

async fn timed(person: &mut Person, path: &str) -> Result<f64, Failure> {
    let asked = Instant::now();
    person.ask("GET", path, "").await?;
    Ok(asked.elapsed().as_secs_f64() * 1e6)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn print(engine: &str, measured: &[Measured]) {
    let Some((small, rest)) = measured.split_first() else { return };
    println!(
        "{engine}, medians in microseconds: in the moment of a change, a second and a half after it, and without one"
    );
    for large in rest {
        let title = format!("{} and {} subscriptions", small.subscriptions, large.subscriptions);
        let columns = ["cold", "cold", "ratio", "kept", "kept", "ratio", "warm", "warm", "ratio"];
        print!("{title:<46}");
        columns.iter().for_each(|column| print!(" {column:>8}"));
        println!();
        for (at, path) in ASKED.iter().enumerate() {
            print!("{path:<46}");
            for (few, many) in [
                (small.cold[at], large.cold[at]),
                (small.kept[at], large.kept[at]),
                (small.warm[at], large.warm[at]),
            ] {
                print!(" {few:>8.0} {many:>8.0} {:>8.2}", many / few);
            }
            println!();
        }
    }
}
