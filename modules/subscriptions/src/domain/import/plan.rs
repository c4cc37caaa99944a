//! What an import would do: an item for everything that a file tells of, each with what becomes of it unless its owner
//! chooses otherwise.

use std::collections::{BTreeMap, HashMap};

use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{Cycle, CycleText, Money, PaymentId, SubscriptionId};
use serde::{Deserialize, Serialize};

use super::{
    Contents, Entry, Offer, Reading, StatementLine, counted,
    recurring::{self, close},
    shortened,
};
use crate::domain::{Likeness, Payment, PaymentStatus, SoundName, Subscription};

/// How many days a movement may be from the charge date it pays.
const DAYS_OFF: i64 = 4;
/// The most lines of a statement that are shown as paying what is tracked.
const MOST_CONFIRMED: usize = 2_000;
/// The most lines that are shown of one finding, the newest.
const MOST_SHOWN: usize = 24;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $word:literal)*) => {
        /// What becomes of an item.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = ImportAction)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every one.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$name),*];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

actions! {
    /// A subscription is made of it.
    Create "create"
    /// It seems to be tracked already; it is made only where its owner chooses so.
    Duplicate "duplicate"
    /// It pays a charge of something that is tracked.
    Confirm "confirm"
    /// Nothing can be made of it.
    Error "error"
}

/// A line of a statement that shows an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportLine)]
pub struct Shown {
    /// Where it stands in the file.
    pub line: u32,
    /// The day on which it was booked.
    #[schema(value_type = String, format = Date)]
    pub booked_on: Date,
    /// What was paid.
    pub amount: Money,
    /// What the bank says.
    pub text: String,
}

/// One thing that a file tells of, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its number in this import, counted from one. The same file gives the same numbers.
    pub number: u32,
    /// The line, or the number in its list, at which it stands.
    pub line: u32,
    /// What becomes of it when it is chosen.
    pub action: Action,
    /// Whether it is chosen where its owner chooses nothing.
    pub chosen: bool,
    /// What it is called.
    pub name: String,
    /// What it costs.
    pub price: Option<Money>,
    /// How often; `None` for what is bought once, or where nothing could be read.
    pub cycle: Option<CycleText>,
    /// Whether it has no cycle because it was bought once.
    pub once: bool,
    /// The first charge.
    pub first_charge_on: Option<Date>,
    /// How sure a finding is, of a hundred.
    pub confidence: Option<u8>,
    /// What it seems to be already, or what it pays.
    pub subscription: Option<SubscriptionId>,
    /// What that is called.
    pub subscription_name: Option<String>,
    /// The payment that it confirms.
    pub payment: Option<PaymentId>,
    /// How many payments come with it, as far as that is known.
    pub payments: u32,
    /// The lines that show it.
    pub lines: Vec<Shown>,
    /// What its owner should know; what is wrong with it, where nothing can be made of it.
    pub remarks: Vec<String>,
    /// What is made of it, where a statement showed it.
    pub offer: Option<Offer>,
}

/// Something that is tracked, with the payments that a statement may pay.
#[derive(Debug, Clone)]
pub struct Tracked {
    /// What.
    pub subscription: Subscription,
    /// Its payments around the days of the statement.
    pub payments: Vec<Payment>,
}

/// What an import would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Item by item.
    pub items: Vec<Item>,
    /// How many lines of a statement were looked at.
    pub lines: u32,
}

