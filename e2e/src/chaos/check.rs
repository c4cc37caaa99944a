//! What became of it: what was promised and what was found.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    ops::RangeInclusive,
    time::{Duration, Instant},
};

use super::{
    Plan,
    people::{Found, People, channels},
};
use crate::provider::Told;

/// How long before a kill something can have been taken outside whose record the kill prevented: far longer than the
/// record takes.
const UNRECORDED: Duration = Duration::from_secs(5);
/// How long after a kill somebody outside may read what had been sent to them before it.
const READ: Duration = Duration::from_secs(1);
/// The most of what was sent outside that may have come twice, in thousandths.
const MOST_TWICE: usize = 5;
/// How much has to be sent outside for that share to mean something.
const ENOUGH: usize = 5_000;

/// How it went.
pub(super) struct Course {
    pub(super) killed_for: Duration,
    pub(super) elapsed: Duration,
    /// What was taken outside while it was being killed.
    pub(super) meanwhile: usize,
}

/// What became of it.
#[derive(Debug)]
pub struct Report {
    seed: u64,
    reminders: usize,
    kills: usize,
    killed_for: Duration,
    elapsed: Duration,
    meanwhile: usize,
    notifications: usize,
    deliveries: BTreeMap<String, usize>,
    outside: usize,
    tries: usize,
    twice: usize,
    unanswered: usize,
    broken: Vec<String>,
}

impl Report {
    /// The promises that were broken; empty when all were kept.
    pub fn broken(&self) -> &[String] {
        &self.broken
    }

    /// How many notifications there are.
    pub fn notifications(&self) -> usize {
        self.notifications
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: Duration| time.as_secs();
        writeln!(f, "seed               {}", self.seed)?;
        writeln!(f, "killed             {} times in {} s", self.kills, seconds(self.killed_for))?;
        writeln!(f, "finished           after {} s", seconds(self.elapsed))?;
        writeln!(f, "reminders due      {}", self.reminders)?;
        writeln!(f, "notifications      {}", self.notifications)?;
        for (state, count) in &self.deliveries {
            writeln!(f, "deliveries {state:<8}{count}")?;
        }
        writeln!(f, "taken outside      {} of {} messages sent", self.outside, self.tries)?;
        writeln!(f, "taken meanwhile    {} while it was being killed", self.meanwhile)?;
        let (twice, unanswered) = (self.twice, self.unanswered);
        writeln!(
            f,
            "taken twice        {twice}, each around a kill: of {unanswered} yes was said after it, to nobody"
        )?;
        for broken in &self.broken {
            writeln!(f, "BROKEN             {broken}")?;
        }
        Ok(())
    }
}

