//! subscriptions: what is paid for again and again.

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Actor, BudgetId, Cycle, EventPayload, ImportId, MessageId, Money, PaymentId, ReminderId, SubscriptionId,
    UserId,
};
use serde::{Deserialize, Serialize};

use crate::{CallError, schemas::Described};

/// What others ask of subscriptions. Every call is for the actor's household and sees nothing else.
#[async_trait]
pub trait Subscriptions: Send + Sync {
    /// Begins to track one.
    ///
    /// # Errors
    /// [`CallError::Invalid`] when a rule forbids it, [`CallError::Unavailable`].
    async fn create(&self, actor: &Actor, new: NewSubscription) -> Result<Summary, CallError>;

    /// Those that may be meant by `name` or by the catalogue's `service`, the likeliest first, at most ten.
    /// Neither cancelled nor ended ones are left out: the caller sees the status.
    ///
    /// # Errors
    /// [`CallError::Unavailable`].
    async fn named(
        &self,
        actor: &Actor,
        name: &str,
        service: Option<&str>,
    ) -> Result<Vec<Summary>, CallError>;

    /// Does to one what its owner could do by hand.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when its state does not allow it, or
    /// [`CallError::Unavailable`].
    async fn act(&self, actor: &Actor, id: SubscriptionId, act: Act) -> Result<Summary, CallError>;

    /// Finds the payment that a message or a statement tells of, and makes it what was told: a charge within five
    /// per cent of its amount and four days of its charge date is that payment, and none is added.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when no payment fits or its state does not allow it,
    /// [`CallError::Invalid`], or [`CallError::Unavailable`].
    async fn confirm_charge(&self, actor: &Actor, news: ChargeNews) -> Result<Confirmation, CallError>;
}

/// What a message or a statement tells of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargeNews {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// What became of it.
    pub outcome: ChargeOutcome,
    /// How much, where it was said.
    pub amount: Option<Money>,
    /// On which day, where it was said.
    pub on: Option<Date>,
    /// Who told of it.
    pub teller: Teller,
}

/// What became of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeOutcome {
    /// The money moved.
    Paid,
    /// It did not go through.
    Failed,
    /// The money came back.
    Refunded,
}

/// Who told of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teller {
    /// Words that were read.
    Message,
    /// A bank's statement.
    Statement,
}

/// Which payment a charge was, and what it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The payment.
    pub payment: PaymentId,
    /// Its charge date.
    pub due_on: Date,
    /// Its subscription.
    pub subscription: Summary,
}

/// What can be done to a subscription from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Stop charging until resumed.
    Pause,
    /// Go on after a pause; the dates that passed are skipped.
    Resume,
    /// No renewal after what is paid; or from a day on.
    Cancel {
        /// The first day on which it can no longer be used; the next charge date when left out.
        ends_on: Option<Date>,
    },
    /// Take a cancellation back.
    Reactivate,
    /// Another price from a day on.
    ChangePrice {
        /// The new price, in the subscription's currency.
        price: Money,
        /// From which day; today when left out.
        from: Option<Date>,
    },
}

/// Something to track. Name, price and cycle are enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSubscription {
    /// What people call it.
    pub name: String,
    /// Which of its plans.
    pub plan: Option<String>,
    /// Its slug in the catalogue.
    pub service: Option<String>,
    /// What one charge costs.
    pub price: Money,
    /// How often; `None` is bought once.
    pub cycle: Option<Cycle>,
    /// The anchor; the end of the trial, else today, when left out.
    pub first_charge_on: Option<Date>,
    /// The first day that is not free.
    pub trial_ends_on: Option<Date>,
    /// The first day on which it can no longer be used.
    pub ends_on: Option<Date>,
    /// Whether charges that fell due before today make payments.
    pub backfill: bool,
    /// A built-in category's slug.
    pub category: Option<String>,
    /// Which words it came from.
    pub source: Source,
}

/// Where a subscription came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// A form, or the API.
    Manual,
    /// Words that were read.
    Text {
        /// Which.
        message_id: MessageId,
    },
    /// A file that was imported.
    Import {
        /// Which import.
        import_id: ImportId,
    },
}

/// Where a subscription is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Free until the trial ends.
    Trial,
    /// Renews.
    Active,
    /// Does not renew until resumed.
    Paused,
    /// Does not renew any more; may be used until it ends.
    Cancelled,
    /// Over.
    Ended,
}

impl Status {
    /// Every one, in the order of a life.
    pub const ALL: [Self; 5] = [Self::Trial, Self::Active, Self::Paused, Self::Cancelled, Self::Ended];

    /// The word on the wire and in databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Ended => "ended",
        }
    }
}

/// A text that names no status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of trial, active, paused, cancelled, ended")]
pub struct StatusError;

impl std::str::FromStr for Status {
    type Err = StatusError;

