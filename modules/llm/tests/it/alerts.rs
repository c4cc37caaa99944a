//! Messages of banks, cards and wallets, scored by what is read out of them. The shares may not fall.

use std::collections::BTreeMap;

use llm::domain::{Alert, Confidence, Context, Direction, EventKind, Outcome, Reading, read, read_alert};

/// A message with what it says; `None` for what it does not.
struct Row<'f> {
    text: String,
    context: Context,
    direction: &'f str,
    amount: Option<&'f str>,
    payee: Option<&'f str>,
    on: Option<&'f str>,
}

fn rows(file: &str) -> impl Iterator<Item = Row<'_>> {
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
        let mut parts = line.splitn(7, '|');
        let mut next = || parts.next().unwrap_or_else(|| panic!("seven parts: {line}"));
        let context = Context {
            locale: next().parse().unwrap(),
            currency: next().parse().unwrap(),
            today: jiff::civil::date(2026, 5, 5),
        };
        let said = |text: &'_ str| text != "-";
        let (direction, amount, payee, on) = (next(), next(), next(), next());
        Row {
            context,
            direction,
            amount: Some(amount).filter(|text| said(text)),
            payee: Some(payee).filter(|text| said(text)),
            on: Some(on).filter(|text| said(text)),
            text: next().replace("\\n", "\n"),
        }
    })
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Debit => "debit",
        Direction::Credit => "credit",
        Direction::Refund => "refund",
        Direction::Failed => "failed",
        Direction::Upcoming => "upcoming",
        Direction::MandateMade => "mandate_made",
        Direction::MandateRevoked => "mandate_revoked",
    }
}

/// Right answers and questions, by field.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, (usize, usize)>);

impl Tally {
    fn count(&mut self, field: &'static str, right: bool) -> bool {
        let (rights, total) = self.0.entry(field).or_default();
        *rights += usize::from(right);
        *total += 1;
        right
    }

    fn per_mille(&self, field: &str) -> usize {
        self.0.get(field).map_or(0, |(right, total)| right * 1000 / total)
    }
}

/// Names without regard to casing, and a company with or without what stands behind its name.
fn same_payee(gold: Option<&str>, read: Option<&str>) -> bool {
    match (gold, read) {
        (None, None) => true,
        (Some(gold), Some(read)) => {
            let (gold, read) = (gold.to_lowercase(), read.to_lowercase());
            read == gold || read.starts_with(&format!("{gold} "))
        }
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn score(file: &str, shows: bool) -> Tally {
    let mut tally = Tally::default();
    for row in rows(file) {
        let found = read_alert(&row.text, &row.context);
        let read = |of: fn(&Alert) -> Option<String>| found.as_ref().and_then(of);
        let amount = read(|alert| alert.amount.map(|money| money.to_string()));
        let payee = read(|alert| alert.payee.clone());
        let on = read(|alert| alert.on.map(|day| day.to_string()));
        let direction = found.as_ref().map(|alert| word(alert.direction));
        let mut all = tally.count("direction", direction == Some(row.direction));
        all &= tally.count("amount", amount.as_deref() == row.amount);
        all &= tally.count("payee", same_payee(row.payee, payee.as_deref()));
        all &= tally.count("day", on.as_deref() == row.on);
        tally.count("all", all);
        if shows && !all {
            println!("{}\n    {direction:?} {amount:?} {payee:?} {on:?}", row.text);
        }
    }
    println!("{:?}", tally.0);
    tally
}

/// How sure the reader was of each event it made of a file's messages, and whether all of it was right.
pub(crate) fn judged(file: &str) -> Vec<(Confidence, bool)> {
    let mut judged = Vec::new();
    for row in rows(file) {
        let Outcome::Readings(readings) = read(&row.text, &row.context) else { continue };
        let alone = readings.len() == 1;
        judged.extend(readings.iter().map(|reading| (reading.confidence, alone && is_right(&row, reading))));
    }
    judged
}

fn is_right(row: &Row<'_>, reading: &Reading) -> bool {
    let event = match row.direction {
        "debit" => Some(EventKind::PaymentRecorded),
        "refund" => Some(EventKind::PaymentRefunded),
        "failed" => Some(EventKind::PaymentFailed),
        "upcoming" | "mandate_made" => Some(EventKind::SubscriptionCreated),
        "mandate_revoked" => Some(EventKind::SubscriptionCancelled),
        // Money that came in is nobody's subscription.
        _ => None,
    };
    let price = reading.price.map(|money| money.to_string());
    let on = reading.effective_on.or(reading.next_charge_on).map(|day| day.to_string());
    event == Some(reading.event)
        && price.as_deref() == row.amount
        && on.as_deref() == row.on
        && same_payee(row.payee, reading.name.as_deref())
}

fn hold(tally: &Tally, floors: [(&str, usize); 5]) {
    for (field, floor) in floors {
        assert!(
            tally.per_mille(field) >= floor,
            "{field}: {} of 1000, {floor} before",
            tally.per_mille(field)
        );
    }
}

#[test]
fn messages_that_were_worked_on() {
    let tally = score(include_str!("../corpus/alerts_tune.txt"), true);
    hold(&tally, [("direction", 1000), ("amount", 1000), ("payee", 997), ("day", 1000), ("all", 997)]);
}

#[test]
fn second_messages_that_were_worked_on() {
    let tally = score(include_str!("../corpus/alerts_tune_second.txt"), true);
    hold(&tally, [("direction", 996), ("amount", 992), ("payee", 992), ("day", 996), ("all", 988)]);
}

#[test]
fn messages_that_were_only_counted() {
    let tally = score(include_str!("../corpus/alerts_held_out.txt"), false);
    hold(&tally, [("direction", 975), ("amount", 975), ("payee", 950), ("day", 975), ("all", 950)]);
}

#[test]
fn second_messages_that_were_only_counted() {
    let tally = score(include_str!("../corpus/alerts_held_out_second.txt"), false);
    hold(&tally, [("direction", 965), ("amount", 965), ("payee", 931), ("day", 982), ("all", 931)]);
}

#[test]
fn third_messages_that_were_only_counted() {
    let tally = score(include_str!("../corpus/alerts_held_out_third.txt"), false);
    hold(&tally, [("direction", 975), ("amount", 1000), ("payee", 975), ("day", 1000), ("all", 950)]);
}