impl Plan {
    /// What comes of a file, beside what is tracked already.
    pub fn of(reading: &Reading, tracked: &[Tracked], today: Date) -> Self {
        match &reading.contents {
            Contents::Unanswered => Self::default(),
            Contents::Everything(document) => {
                let known = Known::of(tracked, today);
                let rehearsal = crate::domain::export::Rehearsal::of(document);
                let items = document.subscriptions.iter().zip(1..).map(|(exported, number)| {
                    let owner = rehearsal.owner();
                    let payments = u32::try_from(exported.payments.len()).unwrap_or(u32::MAX);
                    let restored = exported.restore(owner).and_then(|subscription| {
                        let nil = || PaymentId::from_uuid(uuid::Uuid::nil());
                        exported.restore_payments(&subscription, owner, nil).map(|_| subscription)
                    });
                    match restored {
                        Ok(subscription) => {
                            let price = subscription.price_on(today);
                            let mut item =
                                known.item(number, number, &exported.name, price, subscription.cycle);
                            item.first_charge_on = Some(subscription.first_charge_on);
                            item.payments = payments;
                            item.remarks.extend(exported.remark());
                            item
                        }
                        Err(invalid) => wrong(
                            number,
                            number,
                            &exported.name,
                            invalid
                                .errors()
                                .iter()
                                .map(|error| format!("{}: {}", error.pointer, error.detail))
                                .collect(),
                        ),
                    }
                });
                Self { items: items.collect(), lines: 0 }
            }
            Contents::Subscriptions(entries) => {
                Self { items: entries_of(entries, &Known::of(tracked, today)), lines: 0 }
            }
            Contents::Statement(lines) => statement(lines, tracked, today),
        }
    }

    /// How many items there are of each action.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        Action::ALL
            .into_iter()
            .map(|action| (action.as_str(), self.items.iter().filter(|item| item.action == action).count()))
            .collect()
    }
}

fn wrong(number: u32, line: u32, name: &str, remarks: Vec<String>) -> Item {
    Item { action: Action::Error, chosen: false, remarks, ..blank(number, line, name) }
}

fn blank(number: u32, line: u32, name: &str) -> Item {
    Item {
        number,
        line,
        action: Action::Create,
        chosen: true,
        name: shortened(name, 120),
        price: None,
        cycle: None,
        once: false,
        first_charge_on: None,
        confidence: None,
        subscription: None,
        subscription_name: None,
        payment: None,
        payments: 0,
        lines: Vec::new(),
        remarks: Vec::new(),
        offer: None,
    }
}

fn cycle_text(cycle: Cycle) -> CycleText {
    CycleText { every: cycle.every().into(), unit: cycle.unit().as_str().into() }
}

/// What is tracked, to be compared with.
struct Known {
    named: Vec<(SoundName, SubscriptionId, String, Money, Option<Cycle>)>,
}

impl Known {
    fn of(tracked: &[Tracked], today: Date) -> Self {
        let running = tracked.iter().map(|it| &it.subscription).filter(|it| it.status != Status::Ended);
        let named = running
            .map(|it| {
                (SoundName::new(it.name.as_str()), it.id, it.name.to_string(), it.price_on(today), it.cycle)
            })
            .collect();
        Self { named }
    }

    /// What seems to be the same: of the same name; or of one like it, at about the same price and as often.
    fn same(&self, name: &str, price: Money, cycle: Option<Cycle>) -> Option<(SubscriptionId, String)> {
        let sound = SoundName::new(name);
        let alike = self.named.iter().filter_map(|(known, id, called, costs, every)| {
            let likeness = known.likeness(&sound)?;
            let money = costs.currency() == price.currency() && close(costs.minor(), price.minor());
            let same =
                likeness == Likeness::Same || (likeness >= Likeness::Beginning && money && *every == cycle);
            same.then(|| (likeness, (*id, called.clone())))
        });
        alike.max_by_key(|(likeness, _)| *likeness).map(|(_, found)| found)
    }

    fn item(&self, number: u32, line: u32, name: &str, price: Money, cycle: Option<Cycle>) -> Item {
        let mut item = Item {
            price: Some(price),
            cycle: cycle.map(cycle_text),
            once: cycle.is_none(),
            ..blank(number, line, name)
        };
        if let Some((id, called)) = self.same(name, price, cycle) {
            item.action = Action::Duplicate;
            item.chosen = false;
            item.subscription = Some(id);
            item.subscription_name = Some(called);
        }
        item
    }
}