    fn from_str(text: &str) -> Result<Self, StatusError> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(StatusError)
    }
}

/// What others see of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its id.
    pub id: SubscriptionId,
    /// What people call it.
    pub name: String,
    /// Its slug in the catalogue.
    pub service: Option<String>,
    /// Where it is in its life.
    pub status: Status,
    /// What a charge costs today.
    pub price: Money,
    /// How often; `None` was bought once.
    pub cycle: Option<Cycle>,
    /// The next charge; `None` when there is none to come.
    pub next_charge_on: Option<Date>,
    /// The first day that is not free.
    pub trial_ends_on: Option<Date>,
    /// The first day on which it can no longer be used.
    pub ends_on: Option<Date>,
}

/// What a reminder is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ReminderKind {
    /// It will be charged, without anybody's doing.
    RenewalNear,
    /// It is not free any more from that day on.
    TrialEnds,
    /// It goes back to a price that it had before.
    PromotionEnds,
    /// From that day on it costs more than ever before.
    PriceRises,
    /// The last day on which it can be cancelled before it binds for another term.
    CancelByNear,
    /// It is to be paid by hand.
    PaymentDue,
    /// It was to be paid by hand, and is not paid.
    PaymentOverdue,
    /// It was tried, and did not go through.
    PaymentFailed,
}

impl ReminderKind {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::RenewalNear,
        Self::TrialEnds,
        Self::PromotionEnds,
        Self::PriceRises,
        Self::CancelByNear,
        Self::PaymentDue,
        Self::PaymentOverdue,
        Self::PaymentFailed,
    ];

    /// The word on the wire and in databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RenewalNear => "renewal_near",
            Self::TrialEnds => "trial_ends",
            Self::PromotionEnds => "promotion_ends",
            Self::PriceRises => "price_rises",
            Self::CancelByNear => "cancel_by_near",
            Self::PaymentDue => "payment_due",
            Self::PaymentOverdue => "payment_overdue",
            Self::PaymentFailed => "payment_failed",
        }
    }
}

/// A text that names no kind of reminder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is no kind of reminder")]
pub struct ReminderKindError;

impl std::str::FromStr for ReminderKind {
    type Err = ReminderKindError;

    fn from_str(text: &str) -> Result<Self, ReminderKindError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(ReminderKindError)
    }
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $type:literal { $($(#[$field_doc:meta])* $field:ident: $of:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        pub struct $name { $($(#[$field_doc])* pub $field: $of,)* }
        impl EventPayload for $name {
            const TYPE: &'static str = $type;
            const SOURCE: &'static str = "/subscriptions";
        }
    )*

        /// What subscriptions says.
        pub(crate) fn described() -> Vec<Described> {
            vec![$(Described::of::<$name>(),)* Described::of::<BudgetPassed>()]
        }
    };
}

