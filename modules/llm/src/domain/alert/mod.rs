//! Messages of banks, cards and wallets, read by what they are made of and not by who wrote them: a word for which way
//! the money went, an amount that no balance stands beside, a payee behind a preposition, an account.
//!
//! No institution has a pattern of its own. What differs between them is the order of these parts and their words, and
//! neither is asked for.

mod direction;
mod payee;
#[cfg(test)]
mod tests;
mod words;

use std::sync::LazyLock;

use jiff::civil::Date;
use kernel::{Cycle, Money};

use super::{
    Context,
    filter::refusal,
    grammar::{Item, Phrase, Toward},
    lexicon,
    phrasebook::{Book, Meaning, Signal},
    reading::{Confidence, EventKind, Evidence, Field, Outcome, Reading, RefusalReason},
    token::{Tokens, is_unspaced},
};
pub use direction::Direction;
use payee::Payee;
use words::Sense;

static SENSES: LazyLock<Book<Sense>> = LazyLock::new(|| Book::new(words::SENSES));

/// Words inside of runs, folded as runs are.
static WITHIN: LazyLock<Vec<(String, Sense)>> = LazyLock::new(|| {
    let rows = words::WITHIN.iter().flat_map(|(sense, words)| words.split('|').map(|word| (word, *sense)));
    rows.filter_map(|(word, sense)| Some((Tokens::cut(word).ok()?.text(0).to_owned(), sense))).collect()
});

/// How sure a payment to a known service is; each thing that is less clear takes from it.
const MOST: u16 = 960;
/// Where something is missing, or has to be decided.
const ASKS: u16 = 550;
/// An amount belongs to the words for a balance this many tokens before it.
const NEAR: usize = 4;

/// An alert is at most so many days behind what it tells of, where a date can be read in two ways.
const RECENT_DAYS: i32 = 14;

/// A message of a bank, a card or a wallet, as far as it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Which way the money went.
    pub direction: Direction,
    /// How much; never a balance or a limit.
    pub amount: Option<Money>,
    /// Who got it, or gave it: the catalogue's name where the service is known, else as it was written.
    pub payee: Option<String>,
    /// The slug of a known service.
    pub service: Option<&'static str>,
    /// On which day.
    pub on: Option<Date>,
    /// The last digits of the account or card.
    pub account: Option<String>,
    /// What the account holds after it, or may spend.
    pub balance: Option<Money>,
}

/// A word of an alert, at tokens `from..to`.
#[derive(Debug, Clone, Copy)]
struct Word {
    from: usize,
    to: usize,
    sense: Sense,
}

/// What a run without spaces says, by the words inside of it.
fn within(run: &str) -> Option<Sense> {
    if !run.starts_with(is_unspaced) {
        return None;
    }
    WITHIN.iter().find(|(word, _)| run.contains(word)).map(|(_, sense)| *sense)
}

/// The day that "05/02/2026" is the other way round, where only that has just passed: alerts come at once.
fn just_now(today: Date, day: Date) -> Option<Date> {
    let passed = |day: Date| today.since(day).map_or(i32::MAX, |span| span.get_days());
    let is_recent = |day: Date| (0..=RECENT_DAYS).contains(&passed(day));
    let other = Date::new(day.year(), day.day(), day.month()).ok()?;
    (!is_recent(day) && is_recent(other)).then_some(other)
}

/// A message with what its parts say.
struct Parts<'t, 's> {
    tokens: &'t Tokens<'s>,
    items: Vec<Item>,
    words: Vec<Word>,
}

impl Parts<'_, '_> {
    fn first(&self, sense: Sense) -> Option<Word> {
        self.words.iter().copied().find(|word| word.sense == sense)
    }

    fn has(&self, sense: Sense) -> bool {
        self.first(sense).is_some()
    }

