use std::time::Duration;

use platform::{dependencies::Standing, events::DeadLetters, jobs::JobHealth};

use super::{DatabaseBody, DependencyBody, JobBody, RequestsBody, ServerBody, Source, Status};

/// How long a database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);
/// Dependencies that are shown.
const SHOWN: usize = 100;

impl Source {
    pub(super) async fn read(&self) -> Status {
        let health = &self.health;
        let mut databases = Vec::new();
        for (module, database) in &health.databases {
            let letters = DeadLetters::new(database.clone());
            let counted = tokio::time::timeout(PATIENCE, letters.count()).await.ok().and_then(Result::ok);
            databases.push(DatabaseBody {
                module,
                ok: counted.is_some(),
                dead_letters: counted.map(|(count, _)| count),
                oldest_dead_letter_at: counted.and_then(|(_, oldest)| oldest),
            });
        }
        let jobs: Vec<_> = health.jobs.iter().map(|job| JobBody::of(job)).collect();
        let redis = health.redis.as_ref().map(|redis| {
            ServerBody::of(redis.is_there(), "Processes count together.", "Each process counts for itself.")
        });
        let nats = health.nats.as_ref().map(|nats| {
            ServerBody::of(!nats.is_away(), "Events go by it.", "Events wait where they were written down.")
        });
        let (in_flight, limit) = self.door.load.now();
        Status {
            version: env!("CARGO_PKG_VERSION"),
            ready: databases.iter().all(|each| each.ok) && jobs.iter().all(|job| !job.late),
            requests: RequestsBody { in_flight, limit },
            databases,
            redis,
            nats,
            jobs,
            dependencies: health.dependencies.standing(SHOWN).into_iter().map(DependencyBody::from).collect(),
        }
    }
}

impl JobBody {
    fn of(job: &JobHealth) -> Self {
        Self { name: job.name().to_owned(), seconds_since_done: job.age().as_secs(), late: job.is_late() }
    }
}

impl ServerBody {
    const fn of(ok: bool, well: &'static str, away: &'static str) -> Self {
        Self { ok, detail: if ok { well } else { away } }
    }
}

impl From<Standing> for DependencyBody {
    fn from(standing: Standing) -> Self {
        Self {
            name: standing.name,
            in_flight: standing.in_flight,
            at_once: standing.at_once,
            resting_seconds: standing.resting.map(|rest| rest.as_secs()),
            failures: standing.failures,
            answered: standing.answered,
            failed: standing.failed,
            answered_at: standing.answered_at,
            failed_at: standing.failed_at.map(|(at, _)| at),
            last_failure: standing.failed_at.map(|(_, said)| said),
        }
    }
}