// The subject of all of these is the subscription's id, so that they stay in order.
facts! {
    /// One is tracked from now on.
    SubscriptionCreated = "subscription.created" {
        /// Which.
        subscription: SubscriptionId,
        /// What people call it.
        name: String,
        /// What one charge costs today.
        price: Money,
        /// How often.
        cycle: Option<Cycle>,
        /// The next charge.
        #[schema(value_type = Option<String>, format = Date)]
        next_charge_on: Option<Date>,
        /// Where it came from.
        source: Source,
    }
    /// Something else about it is different.
    SubscriptionChanged = "subscription.changed" {
        /// Which.
        subscription: SubscriptionId,
        /// What people call it.
        name: String,
        /// The next charge.
        #[schema(value_type = Option<String>, format = Date)]
        next_charge_on: Option<Date>,
        /// Its category: the slug of a built-in one, or the id of one of the household's own.
        #[serde(default)]
        category: Option<String>,
    }
    /// Another price holds from a day on.
    SubscriptionPriceChanged = "subscription.price_changed" {
        /// Which.
        subscription: SubscriptionId,
        /// The price before.
        before: Money,
        /// The price from that day on.
        after: Money,
        /// The day.
        #[schema(value_type = String, format = Date)]
        from: Date,
    }
    /// It does not renew until resumed.
    SubscriptionPaused = "subscription.paused" {
        /// Which.
        subscription: SubscriptionId,
    }
    /// It renews again.
    SubscriptionResumed = "subscription.resumed" {
        /// Which.
        subscription: SubscriptionId,
        /// The next charge.
        #[schema(value_type = Option<String>, format = Date)]
        next_charge_on: Option<Date>,
    }
    /// It renews no more.
    SubscriptionCancelled = "subscription.cancelled" {
        /// Which.
        subscription: SubscriptionId,
        /// The first day on which it can no longer be used.
        #[schema(value_type = String, format = Date)]
        ends_on: Date,
    }
    /// A cancellation was taken back.
    SubscriptionReactivated = "subscription.reactivated" {
        /// Which.
        subscription: SubscriptionId,
        /// The next charge.
        #[schema(value_type = Option<String>, format = Date)]
        next_charge_on: Option<Date>,
    }
    /// It is over.
    SubscriptionEnded = "subscription.ended" {
        /// Which.
        subscription: SubscriptionId,
    }
    /// It and its payments are tracked no more.
    SubscriptionDeleted = "subscription.deleted" {
        /// Which.
        subscription: SubscriptionId,
    }
    /// A charge date has arrived, or somebody entered a payment.
    PaymentRecorded = "payment.recorded" {
        /// Which payment.
        payment: PaymentId,
        /// Of which subscription.
        subscription: SubscriptionId,
        /// The charge date that identifies it.
        #[schema(value_type = String, format = Date)]
        due_on: Date,
        /// How much.
        amount: Money,
        /// Whether it is `paid` already or still `due`.
        status: String,
    }
    /// Money has moved for what was due or had failed.
    PaymentPaid = "payment.paid" {
        /// Which payment.
        payment: PaymentId,
        /// Of which subscription.
        subscription: SubscriptionId,
        /// The charge date, or the day of an extra charge.
        #[schema(value_type = String, format = Date)]
        due_on: Date,
        /// The day the money moved.
        #[schema(value_type = String, format = Date)]
        paid_on: Date,
        /// How much.
        amount: Money,
    }
    /// It did not go through.
    PaymentFailed = "payment.failed" {
        /// Which payment.
        payment: PaymentId,
        /// Of which subscription.
        subscription: SubscriptionId,
        /// The charge date, or the day of an extra charge.
        #[schema(value_type = String, format = Date)]
        due_on: Date,
        /// How much.
        amount: Money,
    }
    /// The money came back.
    PaymentRefunded = "payment.refunded" {
        /// Which payment.
        payment: PaymentId,
        /// Of which subscription.
        subscription: SubscriptionId,
        /// The charge date, or the day of an extra charge.
        #[schema(value_type = String, format = Date)]
        due_on: Date,
        /// How much.
        amount: Money,
    }
    /// It will not be paid.
    PaymentSkipped = "payment.skipped" {
        /// Which payment.
        payment: PaymentId,
        /// Of which subscription.
        subscription: SubscriptionId,
        /// The charge date, or the day of an extra charge.
        #[schema(value_type = String, format = Date)]
        due_on: Date,
        /// How much.
        amount: Money,
    }
    /// Its amount or its day was corrected, or its last change was taken back: this is what it is now.
    PaymentChanged = "payment.changed" {
        /// Which payment.
        payment: PaymentId,
        /// Of which subscription.
        subscription: SubscriptionId,
        /// The charge date, or the day of an extra charge.
        #[schema(value_type = String, format = Date)]
        due_on: Date,
        /// The day the money moved, where it did.
        #[schema(value_type = Option<String>, format = Date)]
        paid_on: Option<Date>,
        /// `due`, `paid`, `failed`, `skipped` or `refunded`.
        status: String,
        /// How much.
        amount: Money,
    }
    /// It was entered by mistake, and is in the ledger no more.
    PaymentRemoved = "payment.removed" {
        /// Which payment.
        payment: PaymentId,
        /// Of which subscription.
        subscription: SubscriptionId,
        /// The charge date, or the day of an extra charge.
        #[schema(value_type = String, format = Date)]
        due_on: Date,
    }
    /// The time has come to tell somebody something. Each reminder is said once, however often one looks; whoever
    /// hears it decides by which way it reaches the recipient, and when, unless it is urgent.
    ReminderDue = "reminder.due" {
        /// Which reminder.
        reminder: ReminderId,
        /// About which subscription.
        subscription: SubscriptionId,
        /// Whom to tell.
        recipient: UserId,
        /// What the reminder is about.
        kind: ReminderKind,
        /// What people call the subscription.
        name: String,
        /// The charge date, or the day on which the trial, the price or the notice ends.
        #[schema(value_type = String, format = Date)]
        about_on: Date,
        /// How many days before that day it was to be told; less than nought, how many days after it.
        lead_days: i64,
        /// What is charged then.
        amount: Money,
        /// For when it was planned. After downtime it is told later than that, but not after `about_on`.
        #[schema(value_type = String, format = DateTime)]
        planned_for: Timestamp,
        /// Whether it should wait for nothing.
        urgent: bool,
    }
}

/// More was spent in a period than was meant to be. Told once a period. Its subject is the budget's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BudgetPassed {
    /// Which.
    pub budget: BudgetId,
    /// The first day of the period.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// What was meant to be spent at most.
    pub limit: Money,
    /// What was spent by then, in the household's currency.
    pub spent: Money,
    /// Whose budget it is, where it is not everybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<UserId>,
}

impl EventPayload for BudgetPassed {
    const TYPE: &'static str = "budget.passed";
    const SOURCE: &'static str = "/subscriptions";
}
