//! What people are told about.

use contracts::subscriptions::ReminderKind;
use serde::{Deserialize, Serialize};

/// What a notification is about, as people choose by it how they are told.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[schema(as = NotificationKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A subscription will be charged.
    RenewalNear,
    /// A trial ends.
    TrialEnds,
    /// A promotion ends.
    PromotionEnds,
    /// A price rises.
    PriceRises,
    /// The last day to cancel is near.
    CancelByNear,
    /// A payment is to be made by hand.
    PaymentDue,
    /// A payment was to be made by hand, and is not.
    PaymentOverdue,
    /// A payment did not go through.
    PaymentFailed,
    /// More was spent than was meant to be.
    BudgetPassed,
    /// What somebody handed over was answered.
    TicketAnswered,
    /// One of the ways by which somebody is told works no more.
    ChannelBroken,
    /// An address that was told of events takes them no more.
    WebhookBroken,
    /// A test of one of them.
    Test,
}

/// A text that names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is no kind of notification")]
pub struct KindError;

impl Kind {
    /// Every one that people choose about, in the order in which they are shown.
    pub const CHOSEN: [Self; 12] = [
        Self::RenewalNear,
        Self::TrialEnds,
        Self::PromotionEnds,
        Self::PriceRises,
        Self::CancelByNear,
        Self::PaymentDue,
        Self::PaymentOverdue,
        Self::PaymentFailed,
        Self::BudgetPassed,
        Self::TicketAnswered,
        Self::ChannelBroken,
        Self::WebhookBroken,
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
            Self::BudgetPassed => "budget_passed",
            Self::TicketAnswered => "ticket_answered",
            Self::ChannelBroken => "channel_broken",
            Self::WebhookBroken => "webhook_broken",
            Self::Test => "test",
        }
    }

    /// What it is called where people choose.
    pub const fn label(self) -> &'static str {
        match self {
            Self::RenewalNear => "A renewal is near",
            Self::TrialEnds => "A free trial ends",
            Self::PromotionEnds => "A promotion ends",
            Self::PriceRises => "A price rises",
            Self::CancelByNear => "The last day to cancel is near",
            Self::PaymentDue => "A payment is due",
            Self::PaymentOverdue => "A payment is overdue",
            Self::PaymentFailed => "A payment failed",
            Self::BudgetPassed => "A budget is passed",
            Self::TicketAnswered => "Support answered you",
            Self::ChannelBroken => "A channel stopped working",
            Self::WebhookBroken => "A webhook was turned off",
            Self::Test => "A test",
        }
    }

    /// Whether it may be turned off. That something else works no more is told by what still does.
    pub const fn can_be_off(self) -> bool {
        !matches!(self, Self::ChannelBroken | Self::WebhookBroken | Self::Test)
    }
}

impl std::str::FromStr for Kind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Self, KindError> {
        let all = Self::CHOSEN.into_iter().chain([Self::Test]);
        all.into_iter().find(|kind| kind.as_str() == text).ok_or(KindError)
    }
}

impl From<ReminderKind> for Kind {
    fn from(kind: ReminderKind) -> Self {
        match kind {
            ReminderKind::RenewalNear => Self::RenewalNear,
            ReminderKind::TrialEnds => Self::TrialEnds,
            ReminderKind::PromotionEnds => Self::PromotionEnds,
            ReminderKind::PriceRises => Self::PriceRises,
            ReminderKind::CancelByNear => Self::CancelByNear,
            ReminderKind::PaymentDue => Self::PaymentDue,
            ReminderKind::PaymentOverdue => Self::PaymentOverdue,
            ReminderKind::PaymentFailed => Self::PaymentFailed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_reminder_is_a_kind_by_the_same_word() {
        for kind in ReminderKind::ALL {
            assert_eq!(Kind::from(kind).as_str(), kind.as_str());
            assert_eq!(kind.as_str().parse(), Ok(Kind::from(kind)));
        }
    }
}
