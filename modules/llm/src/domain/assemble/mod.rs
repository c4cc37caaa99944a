//! From clauses to readings: what happened, to what, for how much, how often and when, and how sure that is.

mod event;
mod facts;
mod name;
mod price;
mod when;

use kernel::Money;

use super::{
    Context,
    clause::Clause,
    filter::not_about,
    lexicon,
    phrasebook::Cue,
    reading::{Confidence, EventKind, Evidence, Field, Outcome, Reading, Refusal},
    token::Tokens,
};
use facts::{At, Facts};
use name::Name;
use price::Price;
use when::Dates;

/// As sure as the reader gets.
const MOST: u16 = 990;
/// Where something has to be asked, or is not decided.
const ASKS: u16 = 550;
/// Where another part of the message was refused.
const PARTLY: Confidence = Confidence::new(890);
/// More subscriptions than this in a message are pasted in parts.
const MAX_READINGS: usize = 200;

pub(super) fn assemble(tokens: &Tokens<'_>, clauses: Vec<Clause>, context: &Context) -> Outcome {
    let mut facts: Vec<Facts> = clauses.into_iter().map(|clause| Facts::gather(tokens, clause)).collect();
    if facts.len() > 1 {
        facts.retain(|facts| !facts.is_empty(tokens));
        share(&mut facts);
    }
    let mut readings: Vec<Reading> = Vec::new();
    let mut refused = None;
    for facts in facts.iter().take(MAX_READINGS) {
        match read_clause(tokens, facts, context) {
            Ok(reading) => readings.push(reading),
            Err(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    if refused.is_some() {
        // Part of the message was not understood; what was may have meant something else beside it.
        readings.iter_mut().for_each(|reading| reading.confidence = reading.confidence.min(PARTLY));
    }
    drop_headings(&mut readings);
    if readings.is_empty() {
        return Outcome::Refused(refused.unwrap_or_else(|| not_about("It names nothing that is paid for.")));
    }
    Outcome::Readings(readings)
}

/// A line that names what another one tells of is its heading, and nothing by itself: the subject of a receipt.
fn drop_headings(readings: &mut Vec<Reading>) {
    let is_heading = |reading: &Reading| {
        let dates =
            [reading.first_charge_on, reading.next_charge_on, reading.trial_ends_on, reading.effective_on];
        reading.event == EventKind::SubscriptionCreated
            && reading.service.is_some()
            && reading.price.is_none()
            && reading.cycle.is_none()
            && reading.promotion.is_none()
            && dates.iter().all(Option::is_none)
    };
    let told: Vec<_> =
        readings.iter().filter(|reading| reading.price.is_some()).map(|reading| reading.service).collect();
    readings.retain(|reading| !is_heading(reading) || !told.contains(&reading.service));
}

/// What is said once for several: "cancel Netflix and Hulu", "Netflix 499 and Spotify 119 monthly".
fn share(facts: &mut [Facts]) {
    share_act(facts);
    share_cycle(facts);
}

fn share_act(facts: &mut [Facts]) {
    let mut telling = facts.iter().enumerate().filter(|(_, facts)| !facts.acts.is_empty());
    let (Some((giver, _)), None) = (telling.next(), telling.next()) else { return };
    let Some(act) = facts.get(giver).and_then(|facts| facts.acts.first()).copied() else { return };
    let amounts = facts.iter().any(|facts| !facts.amounts.is_empty());
    let payment = matches!(
        act.value,
        EventKind::PaymentRecorded | EventKind::PaymentFailed | EventKind::PaymentRefunded
    );
    let shares =
        |facts: &Facts| !amounts || (payment && facts.cycles.is_empty() && !facts.amounts.is_empty());
    for facts in facts.iter_mut().filter(|facts| facts.acts.is_empty() && shares(facts)) {
        facts.acts.push(At { value: act.value, place: usize::MAX });
    }
}

/// The last one's cycle holds for those before it that have none; a cycle before the first name for all.
fn share_cycle(facts: &mut [Facts]) {
    let last = facts.last().and_then(|facts| facts.cycles.first()).map(|cycle| cycle.value);
    let heading = facts
        .first()
        .and_then(|first| first.cycles.first().filter(|cycle| cycle.place < 2))
        .map(|cycle| cycle.value);
    let count = facts.len();
    let others_say_none = facts.iter().take(count.saturating_sub(1)).all(|facts| facts.cycles.is_empty());
    let shared = if others_say_none { last } else { heading };
    let Some(value) = shared else { return };
    for facts in facts.iter_mut().filter(|facts| facts.cycles.is_empty() && !facts.amounts.is_empty()) {
        facts.cycles.push(At { value, place: usize::MAX });
    }
}

fn read_clause(tokens: &Tokens<'_>, facts: &Facts, context: &Context) -> Result<Reading, Refusal> {
    let (event, event_doubt) = event::choose(tokens, facts);
    let price = price::choose(tokens, facts, event);
    let name = name::choose(tokens, facts, price.money.map(|money| money.place));
    if let Some(refusal) = event::refuse(tokens, facts, event, name.as_ref()) {
        return Err(refusal);
    }
    let dates = when::choose(tokens, facts, event, context.today);
    let mut reading = fill(event, name.as_ref(), &price, &dates);
    reading.evidence = evidence(tokens, facts, event, name.as_ref(), &price, &dates);
    let hundreds = spoken_rent(tokens, facts, &price, reading.category);
    reading.price = hundreds.or(reading.price);
    let doubt = event_doubt
        .saturating_add(price.doubt)
        .saturating_add(dates.doubt)
        .saturating_add(name.as_ref().map_or(0, |name| name.doubt))
        .saturating_add(unnamed_doubt(facts, &reading))
        .saturating_add(undated_doubt(facts))
        .saturating_add(if hundreds.is_some() { 100 } else { 0 });
    reading.confidence = confidence(doubt, facts, &reading);
    Ok(reading)
}

fn fill(event: EventKind, name: Option<&Name>, price: &Price, dates: &Dates) -> Reading {
    let service = name.and_then(|name| name.service);
    let category = match (service, name) {
        (Some(service), _) => Some(service.category()),
        (None, Some(name)) => lexicon::category_of(&name.text),
        (None, None) => None,
    };
    let insured = category == Some("insurance");
    let mut reading = Reading {
        event,
        confidence: Confidence::new(0),
        name: name.map(|name| name.text.clone()),
        service: service.map(|service| service.slug()),
        plan: name.filter(|_| !insured).and_then(|name| name.plan.as_ref()).map(|(plan, _, _)| plan.clone()),
        price: price.money.map(|money| money.value),
        cycle: price.cycle.map(|cycle| cycle.value),
        first_charge_on: dates.first_charge.map(|date| date.value),
        next_charge_on: dates.next_charge.map(|date| date.value),
        trial_ends_on: dates.trial_ends.map(|date| date.value),
        effective_on: dates.effective.map(|date| date.value),
        promotion: price.promotion.map(|promotion| promotion.value),
        category,
        missing: Vec::new(),
        evidence: Vec::new(),
    };
    reading.missing = missing(&reading);
    reading
}

/// What has to be known before a reading can be acted upon.
pub(super) fn missing(reading: &Reading) -> Vec<Field> {
    let creates = reading.event == EventKind::SubscriptionCreated;
    let prices = creates || reading.event == EventKind::SubscriptionPriceChanged;
    let needed = [
        (Field::Name, true, reading.name.is_none()),
        (Field::Price, prices, reading.price.is_none()),
        (Field::Cycle, creates, reading.cycle.is_none()),
    ];
    needed.into_iter().filter(|(_, needed, absent)| *needed && *absent).map(|(field, _, _)| field).collect()
}

/// "rent fourteen seventy five a month": nobody lives for less than a hundred, so these are hundreds.
fn spoken_rent(tokens: &Tokens<'_>, facts: &Facts, price: &Price, category: Option<&str>) -> Option<Money> {
    let money = price.money.filter(|_| category == Some("housing"))?;
    let item = facts.items.get(money.place)?;
    let spoken = (item.from..item.to).all(|at| tokens.is_word(at)) && item.to - item.from > 1;
    let marked = facts.amounts.iter().any(|amount| amount.place == money.place && amount.value.marked);
    let unit = money.value.currency().minor_per_unit();
    let pair = spoken && !marked && money.value.minor() % unit != 0 && money.value.minor() < 100 * unit;
    pair.then(|| Money::from_minor(money.value.minor() * unit, money.value.currency()))
}

/// "since" without a day: one was said that is not understood.
fn undated_doubt(facts: &Facts) -> u16 {
    let dates = facts.dates.is_empty() && facts.trials.is_empty() && facts.lengths.is_empty();
    let dated = |cue: &At<Cue>| match cue.value {
        Cue::First | Cue::Since | Cue::Ends => true,
        Cue::Next | Cue::Effective => false,
    };
    if dates && facts.cues.iter().any(dated) { 100 } else { 0 }
}

/// A name nobody knows beside a number without a mark could be anything.
fn unnamed_doubt(facts: &Facts, reading: &Reading) -> u16 {
    let known = reading.service.is_some() || reading.category.is_some();
    let marked = facts.amounts.iter().any(|amount| amount.value.marked);
    let acts = reading.event != EventKind::SubscriptionCreated;
    match (known, marked || acts) {
        (true, _) => 0,
        (false, true) if acts && !facts.subscribes => 400,
        (false, true) => 20,
        (false, false) => 80,
    }
}

fn confidence(doubt: u16, facts: &Facts, reading: &Reading) -> Confidence {
    let mut per_mille = MOST.saturating_sub(doubt);
    if facts.undecided || !reading.missing.is_empty() {
        per_mille = per_mille.min(ASKS);
    }
    let missing = u16::try_from(reading.missing.len()).unwrap_or(u16::MAX);
    Confidence::new(per_mille.saturating_sub(missing.saturating_sub(1).saturating_mul(100)).max(50))
}

fn evidence(
    tokens: &Tokens<'_>,
    facts: &Facts,
    event: EventKind,
    name: Option<&Name>,
    price: &Price,
    dates: &Dates,
) -> Vec<Evidence> {
    let act = facts.acts.iter().find(|act| act.value == event).map(|act| act.place);
    let places = [
        (Field::Event, act),
        (Field::Price, price.money.map(|money| money.place)),
        (Field::Cycle, price.cycle.map(|cycle| cycle.place)),
        (Field::Promotion, price.promotion.map(|promotion| promotion.place)),
        (Field::FirstChargeOn, dates.first_charge.map(|date| date.place)),
        (Field::NextChargeOn, dates.next_charge.map(|date| date.place)),
        (Field::TrialEndsOn, dates.trial_ends.map(|date| date.place)),
        (Field::EffectiveOn, dates.effective.map(|date| date.place)),
    ];
    // What is shared from another clause has no place in this one.
    let here = places
        .into_iter()
        .filter_map(|(field, place)| Some((field, place?)))
        .filter(|(_, place)| *place < facts.items.len());
    let mut evidence: Vec<Evidence> =
        here.map(|(field, place)| spot(field, facts.span(tokens, place))).collect();
    if let Some(name) = name {
        evidence.push(spot(Field::Name, tokens.span(name.from, name.to)));
        evidence.extend(name.plan.as_ref().map(|(_, from, to)| spot(Field::Plan, tokens.span(*from, *to))));
    }
    evidence.sort_by_key(|spot| (spot.start, spot.field));
    evidence
}

fn spot(field: Field, (start, end): (usize, usize)) -> Evidence {
    Evidence { field, start, end }
}

#[cfg(test)]
mod tests {
    use super::super::{Context, Outcome, read};

    fn services(text: &str) -> Vec<Option<&'static str>> {
        let context = Context {
            today: jiff::civil::date(2026, 5, 5),
            locale: "en-US".parse().unwrap(),
            currency: kernel::Currency::USD,
        };
        let Outcome::Readings(readings) = read(text, &context) else { panic!("{text} is refused") };
        readings.into_iter().map(|reading| reading.service).collect()
    }

    #[test]
    fn a_line_that_only_names_what_another_tells_of_is_its_heading() {
        let receipt = "Your Crunchyroll membership\nYour Crunchyroll subscription renews monthly at $7.99.";
        assert_eq!(services(receipt), [Some("crunchyroll")]);
        assert_eq!(services("Spotify\nNetflix $15.49 monthly"), [Some("spotify"), Some("netflix")]);
        assert_eq!(services("Netflix $15.49 monthly\nNetflix $6.99 monthly"), [Some("netflix"); 2]);
    }
}