fn entries_of(entries: &[Entry], known: &Known) -> Vec<Item> {
    let mut seen: HashMap<(String, i64, Option<Cycle>), u32> = HashMap::new();
    entries
        .iter()
        .zip(1..)
        .map(|(entry, number)| match &entry.found {
            Ok((draft, _)) => {
                let price = draft.price();
                let mut item = known.item(number, entry.line, &entry.name, price, draft.cycle());
                item.first_charge_on = Some(draft.first_charge_on());
                item.remarks = entry.remarks.iter().take(20).map(|remark| shortened(remark, 500)).collect();
                let key = (entry.name.to_lowercase(), price.minor(), draft.cycle());
                let before = *seen.entry(key).or_insert(entry.line);
                if before != entry.line {
                    item.action = Action::Duplicate;
                    item.chosen = false;
                    item.remarks.push(format!("The file tells of it in line {before} already."));
                }
                item
            }
            Err(remarks) => wrong(number, entry.line, &entry.name, remarks.clone()),
        })
        .collect()
}

/// The charges of what is tracked, then what is found to be paid again and again.
fn statement(lines: &[StatementLine], tracked: &[Tracked], today: Date) -> Plan {
    let payers = Payers::of(tracked);
    let mut confirmed = Vec::new();
    let mut taken = std::collections::HashSet::new();
    let mut rest = Vec::new();
    for line in lines {
        match payers.paid_by(line) {
            Some(Match::Payment(it, payment))
                if confirmed.len() < MOST_CONFIRMED && taken.insert(payment.id) =>
            {
                confirmed.push((line, it, payment));
            }
            Some(_) => {}
            None => rest.push(line),
        }
    }
    let known = Known::of(tracked, today);
    let offers = recurring::find(&rest);
    let mut items: Vec<Item> =
        offers.into_iter().zip(1..).map(|(offer, number)| offered(offer, number, &known)).collect();
    let next = u32::try_from(items.len()).unwrap_or(u32::MAX);
    items.extend(
        confirmed
            .into_iter()
            .zip(next + 1..)
            .map(|((line, it, payment), number)| confirms(line, it, payment, number)),
    );
    Plan { items, lines: u32::try_from(lines.len()).unwrap_or(u32::MAX) }
}

fn offered(offer: Offer, number: u32, known: &Known) -> Item {
    let line = offer.first().map_or(0, |first| first.line);
    let mut item = known.item(number, line, &offer.name, offer.price(), Some(offer.cycle));
    item.first_charge_on = offer.first().map(|first| first.due_on);
    item.confidence = Some(offer.confidence);
    item.payments = u32::try_from(offer.charges.len()).unwrap_or(u32::MAX);
    let earlier = offer.charges.len().saturating_sub(MOST_SHOWN);
    if earlier > 0 {
        item.remarks.push(format!(
            "{} before those that are shown.",
            counted(earlier, "more line is", "more lines are")
        ));
    }
    item.lines = offer
        .charges
        .iter()
        .skip(earlier)
        .map(|charge| Shown {
            line: charge.line,
            booked_on: charge.booked_on,
            amount: Money::from_minor(charge.minor, offer.currency),
            text: charge.text.clone(),
        })
        .collect();
    if offer.varies {
        item.remarks.push("Its amount differs from time to time; the price is the last one.".into());
    }
    if let Some(since) = offer.silent_since {
        item.chosen = false;
        item.remarks.push(format!("Nothing was charged after {since}: it may be over."));
    }
    if offer.confidence < 60 {
        item.chosen = false;
    }
    item.offer = Some(offer);
    item
}

