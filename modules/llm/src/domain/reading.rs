//! What the reader answers with.

use jiff::civil::Date;
use kernel::{Cycle, Money};

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It speaks of one subscription or more; never empty.
    Readings(Vec<Reading>),
    /// It does not, or must not be acted upon.
    Refused(Refusal),
}

/// What a sentence says happened, or should happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// Somebody pays, or will pay, for something again and again.
    SubscriptionCreated,
    /// It is to end.
    SubscriptionCancelled,
    /// It rests.
    SubscriptionPaused,
    /// It goes on.
    SubscriptionResumed,
    /// It costs something else from some day on.
    SubscriptionPriceChanged,
    /// Money was taken.
    PaymentRecorded,
    /// Money could not be taken.
    PaymentFailed,
    /// Money came back.
    PaymentRefunded,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::SubscriptionCreated,
        Self::SubscriptionCancelled,
        Self::SubscriptionPaused,
        Self::SubscriptionResumed,
        Self::SubscriptionPriceChanged,
        Self::PaymentRecorded,
        Self::PaymentFailed,
        Self::PaymentRefunded,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SubscriptionCreated => "subscription.created",
            Self::SubscriptionCancelled => "subscription.cancelled",
            Self::SubscriptionPaused => "subscription.paused",
            Self::SubscriptionResumed => "subscription.resumed",
            Self::SubscriptionPriceChanged => "subscription.price_changed",
            Self::PaymentRecorded => "payment.recorded",
            Self::PaymentFailed => "payment.failed",
            Self::PaymentRefunded => "payment.refunded",
        }
    }
}

/// How sure the reader is, in thousandths. Above 900 it is meant to be right 98 times in 100; below
/// [`Confidence::ASK`] the person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u16);

impl Confidence {
    /// Below this, nothing happens without the person's word.
    pub const ASK: Self = Self(600);

    /// `per_mille` thousandths; more than a thousand is a thousand.
    pub const fn new(per_mille: u16) -> Self {
        Self(if per_mille > 1000 { 1000 } else { per_mille })
    }

    /// Thousandths, 0 to 1000.
    pub const fn per_mille(self) -> u16 {
        self.0
    }

    /// Whether the person has to be asked.
    pub fn asks(self) -> bool {
        self < Self::ASK
    }
}

/// A member of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// What happened.
    Event,
    /// What is paid for.
    Name,
    /// The tier of it.
    Plan,
    /// What it costs.
    Price,
    /// How often.
    Cycle,
    /// The day of the first charge.
    FirstChargeOn,
    /// The day of the next charge.
    NextChargeOn,
    /// The day on which a trial ends.
    TrialEndsOn,
    /// The day on which the act happened or takes effect.
    EffectiveOn,
    /// A price that holds for a while before the regular one.
    Promotion,
}

impl Field {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Name => "name",
            Self::Plan => "plan",
            Self::Price => "price",
            Self::Cycle => "cycle",
            Self::FirstChargeOn => "first_charge_on",
            Self::NextChargeOn => "next_charge_on",
            Self::TrialEndsOn => "trial_ends_on",
            Self::EffectiveOn => "effective_on",
            Self::Promotion => "promotion",
        }
    }
}

/// Which words gave which field: bytes `start..end` of the original text, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// The field.
    pub field: Field,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A price that holds for a while before the regular one: "3 months at 99, then 499".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promotion {
    /// What is paid meanwhile, at the reading's cycle.
    pub price: Money,
    /// For how long: `every` units of it.
    pub lasts: Cycle,
}

/// One subscription, or one act on one, as the text tells it. What the text does not say is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What happened.
    pub event: EventKind,
    /// How sure the reader is of all of it together.
    pub confidence: Confidence,
    /// The name to show: the catalogue's casing where the service is known, else as it was written.
    pub name: Option<String>,
    /// The slug of a known service.
    pub service: Option<&'static str>,
    /// The tier: "Premium", "Family".
    pub plan: Option<String>,
    /// The regular price.
    pub price: Option<Money>,
    /// The cycle of the price.
    pub cycle: Option<Cycle>,
    /// The day of the first charge, for "starting", "from", "since" and days that have passed.
    pub first_charge_on: Option<Date>,
    /// The day of the next charge, for "renews on", "due" and days to come.
    pub next_charge_on: Option<Date>,
    /// The day on which a trial ends.
    pub trial_ends_on: Option<Date>,
    /// For everything but `subscription.created`: when it happened or takes effect.
    pub effective_on: Option<Date>,
    /// The price before the regular one.
    pub promotion: Option<Promotion>,
    /// The slug of a built-in category.
    pub category: Option<&'static str>,
    /// What has to be asked before this can be acted upon.
    pub missing: Vec<Field>,
    /// Where it was said, in order of the text.
    pub evidence: Vec<Evidence>,
}

/// Why a text becomes no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// Nothing in it to read.
    Empty,
    /// More than the reader takes at once.
    TooLong,
    /// Something paid for once.
    OneOffPurchase,
    /// A code that somebody must keep to themselves.
    OneTimeCode,
    /// What an account holds.
    Balance,
    /// Money that came in.
    Credit,
    /// A lure.
    Spam,
    /// A text that tries to give orders to the machinery.
    Instruction,
    /// A question, not a statement.
    Question,
    /// Anything else.
    NotAboutASubscription,
}

impl RefusalReason {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::OneOffPurchase => "one_off_purchase",
            Self::OneTimeCode => "one_time_code",
            Self::Balance => "balance",
            Self::Credit => "credit",
            Self::Spam => "spam",
            Self::Instruction => "instruction",
            Self::Question => "question",
            Self::NotAboutASubscription => "not_about_a_subscription",
        }
    }
}

/// A text that becomes no event, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, for machines.
    pub reason: RefusalReason,
    /// The reason, for the person.
    pub detail: String,
}
