//! What the dates of a clause are the dates of.

use jiff::civil::Date;
use kernel::Unit;

use super::{
    super::{
        grammar::{Toward, When, later},
        phrasebook::Cue,
        reading::EventKind,
        token::Tokens,
    },
    facts::{At, Facts},
};

/// The dates of a reading.
#[derive(Debug, Default)]
pub(super) struct Dates {
    pub(super) first_charge: Option<At<Date>>,
    pub(super) next_charge: Option<At<Date>>,
    pub(super) trial_ends: Option<At<Date>>,
    pub(super) effective: Option<At<Date>>,
    /// Where that is said; its length counts from here.
    trial_begins: Option<Date>,
    /// In thousandths.
    pub(super) doubt: u16,
}

/// Days further ahead than this are rarely what "from March" means.
const FAR_AHEAD_DAYS: i32 = 200;

pub(super) fn choose(tokens: &Tokens<'_>, facts: &Facts, event: EventKind, today: Date) -> Dates {
    let mut dates = Dates::default();
    for date in &facts.dates {
        if event == EventKind::SubscriptionCreated {
            dates.note_for_created(tokens, facts, *date, today);
        } else {
            dates.note_for_act(facts, *date, event, today);
        }
    }
    if event == EventKind::SubscriptionCreated {
        dates.end_trial(facts, today);
    }
    dates
}

impl Dates {
    fn note_for_created(&mut self, tokens: &Tokens<'_>, facts: &Facts, date: At<When>, today: Date) {
        let cue = cue_for(facts, date.place).or_else(|| small_cue(tokens, facts, date.place));
        let looks_back = cue.is_some_and(|cue| is_past_tense(tokens, facts, cue.place));
        let toward = match cue.map(|cue| cue.value) {
            Some(Cue::Since) => Toward::Past,
            Some(Cue::First) if looks_back => Toward::Past,
            Some(Cue::First | Cue::Next | Cue::Ends | Cue::Effective) | None => Toward::Future,
        };
        let Some((day, doubt)) = date.value.resolve(today, toward) else { return };
        let day = At { value: just_begun(date.value, day, cue, today), place: date.place };
        // "30-day trial started today": what is charged comes later.
        if cue.is_some_and(|cue| cue.value == Cue::First && begins_a_trial(facts, cue.place)) {
            self.trial_begins = Some(day.value);
            return self.doubt += doubt;
        }
        let slot = match cue.map(|cue| cue.value) {
            Some(Cue::Ends) if !facts.trials.is_empty() => &mut self.trial_ends,
            // A pack that was paid for by the length is paid for anew where it expires.
            Some(Cue::Ends) if is_prepaid(tokens, facts, cue) => &mut self.next_charge,
            Some(Cue::Ends) => return self.doubt += 100,
            Some(Cue::First | Cue::Since | Cue::Effective) => &mut self.first_charge,
            Some(Cue::Next) if day.value >= today => &mut self.next_charge,
            Some(Cue::Next) => &mut self.first_charge,
            None if day.value < today || (day.value == today && !facts.acts.is_empty()) => {
                &mut self.first_charge
            }
            None => &mut self.next_charge,
        };
        let taken = slot.is_some_and(|other| other.value != day.value);
        slot.get_or_insert(day);
        self.doubt += doubt + if taken { 300 } else { 0 } + far_ahead(today, day.value, cue);
    }

    fn note_for_act(&mut self, facts: &Facts, date: At<When>, event: EventKind, today: Date) {
        let until = cue_for(facts, date.place).is_some_and(|cue| cue.value == Cue::Ends);
        if until && event == EventKind::SubscriptionPaused {
            return;
        }
        let toward = match event {
            EventKind::PaymentRecorded | EventKind::PaymentFailed | EventKind::PaymentRefunded => {
                Toward::Past
            }
            EventKind::SubscriptionCreated
            | EventKind::SubscriptionCancelled
            | EventKind::SubscriptionPaused
            | EventKind::SubscriptionResumed
            | EventKind::SubscriptionPriceChanged => Toward::Nearest,
        };
        let Some((day, doubt)) = date.value.resolve(today, toward) else { return };
        let taken = self.effective.is_some_and(|other| other.value != day);
        self.effective.get_or_insert(At { value: day, place: date.place });
        self.doubt += doubt + if taken { 300 } else { 0 };
    }

