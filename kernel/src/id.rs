//! Typed ids: a `UUIDv7` inside, a prefix that tells the kind in text (`sub_0197f3c2…`).

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// A kind of thing that has ids.
pub trait Kind: 'static {
    /// What stands before the underscore in the text form.
    const PREFIX: &'static str;
}

/// The id of one `K`. Text form: the kind's prefix, `_`, and 32 lower-case hexadecimal digits.
pub struct Id<K> {
    uuid: Uuid,
    kind: PhantomData<fn() -> K>,
}

impl<K> Id<K> {
    /// Gives a `UUID` its kind. The caller vouches that it belongs to a `K`.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, kind: PhantomData }
    }

    /// The `UUID` inside, as databases store it.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

/// A text that is not an id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind: expected {prefix}_ followed by 32 hexadecimal digits")]
pub struct IdError {
    prefix: &'static str,
}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = IdError { prefix: K::PREFIX };
        let digits = text.strip_prefix(K::PREFIX).and_then(|rest| rest.strip_prefix('_'));
        // `Uuid` reads hyphens, braces and capitals too; one id has one text.
        match digits {
            Some(digits)
                if digits.len() == 32
                    && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) =>
            {
                Uuid::parse_str(digits).map(Self::from_uuid).map_err(|_| error)
            }
            _ => Err(error),
        }
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.uuid.simple())
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

// Derives would ask the same of `K`, which is never held.
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<K> hash::Hash for Id<K> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident, $alias:ident, $prefix:literal;)*) => {
        /// The kinds of things that have ids; used as the parameter of [`Id`] alone.
        pub mod kinds {
            $($(#[$doc])* #[derive(Debug)] pub enum $kind {})*
        }
        $(
            impl Kind for kinds::$kind {
                const PREFIX: &'static str = $prefix;
            }
            $(#[$doc])*
            pub type $alias = Id<kinds::$kind>;
        )*
    };
}

kinds! {
    /// A person with a login.
    User, UserId, "usr";
    /// The people who share subscriptions.
    Household, HouseholdId, "hou";
    /// A person in a household, with or without a log-in.
    Member, MemberId, "mem";
    /// A way into a household, for one person.
    Invitation, InvitationId, "inv";
    /// What one member paid another to be even.
    Settlement, SettlementId, "stl";
    /// One log-in on one device.
    Session, SessionId, "ses";
    /// A key that signs access tokens.
    SigningKey, SigningKeyId, "key";
    /// A key by which a program acts for somebody.
    ApiKey, ApiKeyId, "apk";
    /// An act that concerns somebody's account.
    AuditEntry, AuditEntryId, "aud";
    /// A device, or a manager of passwords, that shows who somebody is.
    Passkey, PasskeyId, "psk";
    /// Mail about an account.
    Letter, LetterId, "ltr";
    /// An account on its way out.
    Erasure, ErasureId, "era";
    /// Something paid for again and again.
    Subscription, SubscriptionId, "sub";
    /// One charge.
    Payment, PaymentId, "pay";
    /// A file that is kept with a payment.
    Document, DocumentId, "doc";
    /// A category of a household's own.
    Category, CategoryId, "cat";
    /// A word that a household marks its subscriptions with.
    Tag, TagId, "tag";
    /// What a household pays with.
    PaymentMethod, PaymentMethodId, "pym";
    /// An address at which a calendar reads.
    CalendarFeed, CalendarFeedId, "cal";
    /// Something to be told at an instant, once.
    Reminder, ReminderId, "rem";
    /// What a household means to spend at most.
    Budget, BudgetId, "bud";
    /// Words that came in, and how they were read.
    Message, MessageId, "msg";
    /// A file that was sent to be imported.
    Import, ImportId, "imp";
    /// Something one person should know.
    Notification, NotificationId, "ntf";
    /// A way by which a person is told.
    Channel, ChannelId, "chn";
    /// A notification on its way by one channel.
    Delivery, DeliveryId, "dlv";
    /// A way through a help tree.
    HelpSession, HelpSessionId, "hlp";
    /// What was handed over to a person.
    Ticket, TicketId, "tkt";
    /// What was said of a ticket.
    TicketMessage, TicketMessageId, "tkm";
    /// An answer that is kept to be given again.
    AnswerTemplate, AnswerTemplateId, "ans";
    /// A fact that has happened.
    Event, EventId, "evt";
    /// An event that a consumer could not take.
    DeadLetter, DeadLetterId, "dlt";
    /// An address that is told of events.
    Webhook, WebhookId, "whk";
    /// An event on its way to such an address.
    WebhookMessage, WebhookMessageId, "whm";
}

impl UserId {
    /// The household every person has of their own.
    ///
    /// It bears the person's own `UUID`, so that whoever knows the person knows it without asking.
    pub const fn own_household(self) -> HouseholdId {
        HouseholdId::from_uuid(self.uuid)
    }

    /// The member that every person is of the household of their own, with their own `UUID` too.
    pub const fn own_member(self) -> MemberId {
        MemberId::from_uuid(self.uuid)
    }
}

/// Where new ids come from. An argument, so that tests can name what they expect.
pub trait Ids: Send + Sync + 'static {
    /// A fresh `UUIDv7`.
    fn uuid(&self) -> Uuid;
}

impl dyn Ids {
    /// A fresh id of the kind that is asked for.
    pub fn next<K: Kind>(&self) -> Id<K> {
        Id::from_uuid(self.uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "sub_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f";

    #[test]
    fn text_form_round_trips_and_keeps_its_kind() {
        let id: SubscriptionId = TEXT.parse().unwrap();
        assert_eq!(id.to_string(), TEXT);
        assert_eq!(serde_json::from_str::<SubscriptionId>(&format!("\"{TEXT}\"")).unwrap(), id);
    }

    #[test]
    fn an_id_of_another_kind_or_shape_is_refused() {
        for wrong in [
            "pay_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f",
            "sub_0197F3C2A5B07C3E8D1F2A3B4C5D6E7F",
            "sub_0197f3c2-a5b0-7c3e-8d1f-2a3b4c5d6e7f",
            "sub_0197",
            "sub",
            "",
            "sub_é197f3c2a5b07c3e8d1f2a3b4c5d6e7",
        ] {
            assert!(wrong.parse::<SubscriptionId>().is_err(), "{wrong}");
        }
    }
}
