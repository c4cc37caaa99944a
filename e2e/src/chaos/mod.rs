//! The chaos run: many reminders fall due while the program is killed again and again, and those who are to be sent
//! them fail, hang and put us off. At the end each reminder has been told once, and each delivery is done with.
//!
//! People have a subscription each of many services, and are reminded of all of them one after the other while the
//! program is being killed. The program's clock leaps with every start, so that what rests comes back in the next life
//! instead of in a quarter of a minute. When it is killed no more, everybody outside is well again, and it has time to
//! finish. What is looked at then is what a user would see, and what the outside was sent.

mod check;
mod lives;
mod outside;
mod people;

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::{Setup, chance::Chance};

pub use check::Report;

use check::Course;
use lives::Lives;
use outside::Outside;
use people::People;

/// On what the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// Two processes on PostgreSQL, with their events over NATS.
    Two,
}

/// How much of it.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// On what.
    pub on: On,
    /// Reminders that fall due.
    pub due: usize,
    /// People who share them.
    pub people: usize,
    /// How often the program is killed.
    pub kills: usize,
    /// How long it lives at most before that.
    pub life: Duration,
    /// Where chance begins.
    pub seed: u64,
}

/// When everything is made.
const BORN: &str = "2026-05-05T06:30:00Z";
/// Nine o'clock in India, three days before everything renews: when the first are reminded.
const DUE: &str = "2026-06-02T03:30:00Z";
/// How far the clock leaps with every start.
const LEAP: SignedDuration = SignedDuration::from_mins(1);
/// When nobody rests any more.
const RESTED: SignedDuration = SignedDuration::from_hours(6);

/// Runs it; `None` where there is no server to run it on.
///
/// # Panics
/// When the program does not start, or does not answer.
pub async fn run(plan: Plan) -> Option<Report> {
    let setup = setup(plan.on).await?;
    let outside = Outside::open(plan.seed).await;
    let people = People::make(&setup, &plan, &outside, (BORN, DUE)).await;
    let mut lives = Lives::new(&setup, plan.on == On::Two);
    let (mut chance, mut clock) = (Chance::of(plan.seed), Clock::at(DUE));
    let began = Instant::now();
    lives.start(0, &clock.leap());
    lives.start(1, &clock.now());
    for _ in 0..plan.kills {
        tokio::time::sleep(chance.time(plan.life)).await;
        let which = usize::try_from(chance.below(2)).unwrap();
        lives.kill(which).await;
        lives.start(which, &clock.leap());
    }
    let (killed_for, meanwhile) = (began.elapsed(), outside.taken());
    outside.be_well();
    lives.kill_all().await;
    clock.wait(RESTED);
    let apps = lives.finish(&clock.now()).await;
    let found = people.found(&apps[0]).await;
    let course = Course { killed_for, elapsed: began.elapsed(), meanwhile };
    let report =
        check::check(&plan, &people, &found, &outside.told(), lives.kills(), lives.faults(), &course);
    for app in apps {
        app.stop().await;
    }
    Some(report)
}

/// An installation that lets one machine ask as often as it likes, and send to itself.
async fn setup(on: On) -> Option<Setup> {
    let setup = match on {
        On::Sqlite => Setup::sqlite(),
        On::Postgres => Setup::postgres().await?,
        On::Two => Setup::postgres().await?.over_nats()?,
    };
    let limits = ["SYSTEM", "ADDRESS", "USER", "KEY", "LOG_IN", "SIGN_UP"];
    let open = |setup: Setup, limit: &str| setup.with(&format!("PERENNIAL_LIMITS_{limit}"), "off");
    Some(
        limits
            .into_iter()
            .fold(setup, open)
            // However busy the machine is, those who make everything are not to be told so.
            .with("PERENNIAL_LOAD_IN_FLIGHT", "0")
            .with("PERENNIAL_NOTIFICATIONS_PRIVATE_ADDRESSES", "true")
            .with("PERENNIAL_NOTIFICATIONS_TIMEOUT", "2s")
            // One for both machines.
            .with("PERENNIAL_NOTIFICATIONS_KEY", "a key that the machines of this installation share"),
    )
}

/// The program's clock: it goes as ours does, and leaps.
struct Clock {
    at: Timestamp,
    since: Instant,
}

impl Clock {
    fn at(instant: &str) -> Self {
        Self { at: instant.parse().unwrap(), since: Instant::now() }
    }

    fn now(&self) -> String {
        (self.at + self.since.elapsed()).to_string()
    }

    fn wait(&mut self, time: SignedDuration) {
        self.at += time;
    }

    fn leap(&mut self) -> String {
        self.wait(LEAP);
        self.now()
    }
}