    /// A trial of a length ends so long after it starts.
    fn end_trial(&mut self, facts: &Facts, today: Date) {
        if self.trial_ends.is_some() {
            return;
        }
        let Some((length, place)) = facts.trials.iter().find_map(|trial| Some((trial.value?, trial.place)))
        else {
            return;
        };
        let start = self.trial_begins.or(self.first_charge.map(|first| first.value)).unwrap_or(today);
        self.trial_ends = later(start, length).map(|value| At { value, place });
    }
}

/// "from May 1" on May 5 is this year's.
fn just_begun(when: When, day: Date, cue: Option<At<Cue>>, today: Date) -> Date {
    let ahead = today.until(day).map_or(0, |span| span.get_days());
    let begun = when.resolve(today, Toward::Past).map(|(begun, _)| begun);
    let begins = cue.is_some_and(|cue| cue.value == Cue::First) && ahead > ALMOST_A_YEAR_DAYS;
    begun.filter(|_| begins).unwrap_or(day)
}

/// What lies so far ahead was two weeks ago at most.
const ALMOST_A_YEAR_DAYS: i32 = 350;

fn far_ahead(today: Date, day: Date, cue: Option<At<Cue>>) -> u16 {
    let far = today.until(day).is_ok_and(|span| span.get_days() > FAR_AHEAD_DAYS);
    if far && cue.is_some_and(|cue| cue.value == Cue::First) { 120 } else { 0 }
}

/// The nearest cue before a date with no other date between, else the one right after it.
fn cue_for(facts: &Facts, place: usize) -> Option<At<Cue>> {
    let date_before = facts.dates.iter().filter(|date| date.place < place).map(|date| date.place).max();
    let since = date_before.map_or(0, |before| before + 1);
    let before = facts.cues.iter().rev().find(|cue| cue.place < place && cue.place >= since);
    before.or_else(|| facts.cues.iter().find(|cue| cue.place == place + 1)).copied()
}

/// "Rs 299 for 28 days expires on 9 May", "12 a year, expires on August 14".
fn is_prepaid(tokens: &Tokens<'_>, facts: &Facts, cue: Option<At<Cue>>) -> bool {
    let word = cue.and_then(|cue| facts.items.get(cue.place)).map_or("", |item| tokens.text(item.from));
    let yearly = facts.cycles.iter().any(|cycle| cycle.value.is_some_and(|cycle| cycle.unit() == Unit::Year));
    word.starts_with("expir") && (yearly || !facts.lengths.is_empty()) && !facts.amounts.is_empty()
}

/// "da gennaio", "kal se": small words that are cues beside a date alone.
fn small_cue(tokens: &Tokens<'_>, facts: &Facts, place: usize) -> Option<At<Cue>> {
    let item = facts.items.get(place)?;
    let before = item.from.checked_sub(1).map_or("", |before| tokens.text(before));
    match (before, tokens.text(item.to)) {
        ("da", _) => Some(At { value: Cue::Since, place }),
        (_, "se") => Some(At { value: Cue::First, place }),
        _ => None,
    }
}

/// Whether what begins stands right before the word for it, and is a trial.
fn begins_a_trial(facts: &Facts, cue: usize) -> bool {
    facts.trials.iter().any(|trial| trial.place + 1 == cue && trial.value.is_some())
}

/// "started", "joined in": it has begun already.
fn is_past_tense(tokens: &Tokens<'_>, facts: &Facts, place: usize) -> bool {
    let text = facts.items.get(place).map_or("", |item| tokens.text(item.from));
    matches!(
        text,
        "started"
            | "began"
            | "joined"
            | "subscribed"
            | "bought"
            | "purchased"
            | "activated"
            | "signed"
            | "begun"
            | "took"
    )
}