    /// How much moved, and where it says so.
    fn moved(&self, context: &Context) -> Option<(Item, Money)> {
        let mut amounts: Vec<_> = self.amounts().filter(|(_, _, held)| !held).collect();
        // "A transaction over $50: $74.12" tells first what it tells of at all.
        let is_bound = |item: &Item| {
            let before = item.from.checked_sub(1).map_or("", |at| self.tokens.text(at));
            matches!(before, "over" | "above" | "exceeding" | "than")
        };
        if amounts.iter().any(|(item, _, _)| !is_bound(item)) {
            amounts.retain(|(item, _, _)| !is_bound(item));
        }
        let mut amounts = amounts.into_iter().map(|(item, money, _)| (item, money));
        let (first, money) = amounts.next()?;
        // "USD 20.00 (AED 73.46)": an account pays in its own money.
        let foreign = money.currency() != context.currency;
        let own = amounts.next().filter(|(next, other)| {
            foreign && other.currency() == context.currency && self.is_the_same(first.to, next.from)
        });
        Some(own.unwrap_or((first, money)))
    }

    /// Whether what stands between two amounts says that they are one.
    fn is_the_same(&self, from: usize, to: usize) -> bool {
        let says = |at| matches!(self.tokens.text(at), "(" | "=" | "/" | "approx" | "equivalent" | "eq");
        to - from <= NEAR && (from..to).any(says) && !self.ends_between(from, to)
    }

    /// The amounts, each with whether an account holds it or may spend it.
    fn amounts(&self) -> impl Iterator<Item = (Item, Money, bool)> {
        self.items.iter().filter_map(|item| {
            let Phrase::Amount(amount) = item.phrase else { return None };
            // Some networks tell first that the message itself cost nothing.
            let told = (amount.marked || self.is_moved(item)) && !amount.money.is_zero();
            told.then(|| (*item, amount.money, self.is_held(item)))
        })
    }

    /// "debited by 199.0": no mark is needed right behind what says that money moved.
    fn is_moved(&self, item: &Item) -> bool {
        let before = item.from.checked_sub(1).map_or("", |at| self.tokens.text(at));
        matches!(before, "by" | "for" | "with")
            && self.words.iter().any(|word| {
                matches!(word.sense, Sense::Debit | Sense::Credit)
                    && word.to + 1 == item.from
                    && self.tokens.text(word.to - 1).ends_with("ed")
            })
    }

    /// "Avl Bal Rs 900", "Rs 900 is your balance".
    fn is_held(&self, item: &Item) -> bool {
        // Cashback beside a payment is not the payment; alone it is what came in.
        let holds = |word: &Word| {
            word.sense == Sense::Holds
                && (self.tokens.text(word.from) != "cashback" || self.has(Sense::Debit))
        };
        let before = self.words.iter().rev().find(|word| word.to <= item.from);
        let held_before = before.is_some_and(|word| {
            holds(word) && item.from - word.to <= NEAR && !self.ends_between(word.to, item.from)
        });
        let after = self.words.iter().find(|word| word.from >= item.to);
        let held_after = after.is_some_and(|word| {
            holds(word) && word.from - item.to <= 2 && !self.ends_between(item.to, word.from)
        });
        held_before || held_after
    }

    /// Whether a sentence ends between two tokens. A point inside "Avl. Bal" or "Rs." ends none.
    fn ends_between(&self, from: usize, to: usize) -> bool {
        (from..to).any(|at| match self.tokens.text(at) {
            "\n" | ";" => true,
            "." | "," => !self.tokens.glued(at + 1) && self.tokens.capital(at + 1),
            _ => false,
        })
    }

