//! Whether the reader is as sure as it ought to be, over all that it is scored on.

use llm::domain::Confidence;

use super::{alerts, corpus};

/// The least share, in thousandths, of readings above nine tenths that are right in every field.
const RIGHT: usize = 980;

fn worked_on() -> Vec<(Confidence, bool)> {
    let mut judged = corpus::judged(include_str!("../corpus/tune.jsonl"));
    judged.extend(corpus::judged(include_str!("../corpus/mail_tune.jsonl")));
    judged.extend(alerts::judged(include_str!("../corpus/alerts_tune.txt")));
    judged.extend(corpus::judged(include_str!("../corpus/tune_second.jsonl")));
    judged.extend(alerts::judged(include_str!("../corpus/alerts_tune_second.txt")));
    judged
}

fn held_out() -> Vec<(Confidence, bool)> {
    let mut judged = corpus::judged(include_str!("../corpus/held_out.jsonl"));
    judged.extend(corpus::judged(include_str!("../corpus/held_out_second.jsonl")));
    judged.extend(corpus::judged(include_str!("../corpus/held_out_third.jsonl")));
    judged.extend(corpus::judged(include_str!("../corpus/mail_held_out.jsonl")));
    judged.extend(alerts::judged(include_str!("../corpus/alerts_held_out.txt")));
    judged.extend(alerts::judged(include_str!("../corpus/alerts_held_out_second.txt")));
    judged.extend(alerts::judged(include_str!("../corpus/alerts_held_out_third.txt")));
    judged
}

/// The readings of a range of confidence, and how many of them are right.
fn between(judged: &[(Confidence, bool)], from: u16, to: u16) -> (usize, usize) {
    let within = |sure: Confidence| sure.per_mille() > from && sure.per_mille() <= to;
    let mut all = judged.iter().filter(|(sure, _)| within(*sure));
    all.by_ref().fold((0, 0), |(count, right), (_, is_right)| (count + 1, right + usize::from(*is_right)))
}

fn check(name: &str, judged: &[(Confidence, bool)]) {
    for (from, to) in [(0, 599), (599, 700), (700, 800), (800, 900), (900, 950), (950, 1000)] {
        let (count, right) = between(judged, from, to);
        println!("{name}: of {count:>3} between {from:>3} and {to:>4}, {right:>3} right");
    }
    let (count, right) = between(judged, 900, 1000);
    assert!(count > 100, "{name}: only {count} readings are above nine tenths");
    assert!(right * 1000 >= count * RIGHT, "{name}: {right} of {count} above nine tenths are right");
}

#[test]
fn what_is_above_nine_tenths_is_right() {
    check("worked on", &worked_on());
}

#[test]
fn what_is_above_nine_tenths_is_right_where_it_was_only_counted() {
    check("held out", &held_out());
}

#[test]
fn what_is_below_six_tenths_is_asked_and_nothing_else() {
    for (sure, _) in worked_on().into_iter().chain(held_out()) {
        assert_eq!(sure.asks(), sure.per_mille() < 600, "{sure:?}");
    }
}
