//! The calendar read back by somebody else's library.
#![expect(
    clippy::disallowed_methods,
    reason = "a test that is left out says so where the runner shows it, and CI allows none"
)]

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
};

use contracts::users::Household;
use jiff::civil::{Date, date};
use kernel::{Currency, Cycle, Unit};

use super::feed::calendar;
use crate::{
    domain::{
        MonthEnd, Payment, Proposal, Schedule, Subscription,
        feed::{Feed, Happening, entries, window},
        testing::{birth, cycle, id, netflix},
    },
    service::Timetable,
};

const TODAY: Date = date(2026, 5, 5);
const READER: &str = include_str!("../../tests/read_calendar.py");
/// What reads it, of the versions it was last seen with.
const LIBRARIES: [&str; 2] = ["icalendar>=6,<8", "recurring-ical-events>=3.3,<4"];

/// A Python that has the libraries, made once in the build folder; `None` where that cannot be.
fn python() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/calendar-reader"));
    let python = folder.join("bin/python");
    let run = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let ready = || run(Command::new(&python).args(["-c", "import icalendar, recurring_ical_events"]));
    let made = ready()
        || (run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
            && run(Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .args(LIBRARIES))
            && ready());
    if !made {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "no Python 3 with venv, or no package index: the calendar cannot be read back"
        );
        eprintln!("left out: no Python 3 with venv, or no package index, to read the calendar back by");
    }
    made.then_some(python)
}

/// On which days which events are, as the libraries read them.
fn read_back(python: PathBuf, text: &str, first: Date, end: Date) -> Vec<(Date, String, String)> {
    let mut reader = Command::new(python)
        .args(["-c", READER, &first.to_string(), &end.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    reader.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "the calendar could not be read");
    let lines = String::from_utf8(output.stdout).unwrap();
    let read = |line: &str| {
        let mut parts = line.splitn(3, '\t').map(ToOwned::to_owned);
        Some((parts.next()?.parse().unwrap(), parts.next()?, parts.next()?))
    };
    lines.lines().map(|line| read(line).unwrap()).collect()
}

fn anchors() -> Vec<(Date, Cycle, MonthEnd)> {
    let monthly = Cycle::MONTHLY;
    let day = MonthEnd::AnchorDay;
    vec![
        (date(2026, 1, 28), monthly, day),
        (date(2026, 1, 29), monthly, day),
        (date(2026, 1, 30), monthly, day),
        (date(2026, 1, 31), monthly, day),
        (date(2024, 2, 29), Cycle::YEARLY, day),
        (date(2025, 11, 30), cycle(3, Unit::Month), day),
        (date(2026, 5, 5), cycle(1, Unit::Week), day),
        (date(2026, 5, 7), cycle(2, Unit::Week), day),
        (date(2026, 5, 5), cycle(45, Unit::Day), day),
        (date(2026, 4, 30), monthly, MonthEnd::LastDay),
        (date(2020, 12, 31), Cycle::YEARLY, day),
    ]
}

fn timetable(subscriptions: Vec<Subscription>, payments: &[Payment]) -> Timetable {
    let household = Household {
        time_zone: "Asia/Kolkata".parse().unwrap(),
        currency: Currency::INR,
        locale: "en-IN".parse().unwrap(),
        reminders: contracts::users::Reminders::default(),
    };
    let feed = Feed {
        id: id(1),
        household: id(1),
        created_by: id(1),
        name: crate::domain::Name::stored("Ours; all, of it".into()),
        category: None,
        member: None,
        created_at: birth(1, TODAY).now,
    };
    let entries = entries(&subscriptions, payments, TODAY);
    Timetable { feed, household: Arc::new(household), today: TODAY, subscriptions, entries }
}

#[test]
fn an_independent_library_reads_the_dates_of_the_domain_for_ten_years() {
    let Some(python) = python() else { return };
    let (first, last) = window(TODAY);
    let (mut subscriptions, mut payments, mut expected) = (Vec::new(), Vec::new(), BTreeMap::new());
    for ((anchor, every, month_end), number) in anchors().into_iter().zip(1..) {
        let name = format!("Nº {number}, \"नेटफ्लिक्स\"; {}", "long ".repeat(15));
        let proposal =
            Proposal { name, first_charge_on: Some(anchor), cycle: Some(every), month_end, ..netflix() };
        let draft = proposal.check(TODAY).unwrap();
        let (subscription, advance) = Subscription::create(draft, birth(number, TODAY), 10_000);
        let paid = advance.charges.iter().zip(1..);
        payments.extend(paid.map(|(charge, each)| charge.payment(id(1_000 * number + each), &subscription)));
        let dates = Schedule::new(anchor, Some(every), month_end).dates_from(anchor);
        let dates: Vec<Date> = dates.skip_while(|on| *on < first).take_while(|on| *on <= last).collect();
        expected.insert(subscription.id.to_string(), dates);
        subscriptions.push(subscription);
    }
    let told = timetable(subscriptions, &payments);
    assert!(told.entries.iter().all(|entry| matches!(entry.what, Happening::Charge | Happening::Paid)));
    let text = calendar(&told).to_string();
    let mut read: BTreeMap<String, Vec<Date>> = BTreeMap::new();
    for (on, uid, summary) in read_back(python, &text, first, last.tomorrow().unwrap()) {
        assert!(summary.contains("\"नेटफ्लिक्स\"; long ") && summary.contains("₹499.00"), "{summary}");
        read.entry(uid.split('-').next().unwrap().to_owned()).or_default().push(on);
    }
    read.values_mut().for_each(|dates| dates.sort_unstable());
    assert_eq!(read, expected);
    assert!(read.values().map(Vec::len).sum::<usize>() > 1_500);
}
