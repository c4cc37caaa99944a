//! A subscription as another program or a table tells of it, on its way to being tracked here.

use contracts::subscriptions::Source;
use jiff::{Span, civil::Date};
use kernel::{Currency, Cycle, Invalid, Money, Unit};

use super::Offer;
use crate::domain::{
    Birth, Charge, Draft, Fact, LabelName, MonthEnd, Payment, PaymentSource, PaymentState, Prices, Proposal,
    Schedule, Subscription,
};

/// Where it is in its life, beyond what its dates say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It renews, or has ended by its dates.
    Runs,
    /// It rests.
    Paused,
    /// It was cancelled; the first day on which it can no longer be used, where that is known.
    Cancelled(Option<Date>),
}

/// One subscription that a file tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line, or the number in its list, at which it stands.
    pub line: u32,
    /// What it is called, as far as that can be read.
    pub name: String,
    /// What is to be tracked, or everything that is wrong with it.
    pub found: Result<(Draft, Life), Vec<String>>,
    /// By what it is sorted, by name.
    pub wanted: Wanted,
    /// What its owner should know.
    pub remarks: Vec<String>,
}

/// By what something is sorted elsewhere. What the household does not have under that name is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// A category that is none of the built-in ones.
    pub category: Option<String>,
    /// What it is paid with.
    pub payment_method: Option<String>,
    /// What it is marked with.
    pub tags: Vec<String>,
}

/// What is known of an entry before it is checked.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) line: u32,
    pub(super) proposal: Proposal,
    pub(super) wanted: Wanted,
    pub(super) life: Life,
    pub(super) next_charge_on: Option<Date>,
    pub(super) wrong: Vec<String>,
    pub(super) remarks: Vec<String>,
}

impl Raw {
    pub(super) fn new(line: u32, name: &str, backfill: bool) -> Self {
        Self {
            line,
            proposal: Proposal {
                backfill,
                ..Proposal::of(name.trim(), Money::zero(Currency::EUR), Some(Cycle::MONTHLY))
            },
            wanted: Wanted::default(),
            life: Life::Runs,
            next_charge_on: None,
            wrong: Vec::new(),
            remarks: Vec::new(),
        }
    }

    pub(super) fn wrong(&mut self, text: impl Into<String>) {
        self.wrong.push(text.into());
    }

    pub(super) fn remark(&mut self, text: impl Into<String>) {
        self.remarks.push(text.into());
    }

    /// Marks it with a payment method, by name.
    pub(super) fn pays_with(&mut self, name: &str) {
        self.wanted.payment_method = named(name);
    }

    /// Keeps what has no place of its own with the notes, so that nothing is lost.
    pub(super) fn note(&mut self, what: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            let notes = &mut self.proposal.notes;
            if !notes.is_empty() {
                notes.push('\n');
            }
            notes.push_str(&format!("{what}: {value}"));
        }
    }

    /// The entry, checked by the rules that everything keeps.
    pub(super) fn check(mut self, today: Date) -> Entry {
        self.settle_dates();
        // A link that cannot be kept as one is worth keeping as words.
        if let Some(url) = self.proposal.url.take_if(|url| {
            let url = url.trim();
            !url.is_empty() && crate::domain::Link::parse(url).is_err()
        }) {
            self.note("Link", &url);
        }
        let name = self.proposal.name.clone();
        let found = match self.proposal.check(today) {
            Ok(draft) if self.wrong.is_empty() => Ok((draft, self.life)),
            Ok(_) => Err(self.wrong),
            Err(invalid) => Err(self.wrong.into_iter().chain(sentences(&invalid)).collect()),
        };
        Entry { line: self.line, name, found, wanted: self.wanted, remarks: self.remarks }
    }

    /// Finds the anchor: the first charge, when the next one follows from it; else the next one. A cancellation before
    /// that needs a charge before itself.
    fn settle_dates(&mut self) {
        let Proposal { cycle, month_end, first_charge_on, .. } = self.proposal;
        if let Some(next) = self.next_charge_on {
            let leads = first_charge_on.is_some_and(|first| {
                first <= next && Schedule::new(first, cycle, month_end).index_of(next).is_some()
            });
            if !leads {
                if let Some(first) = first_charge_on {
                    self.remarks.push(format!(
                        "Its start on {first} does not lead to its next charge on {next}; it is counted from the \
                         latter."
                    ));
                }
                self.proposal.first_charge_on = Some(next);
            }
        }
        if let (Life::Cancelled(Some(ends_on)), Some(first)) = (self.life, self.proposal.first_charge_on) {
            if ends_on <= first
                && let Some(before) = cycle.and_then(|cycle| anchor_before(first, cycle, ends_on))
            {
                self.proposal.first_charge_on = Some(before);
            }
            if self.proposal.first_charge_on.is_some_and(|first| first < ends_on) {
                self.proposal.ends_on = Some(ends_on);
            }
        }
    }
}

