//! What is said of a notification and its deliveries.

use jiff::Timestamp;
use kernel::{ChannelId, DeliveryId, HouseholdId, NotificationId, SubscriptionId};
use serde::Serialize;

use crate::{
    domain::{Facts, Kind, texts::Reading},
    store::{Attempt, DeliveryState, INBOX, KeptDelivery, Told},
};

/// Something you should know.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Notification)]
pub(crate) struct NotificationBody {
    id: NotificationId,
    kind: Kind,
    /// In a line, in your language.
    title: String,
    /// In a sentence or two.
    body: String,
    /// The page it leads to.
    #[schema(example = "/subscriptions")]
    path: String,
    household_id: HouseholdId,
    subscription_id: Option<SubscriptionId>,
    /// Whether it waited for nothing.
    urgent: bool,
    /// When it came to your inbox, the last time.
    #[schema(value_type = String, format = DateTime)]
    shown_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    read_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    done_at: Option<Timestamp>,
    /// Until when it sleeps.
    #[schema(value_type = Option<String>, format = DateTime)]
    snoozed_until: Option<Timestamp>,
}

impl NotificationBody {
    pub(crate) fn new(told: &Told, reading: &Reading) -> Self {
        let words = reading.words(told.kind, &told.facts);
        Self {
            id: told.id,
            kind: told.kind,
            title: words.title,
            body: words.body,
            path: path(told.subscription, &told.facts),
            household_id: told.household,
            subscription_id: told.subscription,
            urgent: told.urgent,
            shown_at: told.shown_at,
            created_at: told.created_at,
            read_at: told.read_at,
            done_at: told.done_at,
            snoozed_until: told.snoozed_until,
        }
    }
}

/// The page that something leads to.
pub(crate) fn path(subscription: Option<SubscriptionId>, facts: &Facts) -> String {
    match (subscription, facts) {
        (Some(id), _) => format!("/subscriptions/{id}"),
        (None, Facts::Budget { .. }) => "/budgets".into(),
        (None, Facts::Channel { channel, .. }) => format!("/notifications/channels/{channel}"),
        (None, Facts::Webhook { webhook, .. }) => format!("/notifications/webhooks/{webhook}"),
        (None, Facts::Ticket { ticket, .. }) => format!("/help/tickets/{ticket}"),
        (None, Facts::Subscription { .. }) => "/subscriptions".into(),
    }
}

/// A notification and what became of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NotificationDetail)]
pub(crate) struct DetailBody {
    #[serde(flatten)]
    pub(super) notification: NotificationBody,
    /// By which ways it was sent, or not, and why.
    pub(super) deliveries: Vec<DeliveryBody>,
}

/// A notification on its way by one channel.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryBody {
    id: DeliveryId,
    notification_id: NotificationId,
    /// `null` for the inbox.
    channel_id: Option<ChannelId>,
    /// `inbox`, or which provider.
    channel_kind: String,
    /// What the notification is about.
    kind: Kind,
    /// Grows when it is sent again.
    round: i64,
    state: DeliveryState,
    /// Why it is not sent, not yet, or was given up.
    reason: Option<String>,
    /// Whether it shares a message with others.
    digest: bool,
    #[schema(value_type = String, format = DateTime)]
    planned_for: Timestamp,
    /// When it is tried again.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_try_at: Option<Timestamp>,
    /// How often it was tried.
    tries: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was sent, given up or cancelled.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// Every try; only where one delivery is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<Vec<AttemptBody>>,
}

/// One try.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeliveryAttempt)]
pub(crate) struct AttemptBody {
    number: i64,
    /// `accepted`, `later`, `refused` or `gone`.
    outcome: String,
    /// What the provider said.
    said: String,
    #[schema(value_type = String, format = DateTime)]
    began_at: Timestamp,
    took_milliseconds: i64,
}

impl From<Attempt> for AttemptBody {
    fn from(attempt: Attempt) -> Self {
        Self {
            number: attempt.number,
            outcome: attempt.outcome,
            said: attempt.said,
            began_at: attempt.began_at,
            took_milliseconds: attempt.took_ms,
        }
    }
}

impl DeliveryBody {
    pub(super) fn new(kept: KeptDelivery) -> Self {
        Self {
            id: kept.id,
            notification_id: kept.notification,
            channel_id: Some(kept.channel).filter(|id| *id != INBOX),
            channel_kind: kept.channel_kind,
            kind: kept.kind,
            round: kept.round,
            state: kept.state,
            reason: kept.reason,
            digest: kept.digest,
            planned_for: kept.planned_for,
            next_try_at: kept.next_try_at,
            tries: kept.tries,
            created_at: kept.created_at,
            finished_at: kept.finished_at,
            attempts: None,
        }
    }

    pub(super) fn with(mut self, attempts: Vec<Attempt>) -> Self {
        self.attempts = Some(attempts.into_iter().map(AttemptBody::from).collect());
        self
    }
}
