//! `cargo xtask bench help`: how long a step of guided help takes where nothing is looked at, and what sessions cost that
//! are open.
//!
//! A few people at once answer a question and go back again, each of which is a step that is written down. Before that
//! thousands of sessions are opened and left, and the memory of the program is looked at before and after. Both have
//! bounds, and where one is not kept the command fails.
#![expect(clippy::print_stdout, clippy::float_arithmetic, reason = "it prints times and sizes")]

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::task::JoinSet;

use super::{
    instance::{Instance, Place},
    load::{Measured, Person},
};
use crate::{failure::Failure, postgres, say};

/// The topic that looks at nothing.
const BEGIN: &str = r#"{"tree": "cannot_add"}"#;
/// One of the options of its first question.
const ANSWER: &str = r#"{"option": "form"}"#;
/// In microseconds: the slowest that one step in a hundred may be.
const SLOWEST: u64 = 10_000;
/// In kilobytes: what all open sessions together may cost.
const MOST: u64 = 50 * 1024;

/// What the command line says.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many sessions are open
    #[arg(long, default_value_t = 5_000)]
    sessions: usize,
    /// How many steps each person takes
    #[arg(long, default_value_t = 1_000)]
    steps: usize,
    /// How many people take them at the same time
    #[arg(long, default_value_t = 4)]
    people: usize,
    /// Only on this engine: sqlite or postgres
    #[arg(long)]
    only: Option<String>,
}

/// What came of it.
struct Helped {
    steps: Measured,
    /// In kilobytes, before and after the sessions were opened.
    memory: (u64, u64),
}

/// Measures. Bounds are those of what is built to be fast: a rough run tells what was measured, and holds it to none.
pub(crate) async fn run(arguments: &Arguments, rough: bool) -> Result<(), Failure> {
    let wants = |engine: &str| arguments.only.as_deref().is_none_or(|only| only == engine);
    let mut missed = Vec::new();
    if wants("sqlite") {
        let folder = std::env::temp_dir().join(format!("perennial-help-{}", std::process::id()));
        let helped = on(&Place::Folder(folder.clone()), arguments).await;
        std::fs::remove_dir_all(folder)?;
        missed.extend(print("SQLite", arguments, &helped?));
    }
    if wants("postgres") {
        match postgres::find().await? {
            Some(server) => {
                let helped = on(&Place::Url(server.url().to_owned()), arguments).await;
                server.clean_up().await;
                missed.extend(print("PostgreSQL", arguments, &helped?));
            }
            None => say!("no PostgreSQL: its part is left out"),
        }
    }
    if rough || missed.is_empty() { Ok(()) } else { Err(Failure::new(missed.join("; "))) }
}

async fn on(place: &Place, arguments: &Arguments) -> Result<Helped, Failure> {
    let instance = Instance::without_limits(place, None)?;
    let mut people = Vec::new();
    for number in 0..arguments.people.max(1) {
        people.push(Person::register(&instance.address, &format!("helped{number}@example.org")).await?);
    }
    // What a first session brings into memory is no session's own.
    for person in &mut people {
        begin(person).await?;
    }
    let before = settled(&instance).await?;
    let Some(first) = people.first_mut() else { return Err(Failure::new("nobody is there")) };
    first.come_back().await?;
    for _ in 0..arguments.sessions {
        begin(first).await?;
    }
    let memory = (before, settled(&instance).await?);
    let mut walks = JoinSet::new();
    for person in people {
        walks.spawn(walk(person, arguments.steps));
    }
    let mut steps = Measured::new()?;
    while let Some(walked) = walks.join_next().await {
        steps.merge(&walked.map_err(|error| Failure::new(error.to_string()))??);
    }
    Ok(Helped { steps, memory })
}

/// The memory of a program that has nothing to do.
async fn settled(instance: &Instance) -> Result<u64, Failure> {
    tokio::time::sleep(Duration::from_secs(3)).await;
    instance.resident_kilobytes()
}

/// Begins, and gives where the session is.
async fn begin(person: &mut Person) -> Result<String, Failure> {
    let step = person.ask("POST", "/v1/help/sessions", BEGIN).await?;
    let step: Value = serde_json::from_slice(step).map_err(|error| Failure::new(error.to_string()))?;
    let id = step["session_id"].as_str().ok_or_else(|| Failure::new("help did not begin"))?;
    Ok(format!("/v1/help/sessions/{id}"))
}

/// Answers and goes back, again and again.
async fn walk(mut person: Person, steps: usize) -> Result<Measured, Failure> {
    person.come_back().await?;
    let session = begin(&mut person).await?;
    let mut measured = Measured::new()?;
    let (answers, back) = (format!("{session}/answers"), format!("{session}/back"));
    let begun = Instant::now();
    for number in 0..steps {
        let (path, body) = if number % 2 == 0 { (&answers, ANSWER) } else { (&back, "") };
        let asked = Instant::now();
        person.ask("POST", path, body).await?;
        measured.note(asked.elapsed());
    }
    measured.elapsed = begun.elapsed();
    Ok(measured)
}

/// Prints what was measured, and gives the bounds that were not kept.
fn print(engine: &str, arguments: &Arguments, helped: &Helped) -> Vec<String> {
    let at = |quantile| helped.steps.latencies.value_at_quantile(quantile);
    let milliseconds = |micros: u64| {
        #[expect(clippy::cast_precision_loss, reason = "a minute at most")]
        let micros = micros as f64;
        micros / 1_000.0
    };
    let (before, after) = helped.memory;
    let grown = after.saturating_sub(before);
    let sessions = arguments.sessions;
    println!(
        "{engine}: a step takes {:.2} ms (p50), {:.2} ms (p99) with {} people at once; bound {:.0} ms",
        milliseconds(at(0.5)),
        milliseconds(at(0.99)),
        arguments.people,
        milliseconds(SLOWEST)
    );
    println!("{engine}: {sessions} open sessions cost {grown} kB ({before} to {after}); bound {MOST} kB");
    let mut missed = Vec::new();
    if at(0.99) > SLOWEST {
        missed.push(format!("{engine}: a step takes {:.2} ms (p99)", milliseconds(at(0.99))));
    }
    if grown > MOST {
        missed.push(format!("{engine}: {sessions} open sessions cost {grown} kB"));
    }
    missed
}