/// A name that a label can have, when it is one.
pub(super) fn named(name: &str) -> Option<String> {
    LabelName::parse(name).ok().map(|name| name.to_string())
}

/// What is wrong, as sentences that name the member.
fn sentences(invalid: &Invalid) -> impl Iterator<Item = String> {
    invalid.errors().iter().map(|error| {
        let member = error.pointer.trim_start_matches('/').replace(['/', '_'], " ");
        format!("{member}: {}", error.detail)
    })
}

/// An anchor before `day` from which `date` follows, when one lies within a few years.
fn anchor_before(date: Date, cycle: Cycle, day: Date) -> Option<Date> {
    let every = i64::from(cycle.every());
    (1..=520).find_map(|k| {
        let span = match cycle.unit() {
            Unit::Day => Span::new().try_days(every * k),
            Unit::Week => Span::new().try_weeks(every * k),
            Unit::Month => Span::new().try_months(every * k),
            Unit::Year => Span::new().try_years(every * k),
        };
        let before = date.checked_sub(span.ok()?).ok()?;
        let leads = Schedule::new(before, Some(cycle), MonthEnd::AnchorDay).index_of(date).is_some();
        (before < day && leads).then_some(before)
    })
}

/// A subscription that was taken over from elsewhere, with the charges it brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// The subscription.
    pub subscription: Subscription,
    /// Its charges, the oldest first.
    pub charges: Vec<Charge>,
    /// What is to be told.
    pub facts: Vec<Fact>,
}

impl Adopted {
    /// Tracks what an entry tells of.
    pub fn entry(draft: Draft, life: Life, birth: Birth) -> Self {
        let (mut subscription, advance) = Subscription::create(draft, birth, usize::MAX);
        let mut facts = advance.facts;
        // What its dates have ended needs no further word; a trial runs until it is cancelled.
        let told = match life {
            Life::Runs => Ok(Vec::new()),
            Life::Paused => subscription.pause(),
            Life::Cancelled(ends_on) => subscription.cancel(ends_on, birth.today),
        };
        facts.extend(told.unwrap_or_default());
        Self { subscription, charges: advance.charges, facts }
    }

    /// Tracks what a statement shows: the lines are its payments, and what fell due since the last of them is
    /// assumed.
    pub fn offer(offer: &Offer, source: Source, backfill: bool, birth: Birth) -> Result<Self, String> {
        let proposal = Proposal {
            price: offer.price(),
            cycle: Some(offer.cycle),
            month_end: if offer.last_day { MonthEnd::LastDay } else { MonthEnd::AnchorDay },
            first_charge_on: Some(offer.anchor),
            price_varies: offer.varies,
            source,
            ..Raw::new(0, &offer.name, backfill).proposal
        };
        let draft = proposal
            .check(birth.today)
            .map_err(|invalid| sentences(&invalid).collect::<Vec<_>>().join("; "))?;
        let prices = offered_prices(offer).ok_or("Its prices cannot be kept")?;
        let settled = offer.last().and_then(|last| last.due_on.tomorrow().ok()).unwrap_or(offer.anchor);
        let mut charges: Vec<Charge> = offer
            .charges
            .iter()
            .map(|shown| Charge {
                due_on: shown.due_on,
                amount: Money::from_minor(shown.minor, offer.currency),
                state: PaymentState::Paid { on: shown.booked_on },
                source: PaymentSource::Statement,
                expected: false,
            })
            .collect();
        let (subscription, advance) = Subscription::adopt(draft, prices, settled, birth);
        charges.extend(advance.charges);
        Ok(Self { subscription, charges, facts: advance.facts })
    }

    /// The payments to record, each with an id of its own.
    pub fn payments(&self, mut id: impl FnMut() -> kernel::PaymentId) -> Vec<Payment> {
        self.charges.iter().map(|charge| charge.payment(id(), &self.subscription)).collect()
    }
}

fn offered_prices(offer: &Offer) -> Option<Prices> {
    let (first, rest) = offer.steps.split_first()?;
    let mut prices = Prices::constant(first.0, Money::from_minor(first.1, offer.currency));
    for (from, minor) in rest {
        prices.change(*from, Money::from_minor(*minor, offer.currency)).ok()?;
    }
    Some(prices)
}