fn confirms(line: &StatementLine, it: &Tracked, payment: &Payment, number: u32) -> Item {
    let mut item = blank(number, line.line, it.subscription.name.as_str());
    item.action = Action::Confirm;
    item.price = line.paid();
    item.cycle = it.subscription.cycle.map(cycle_text);
    item.first_charge_on = Some(payment.due_on);
    item.subscription = Some(it.subscription.id);
    item.subscription_name = Some(it.subscription.name.to_string());
    item.payment = Some(payment.id);
    item.payments = 1;
    item.lines = line
        .paid()
        .map(|amount| Shown {
            line: line.line,
            booked_on: line.booked_on,
            amount,
            text: shortened(&line.said(), 120),
        })
        .into_iter()
        .collect();
    item
}

/// What is tracked, by the words of its names, so that many lines are compared with few.
struct Payers<'t> {
    by_word: HashMap<String, Vec<&'t Tracked>>,
}

enum Match<'t> {
    /// It pays that.
    Payment(&'t Tracked, &'t Payment),
    /// It belongs to something tracked, and there is nothing to confirm.
    Settled,
}

impl<'t> Payers<'t> {
    fn of(tracked: &'t [Tracked]) -> Self {
        let mut by_word: HashMap<String, Vec<&Tracked>> = HashMap::new();
        for it in tracked {
            let names =
                [Some(it.subscription.name.as_str()), it.subscription.service.as_ref().map(|it| it.as_str())];
            for name in names.into_iter().flatten() {
                let folded = super::columns::folded(name);
                let joined = folded.replace(' ', "");
                // The first word that tells something, and all of them together: `YOUTUBEPREMIUM`.
                let telling = folded.split(' ').find(|word| word.chars().count() >= 3).map(str::to_owned);
                for word in telling.into_iter().chain([joined]).filter(|word| word.chars().count() >= 3) {
                    let known = by_word.entry(word).or_default();
                    if !known.iter().any(|other| other.subscription.id == it.subscription.id) {
                        known.push(it);
                    }
                }
            }
        }
        Self { by_word }
    }

    fn paid_by(&self, line: &StatementLine) -> Option<Match<'t>> {
        let paid = line.paid()?;
        let said = super::columns::folded(&line.said());
        let words = said.split(' ').collect::<Vec<_>>();
        let candidates = words.iter().filter_map(|word| self.by_word.get(*word)).flatten().copied();
        let mut settled = false;
        for it in candidates {
            if !named_in(&words, it) {
                continue;
            }
            let near = |date: Date| (date.duration_since(line.booked_on).as_hours() / 24).abs() <= DAYS_OFF;
            let same =
                |money: Money| money.currency() == paid.currency() && close(money.minor(), paid.minor());
            let open = it.payments.iter().filter(|payment| near(payment.due_on) && same(payment.amount));
            if let Some(payment) = open.min_by_key(|payment| rank(payment)) {
                if rank(payment) < 2 {
                    return Some(Match::Payment(it, payment));
                }
                settled = true;
            }
        }
        settled.then_some(Match::Settled)
    }
}

/// What most needs a confirmation comes first; what a statement or a person has told already needs none.
fn rank(payment: &Payment) -> u8 {
    use crate::domain::PaymentSource::{Assumed, Manual, Message, Renewal, Statement};
    match (payment.state.status(), payment.source) {
        (PaymentStatus::Due | PaymentStatus::Failed, _) => 0,
        (PaymentStatus::Paid, Renewal | Assumed) => 1,
        (PaymentStatus::Paid, Manual | Message | Statement) => 2,
        (PaymentStatus::Skipped | PaymentStatus::Refunded, _) => 3,
    }
}

/// Whether every telling word of a name is among the words of a line.
fn named_in(words: &[&str], it: &Tracked) -> bool {
    let folded = super::columns::folded(it.subscription.name.as_str());
    let joined = folded.replace(' ', "");
    let service = it.subscription.service.as_ref().map(|service| super::columns::folded(service.as_str()));
    let all = |name: &str| {
        let mut telling = name.split(' ').filter(|word| word.chars().count() >= 3).peekable();
        telling.peek().is_some() && telling.all(|word| words.contains(&word))
    };
    words.contains(&joined.as_str()) || all(&folded) || service.is_some_and(|service| all(&service))
}
