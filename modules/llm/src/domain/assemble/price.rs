//! The price, the promotion before it, and the cycle.

use kernel::{Cycle, Money};

use super::{
    super::{
        reading::{EventKind, Promotion},
        token::Tokens,
    },
    facts::{At, Facts},
};

/// What is paid and how often, as far as the clause says it.
#[derive(Debug, Default)]
pub(super) struct Price {
    pub(super) money: Option<At<Money>>,
    pub(super) cycle: Option<At<Cycle>>,
    pub(super) promotion: Option<At<Promotion>>,
    /// In thousandths.
    pub(super) doubt: u16,
}

/// Two prices or two cycles of which either could be meant.
const TORN: u16 = 450;

pub(super) fn choose(tokens: &Tokens<'_>, facts: &Facts, event: EventKind) -> Price {
    if event == EventKind::SubscriptionCreated
        && let Some(price) = promotional(facts)
    {
        return price;
    }
    let (money, money_doubt) = money(tokens, facts, event);
    // "skip it for a month" says how long it rests.
    let rests = event == EventKind::SubscriptionPaused;
    let (cycle, cycle_doubt) = if rests { (None, 0) } else { cycle(tokens, facts, event) };
    let hour = if is_perhaps_an_hour(tokens, facts, money, cycle) { TORN } else { 0 };
    Price { money, cycle, promotion: None, doubt: money_doubt + cycle_doubt + hour }
}

/// "netflix 9 pm" is nine a month, or nine in the evening.
fn is_perhaps_an_hour(
    tokens: &Tokens<'_>,
    facts: &Facts,
    money: Option<At<Money>>,
    cycle: Option<At<Cycle>>,
) -> bool {
    let (Some(money), Some(cycle)) = (money, cycle) else { return false };
    let marked = facts.amounts.iter().any(|amount| amount.value.marked);
    let item = |place: usize| facts.items.get(place);
    let hour = item(money.place).is_some_and(|item| tokens.whole(item.from, 12).is_some());
    let half =
        item(cycle.place).is_some_and(|item| tokens.written(item.from, item.to).eq_ignore_ascii_case("pm"));
    !marked && hour && half && cycle.place == money.place + 1
}

/// "3 months at 99 then 499", "$5 a month for 6 months, then $18.99 a month".
fn promotional(facts: &Facts) -> Option<Price> {
    let then = facts.then?;
    let before = facts.amounts.iter().rev().find(|amount| amount.place < then)?;
    let regular = facts.amounts.iter().find(|amount| amount.place > then)?;
    let lasts = facts.lengths.iter().rev().find(|length| length.place < then)?;
    let after = facts.cycles.iter().find(|cycle| cycle.place > then);
    let said = after.or_else(|| facts.cycles.iter().rev().find(|cycle| cycle.place < then));
    let said = said.and_then(|cycle| cycle.value.map(|value| At { value, place: cycle.place }));
    // "3 months at 99" counts months, so it is paid monthly; likely enough to show, not to act upon.
    let counted = Cycle::new(1, lasts.value.unit()).ok().map(|value| At { value, place: lasts.place });
    let guessed = if said.is_none() { TORN } else { 0 };
    let promotion = Promotion { price: before.value.money, lasts: lasts.value };
    Some(Price {
        money: Some(At { value: regular.value.money, place: regular.place }),
        cycle: said.or(counted),
        promotion: Some(At { value: promotion, place: before.place }),
        doubt: regular.value.doubt + before.value.doubt + guessed + 20,
    })
}

fn money(tokens: &Tokens<'_>, facts: &Facts, event: EventKind) -> (Option<At<Money>>, u16) {
    let marked = facts.amounts.iter().any(|amount| amount.value.marked);
    let candidates: Vec<_> = facts.amounts.iter().filter(|amount| amount.value.marked == marked).collect();
    let (Some(first), Some(last)) = (candidates.first(), candidates.last()) else { return (None, 0) };
    let same = candidates.iter().all(|amount| amount.value.money == first.value.money);
    let (chosen, torn) = if same {
        (first, 0)
    } else if event == EventKind::SubscriptionPriceChanged {
        (last, if candidates.len() == 2 { 0 } else { TORN })
    } else if let Some(beside) = candidates.iter().find(|amount| is_beside_cycle(facts, amount.place)) {
        (beside, if marked { 250 } else { 100 })
    } else {
        (if marked { first } else { last }, TORN)
    };
    let name_number = !marked && !same && chosen.place != 0 && is_name_number(tokens, facts, first.place);
    let torn = if name_number { torn.min(60) } else { torn };
    let torn = if is_saved(tokens, facts, chosen.place) { TORN } else { torn };
    (Some(At { value: chosen.value.money, place: chosen.place }), chosen.value.doubt + torn)
}

/// "$10 off" is what one does not pay.
fn is_saved(tokens: &Tokens<'_>, facts: &Facts, place: usize) -> bool {
    let after = facts.items.get(place).map_or("", |item| tokens.text(item.to));
    matches!(after, "off" | "discount" | "less" | "cheaper" | "saved" | "savings" | "credit" | "cashback")
}

fn is_beside_cycle(facts: &Facts, place: usize) -> bool {
    facts.cycles.iter().any(|cycle| cycle.place == place + 1)
}

/// A small number right behind a name is a part of it: "TV 2".
fn is_name_number(tokens: &Tokens<'_>, facts: &Facts, place: usize) -> bool {
    facts.items.get(place).is_some_and(|item| tokens.whole(item.from, 999).is_some())
}

fn cycle(tokens: &Tokens<'_>, facts: &Facts, event: EventKind) -> (Option<At<Cycle>>, u16) {
    let Some(first) = facts.cycles.first() else { return length_as_cycle(tokens, facts, event) };
    let same = facts.cycles.iter().all(|cycle| cycle.value == first.value);
    match first.value.filter(|_| same) {
        Some(value) => (Some(At { value, place: first.place }), 0),
        None => (None, TORN),
    }
}

/// "299 for 28 days", "2-year plan": how long it holds is how often it is paid, unless something is free or
/// paused for so long.
fn length_as_cycle(tokens: &Tokens<'_>, facts: &Facts, event: EventKind) -> (Option<At<Cycle>>, u16) {
    let created = event == EventKind::SubscriptionCreated && facts.trials.is_empty();
    let (Some(length), 1, true) = (facts.lengths.first(), facts.lengths.len(), created) else {
        return (None, 0);
    };
    let Some(item) = facts.items.get(length.place) else { return (None, 0) };
    let before = item.from.checked_sub(1).map_or("", |at| tokens.text(at));
    let plan = matches!(
        tokens.text(item.to.saturating_sub(1)),
        "plan" | "pack" | "recharge" | "validity" | "subscription"
    );
    let told = plan || matches!(before, "for" | "/" | "validity" | "valid");
    (Some(At { value: length.value, place: length.place }), if told { 60 } else { 120 })
}
