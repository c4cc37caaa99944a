//! What has happened.

use contracts::subscriptions::{
    PaymentChanged, PaymentFailed, PaymentPaid, PaymentRecorded, PaymentRefunded, PaymentRemoved,
    PaymentSkipped, SubscriptionCancelled, SubscriptionChanged, SubscriptionCreated, SubscriptionDeleted,
    SubscriptionEnded, SubscriptionPaused, SubscriptionPriceChanged, SubscriptionReactivated,
    SubscriptionResumed,
};
use jiff::Timestamp;
use kernel::{Event, EventId, SubscriptionId};

macro_rules! facts {
    ($($name:ident($payload:ident)),* $(,)?) => {
        /// What a decision made happen, as the contract tells it to others.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Fact {
            $(#[doc = concat!("See [`", stringify!($payload), "`].")] $name($payload),)*
        }

        impl Fact {
            /// Which subscription it is about.
            pub const fn subscription(&self) -> SubscriptionId {
                match self { $(Self::$name(payload) => payload.subscription,)* }
            }

            /// In its envelope. Its subject is always the subscription, so that consumers see its facts in order.
            pub fn event(&self, id: EventId, time: Timestamp) -> Event {
                let subject = self.subscription().to_string();
                match self { $(Self::$name(payload) => Event::new(id, subject, time, payload),)* }
            }
        }

        $(impl From<$payload> for Fact {
            fn from(payload: $payload) -> Self {
                Self::$name(payload)
            }
        })*
    };
}

facts! {
    Created(SubscriptionCreated),
    Changed(SubscriptionChanged),
    PriceChanged(SubscriptionPriceChanged),
    Paused(SubscriptionPaused),
    Resumed(SubscriptionResumed),
    Cancelled(SubscriptionCancelled),
    Reactivated(SubscriptionReactivated),
    Ended(SubscriptionEnded),
    Deleted(SubscriptionDeleted),
    PaymentRecorded(PaymentRecorded),
    PaymentPaid(PaymentPaid),
    PaymentFailed(PaymentFailed),
    PaymentRefunded(PaymentRefunded),
    PaymentSkipped(PaymentSkipped),
    PaymentChanged(PaymentChanged),
    PaymentRemoved(PaymentRemoved),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::id;

    #[test]
    fn an_event_is_about_the_subscription() {
        let fact = Fact::from(SubscriptionEnded { subscription: id(7) });
        let event = fact.event(id(1), Timestamp::UNIX_EPOCH);
        assert_eq!(event.kind, "subscription.ended");
        assert_eq!(event.subject, id::<kernel::kinds::Subscription>(7).to_string());
        assert_eq!(
            event.payload::<SubscriptionEnded>().unwrap(),
            Some(SubscriptionEnded { subscription: id(7) })
        );
    }
}