    /// The day that the message is about.
    fn day(&self, direction: Direction, context: &Context) -> Option<(Item, Date, u16)> {
        let toward = match direction {
            Direction::Upcoming | Direction::MandateMade => Toward::Future,
            Direction::Debit
            | Direction::Credit
            | Direction::Refund
            | Direction::Failed
            | Direction::MandateRevoked => Toward::Past,
        };
        self.items.iter().find_map(|item| {
            let Phrase::Date(when) = item.phrase else { return None };
            let before = item.from.checked_sub(1).map_or("", |at| self.tokens.text(at));
            if matches!(before, "till" | "until" | "upto" | "bis" | "hasta" | "ate" | "expiry" | "by") {
                return None;
            }
            let (day, doubt) = when.resolve(context.today, toward)?;
            let other = if doubt > 0 && toward == Toward::Past { just_now(context.today, day) } else { None };
            let day = other.unwrap_or(day);
            // "will be refunded within 3 days", "you've spent £11 today" are of something else.
            let tomorrow = context.today.tomorrow().unwrap_or(context.today);
            if toward == Toward::Past && day > tomorrow || self.is_of_another_sentence(item) {
                return None;
            }
            Some((*item, day, if other.is_some() { 60 } else { doubt }))
        })
    }

    /// A day without digits in another sentence than the amount.
    fn is_of_another_sentence(&self, item: &Item) -> bool {
        let digits = (item.from..item.to).any(|at| self.tokens.numeral(at).is_some());
        let amount = self.amounts().find(|(_, _, held)| !held).map(|(amount, _, _)| amount);
        !digits && amount.is_some_and(|amount| self.ends_between(amount.to, item.from))
    }

    /// The digits behind "ending", "XX" or a star.
    fn account(&self) -> Option<String> {
        (0..self.tokens.len()).find_map(|at| {
            let digits = self.tokens.numeral(at).filter(|digits| (3..=6).contains(&digits.len()))?;
            let before = at.checked_sub(1).map_or("", |at| self.tokens.text(at));
            let masked = self.tokens.glued(at)
                && ((matches!(before, "*" | "x" | "•" | "." | "…") || before.ends_with("尾号"))
                    || before.chars().all(|c| c == 'x'));
            let named = matches!(
                before,
                "ending"
                    | "in"
                    | "with"
                    | "no"
                    | "card"
                    | "ac"
                    | "c"
                    | "account"
                    | "acct"
                    | "final"
                    | "kartu"
                    | "konto"
                    | "kart"
                    | "kort"
                    | "kaart"
                    | "karta"
                    | "karte"
                    | "carta"
                    | "cartao"
                    | "tarjeta"
                    | "compte"
                    | "cuenta"
                    | "conta"
                    | "conto"
                    | "hesap"
                    | "rekening"
            );
            let ending = at.checked_sub(2).map_or("", |at| self.tokens.text(at));
            let named = named
                || ["end", "termin", "finiss", "slut", "eindig"].iter().any(|word| ending.starts_with(word));
            let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
            (all_digits && !before.is_empty() && (masked || named)).then(|| digits.to_owned())
        })
    }

    fn cycle(&self) -> Option<Cycle> {
        self.items.iter().find_map(|item| {
            if let Phrase::Cycle(cycle) = item.phrase {
                return cycle;
            }
            if let Phrase::Rhythm(cycle, _) = item.phrase { Some(cycle) } else { None }
        })
    }
}

impl<'t, 's> Parts<'t, 's> {
    fn of(tokens: &'t Tokens<'s>, items: &[Item]) -> Self {
        let mut words = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match SENSES.at(tokens, at).or_else(|| within(tokens.text(at)).map(|sense| (sense, at + 1))) {
                Some((sense, to)) => {
                    words.push(Word { from: at, to, sense });
                    // "credit card" holds no credit; what is inside a phrase is not looked at.
                    at = to;
                }
                None => at += 1,
            }
        }
        Self { tokens, items: items.to_vec(), words }
    }

    /// Whether it tells what an account holds, and of no money that moves.
    fn only_holds(&self) -> bool {
        let named = self.has(Sense::Account) || self.account().is_some();
        named && self.has(Sense::Holds) && !self.has(Sense::Myself) && self.direction().is_none()
    }
}