/// Holds what was found against what was promised.
pub(super) fn check(
    plan: &Plan,
    people: &People,
    found: &[Found],
    told: &[(&'static str, Vec<Told>)],
    kills: &[RangeInclusive<Instant>],
    faults: &[String],
    course: &Course,
) -> Report {
    let mut report = Report {
        seed: plan.seed,
        reminders: plan.due,
        kills: kills.len(),
        killed_for: course.killed_for,
        elapsed: course.elapsed,
        meanwhile: course.meanwhile,
        notifications: 0,
        deliveries: BTreeMap::new(),
        outside: 0,
        tries: told.iter().map(|(_, all)| all.len()).sum(),
        twice: 0,
        unanswered: 0,
        broken: faults.iter().map(|fault| format!("a fault was logged: {fault}")).collect(),
    };
    let outside = accepted(told);
    for (person, (services, found)) in people.services().iter().zip(found).enumerate() {
        report.told_once(person, services, found);
        report.sent(person, services, found, &outside);
    }
    report.doubled(&outside, kills);
    let most = report.outside * MOST_TWICE / 1000;
    if report.outside >= ENOUGH && report.twice > most {
        report.broken.push(format!("{} came twice, which is more than {most}", report.twice));
    }
    if report.outside >= ENOUGH && report.meanwhile < report.outside / 2 {
        let meanwhile = report.meanwhile;
        report
            .broken
            .push(format!("only {meanwhile} were taken while it was killed: let it live longer, by --life"));
    }
    report
}

/// What was taken: by kind of channel, person and service, when it had come and when yes was said.
type Accepted = HashMap<(&'static str, usize, String), Vec<(Instant, Instant)>>;

fn accepted(told: &[(&'static str, Vec<Told>)]) -> Accepted {
    let mut accepted = Accepted::new();
    for (kind, told) in told.iter().flat_map(|(kind, all)| all.iter().map(move |told| (*kind, told))) {
        let Some((200, at)) = told.said else { continue };
        let body = told.sent.json();
        let title = body["title"].as_str().or(body["data"]["title"].as_str()).unwrap();
        let person = told.sent.path.split('/').find_map(|part| part.parse().ok()).unwrap_or_else(|| {
            // ntfy is sent everything under one path.
            panic!("whose is {}?", told.sent.path)
        });
        accepted.entry((kind, person, service(title))).or_default().push((told.sent.came, at));
    }
    accepted
}

/// What a title is about: `Service 00017`.
fn service(title: &str) -> String {
    title.split(" renews").next().unwrap_or_default().to_owned()
}

fn counted<T, K: std::hash::Hash + Eq>(all: &[T], key: impl Fn(&T) -> K) -> HashMap<K, usize> {
    let mut counts = HashMap::new();
    all.iter().for_each(|one| *counts.entry(key(one)).or_default() += 1);
    counts
}

impl Report {
    /// Each reminder is one notification, and that is once in the inbox.
    fn told_once(&mut self, person: usize, services: &[String], found: &Found) {
        self.notifications += found.notifications.len();
        let told = counted(&found.notifications, |one| service(&one.title));
        for service in services {
            match told.get(service).copied().unwrap_or(0) {
                1 => {}
                0 => self.broken.push(format!("person {person} was never told of {service}")),
                times => self.broken.push(format!("person {person} was told {times} times of {service}")),
            }
        }
        if let Some(other) = told.keys().find(|title| !services.contains(title)) {
            self.broken.push(format!("person {person} was told of {other}, which nobody asked for"));
        }
    }

    /// Each notification has a delivery by each way, which is done with; and what is said to be sent was taken.
    fn sent(&mut self, person: usize, services: &[String], found: &Found, outside: &Accepted) {
        let ways = counted(&found.deliveries, |one| (one.notification_id.clone(), one.channel_kind.clone()));
        for one in &found.deliveries {
            *self.deliveries.entry(one.state.clone()).or_default() += 1;
            if one.state != "sent" {
                self.broken
                    .push(format!("a delivery of person {person} is {}: {}", one.state, one.channel_kind));
            }
        }
        let kinds = channels(person);
        for notification in &found.notifications {
            for kind in ["inbox"].into_iter().chain(kinds) {
                let times = ways.get(&(notification.id.clone(), kind.to_owned())).copied().unwrap_or(0);
                if times != 1 {
                    self.broken.push(format!("{} has {times} deliveries by {kind}", notification.title));
                }
            }
        }
        for (service, kind) in services.iter().flat_map(|service| kinds.map(|kind| (service, kind))) {
            if !outside.contains_key(&(kind, person, service.clone())) {
                self.broken.push(format!("{service} never came to person {person} by {kind}"));
            }
        }
    }

    /// What came more than once had been taken shortly before a kill, or yes was only said after it: then nobody but the
    /// provider could have known.
    fn doubled(&mut self, outside: &Accepted, kills: &[RangeInclusive<Instant>]) {
        self.outside = outside.len();
        for ((kind, person, service), times) in outside {
            let mut times = times.clone();
            times.sort_unstable_by_key(|(_, said)| *said);
            for (came, said) in &times[..times.len() - 1] {
                self.twice += 1;
                let may_be_why = |kill: &&RangeInclusive<Instant>| {
                    *came <= *kill.end() + READ && *kill.start() <= *said + UNRECORDED
                };
                match kills.iter().find(may_be_why) {
                    Some(kill) if kill.start() < said => self.unanswered += 1,
                    Some(_) => {}
                    None => {
                        let again = format!("{service} came twice to person {person} by {kind}");
                        let took = said.duration_since(*came).as_millis();
                        self.broken.push(format!(
                            "{again}, answered in {took} ms, and nothing was killed in between"
                        ));
                    }
                }
            }
        }
    }
}