/// The parts of a text, where it is an alert: it names an account, says which way money went, and nobody speaks of
/// themselves or of how often something is paid.
fn parts<'t, 's>(
    tokens: &'t Tokens<'s>,
    items: &[Item],
    direction: &mut Option<Direction>,
) -> Option<Parts<'t, 's>> {
    let parts = Parts::of(tokens, items);
    // "FREE" is a company as well.
    let is_trial = |item: &Item| {
        let Phrase::Trial(length) = item.phrase else { return false };
        length.is_some() || tokens.written(item.from, item.to).contains(char::is_lowercase)
    };
    let repeats = parts.cycle().is_some() || items.iter().any(is_trial);
    if parts.has(Sense::Myself) || (repeats && !parts.has(Sense::Mandate)) {
        return None;
    }
    *direction = parts.direction();
    let receipt = parts.first(Sense::Credit).is_some_and(|credit| parts.is_receipt(credit));
    let account = parts.is_about_a_direct_debit()
        || [Sense::Account, Sense::Holds, Sense::Mandate].into_iter().any(|sense| parts.has(sense))
        || parts.account().is_some()
        || parts.opens_as_an_institution()
        || receipt
        || parts.is_confirmed();
    let found = (*direction)?;
    let tells = match found {
        Direction::Debit | Direction::Credit | Direction::Refund | Direction::Upcoming => {
            parts.amounts().any(|(_, _, held)| !held)
        }
        // "Your parcel could not be delivered" is of no account's money.
        Direction::Failed => {
            parts.amounts().any(|(_, _, held)| !held)
                || [Sense::Debit, Sense::Mandate].into_iter().any(|sense| parts.has(sense))
        }
        Direction::MandateMade | Direction::MandateRevoked => true,
    };
    (account && tells).then_some(parts)
}

impl Parts<'_, '_> {
    /// "Your payment of … to … is successful".
    fn is_confirmed(&self) -> bool {
        let payment = |at: usize| {
            self.words.iter().any(|word| word.sense == Sense::Debit && word.from >= at && word.from <= at + 3)
        };
        let yours = (0..self.tokens.len().min(4)).any(|at| self.tokens.text(at) == "your" && payment(at));
        yours && self.has(Sense::Done)
    }

    /// "Chase: You made…", "Revolut: Payment of…": whoever speaks names themselves first.
    fn opens_as_an_institution(&self) -> bool {
        let colon = (1..self.tokens.len().min(6)).find(|at| self.tokens.text(*at) == ":");
        colon.is_some_and(|at| self.tokens.capital(0) && self.words.iter().all(|word| word.from > at))
    }
}

/// What a message says, where it is one of a bank, a card or a wallet.
pub(super) fn find(tokens: &Tokens<'_>, items: &[Item], context: &Context) -> Option<Alert> {
    let mut direction = None;
    let parts = parts(tokens, items, &mut direction)?;
    let direction = direction?;
    let payee = payee::find(&parts, direction);
    Some(Alert {
        direction,
        amount: parts.moved(context).map(|(_, money)| money),
        payee: payee.as_ref().map(|payee| payee.name.clone()),
        service: payee.as_ref().and_then(|payee| payee.service).map(|service| service.slug()),
        on: parts.day(direction, context).map(|(_, day, _)| day),
        account: parts.account(),
        balance: parts.amounts().find(|(_, _, held)| *held).map(|(_, money, _)| money),
    })
}

/// What becomes of an alert: a reading where it is about something paid again and again, else a refusal. `None` for
/// what is no alert.
pub(super) fn read(
    tokens: &Tokens<'_>,
    signals: &[Signal],
    items: &[Item],
    context: &Context,
) -> Option<Outcome> {
    let mut direction = None;
    if Parts::of(tokens, items).first(Sense::Asked).is_some_and(|asked| asked.from > 0) {
        return Some(refused(
            RefusalReason::NotAboutASubscription,
            "Somebody asks for money; none has moved.",
        ));
    }
    let Some(parts) = parts(tokens, items, &mut direction) else {
        let only_holds = Parts::of(tokens, items).only_holds();
        return only_holds.then(|| refused(RefusalReason::Balance, "This says what an account holds."));
    };
    let direction = direction?;
    let payee = payee::find(&parts, direction);
    let known = payee.as_ref().is_some_and(|payee| payee.service.is_some());
    let repeating = parts.has(Sense::Mandate)
        || signals.iter().any(|signal| signal.meaning == Meaning::Subscribing)
        || payee.as_ref().is_some_and(|payee| lexicon::category_of(&payee.name).is_some());
    let event = match direction {
        Direction::Credit => return Some(refused(RefusalReason::Credit, "This is money that came in.")),
        Direction::Refund if !known && !repeating => {
            return Some(refused(
                RefusalReason::Credit,
                "This is money that came back, for no known subscription.",
            ));
        }
        Direction::Refund => EventKind::PaymentRefunded,
        Direction::Failed => EventKind::PaymentFailed,
        Direction::Debit => EventKind::PaymentRecorded,
        Direction::Upcoming | Direction::MandateMade => EventKind::SubscriptionCreated,
        Direction::MandateRevoked => EventKind::SubscriptionCancelled,
    };
    if !known && !repeating {
        let why = "A single payment to somebody who is no known subscription.";
        return Some(refused(RefusalReason::OneOffPurchase, why));
    }
    Some(Outcome::Readings(vec![reading(&parts, event, direction, payee, context)]))
}

fn refused(reason: RefusalReason, why: &str) -> Outcome {
    Outcome::Refused(refusal(reason, why.to_owned()))
}

fn reading(
    parts: &Parts<'_, '_>,
    event: EventKind,
    direction: Direction,
    payee: Option<Payee>,
    context: &Context,
) -> Reading {
    let amount = parts.moved(context);
    let day = parts.day(direction, context);
    let creates = event == EventKind::SubscriptionCreated;
    let cycle = parts.cycle().filter(|_| creates);
    let mut doubt = payee.as_ref().map_or(300, |payee| payee.doubt);
    doubt += day.map_or(0, |(_, _, doubt)| doubt);
    let several = parts.amounts().filter(|(_, _, held)| !held).count();
    doubt += if several > 1 { 60 } else { 0 };
    doubt += if direction == Direction::Debit && parts.is_only_named() { 70 } else { 0 };
    doubt += if direction == Direction::Debit && parts.is_mixed() { 70 } else { 0 };
    let mut missing = Vec::new();
    if payee.is_none() {
        missing.push(Field::Name);
    }
    if creates && amount.is_none() {
        missing.push(Field::Price);
    }
    if creates && cycle.is_none() {
        missing.push(Field::Cycle);
    }
    let mut per_mille = MOST.saturating_sub(doubt);
    if !missing.is_empty() {
        per_mille = per_mille.min(ASKS);
    }
    let service = payee.as_ref().and_then(|payee| payee.service);
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut spot = |field, (start, end): (usize, usize)| evidence.push(Evidence { field, start, end });
    if let Some((item, _)) = amount {
        spot(Field::Price, parts.tokens.span(item.from, item.to));
    }
    if let Some((item, _, _)) = day {
        let field = if creates { Field::NextChargeOn } else { Field::EffectiveOn };
        spot(field, parts.tokens.span(item.from, item.to));
    }
    if let Some(payee) = &payee {
        spot(Field::Name, parts.tokens.span(payee.from, payee.to));
    }
    evidence.sort_by_key(|spot| (spot.start, spot.field));
    let on = day.map(|(_, day, _)| day);
    Reading {
        event,
        confidence: Confidence::new(per_mille.max(50)),
        category: match (service, &payee) {
            (Some(service), _) => Some(service.category()),
            (None, Some(payee)) => lexicon::category_of(&payee.name),
            (None, None) => None,
        },
        name: payee.map(|payee| payee.name),
        service: service.map(|service| service.slug()),
        plan: None,
        price: amount.map(|(_, money)| money),
        cycle,
        first_charge_on: None,
        next_charge_on: on.filter(|_| creates),
        trial_ends_on: None,
        effective_on: on.filter(|_| !creates),
        promotion: None,
        missing,
        evidence,
    }
}
