//! What modules ask of one another goes by a [`Way`] each: as often as `limits.modules` allows, so much at once, and not
//! for ever. Two ways are open: who somebody is, as that is asked with every request, which the door has counted already;
//! and what a language model is asked, which has bounds of its own and takes longer than this.

use std::{net::IpAddr, sync::Arc};

use async_trait::async_trait;
use contracts::{
    CallError,
    auth::{Accounts, AuditLog, Deed},
    help::{
        Charge, Charges, Deliveries, Fresh, Freshness, Imported, Importing, Keeping, LogIns, Priced, Pricing,
        ReadWords, Readings, Reckoning, Reminded, Reminding, Shared, Sharing, Tested, Totalled, Trace,
        WaysIn, Weighed,
    },
    subscriptions::{Act, ChargeNews, Confirmation, NewSubscription, ReminderKind, Subscriptions, Summary},
    users::{Account, Brought, Home, Household, Member, Membership, Newcomer, Rosters, Users},
};
use kernel::{
    Actor, ChannelId, Cycle, HouseholdId, ImportId, MemberId, MessageId, NotificationId, PaymentId,
    ReminderId, SubscriptionId, UserId,
};
use platform::{quota::Limit, ways::Way};

/// A module, as another one reaches it.
pub(crate) struct Reached<T: ?Sized> {
    callee: Arc<T>,
    way: Way,
}

/// The module `callee`, named `to`, as the module named `from` reaches it.
pub(crate) fn reached<T: ?Sized>(
    (from, to): (&'static str, &'static str),
    callee: &Arc<T>,
    limit: Limit,
) -> Arc<Reached<T>> {
    Arc::new(Reached { callee: Arc::clone(callee), way: Way::new(from, to, limit) })
}

/// Asks by the way whatever the trait can be asked.
macro_rules! by_its_way {
    ($($contract:ident { $(fn $question:ident($($word:ident: $of:ty),*) -> $answer:ty;)+ })+) => {$(
        #[async_trait]
        impl<T: $contract + ?Sized> $contract for Reached<T> {
            $(async fn $question(&self, $($word: $of),*) -> Result<$answer, CallError> {
                let asked = self.way.take(self.callee.$question($($word),*)).await;
                asked.unwrap_or_else(|barred| Err(CallError::Unavailable(barred.to_string())))
            })+
        }
    )+};
}

by_its_way! {
    Accounts {
        fn is_open(user: UserId) -> bool;
    }
    AuditLog {
        fn write_down(actor: &Actor, deed: Deed, detail: &str, whence: (Option<IpAddr>, &str)) -> ();
    }
    Charges {
        fn charge(actor: &Actor, id: PaymentId) -> Charge;
        fn newest_failure(actor: &Actor) -> Option<Charge>;
        fn mark_paid(actor: &Actor, id: PaymentId) -> Charge;
        fn reckoning(actor: &Actor, id: SubscriptionId) -> Reckoning;
    }
    Deliveries {
        fn trace(actor: &Actor, reminder: ReminderId, kind: ReminderKind) -> Option<Trace>;
        fn unmute(actor: &Actor, subscription: SubscriptionId) -> ();
        fn tell_kind(actor: &Actor, kind: ReminderKind, channel: ChannelId) -> ();
        fn end_quiet_hours(actor: &Actor) -> ();
        fn send_again(actor: &Actor, id: NotificationId) -> ();
        fn try_channel(actor: &Actor, id: ChannelId) -> Tested;
    }
    Freshness {
        fn freshness(actor: &Actor) -> Fresh;
        fn refresh(actor: &Actor) -> ();
    }
    Importing {
        fn imported(actor: &Actor, id: Option<ImportId>) -> Option<Imported>;
        fn apply_import(actor: &Actor, id: ImportId) -> Imported;
        fn undo_import(actor: &Actor, id: ImportId) -> Imported;
    }
    Keeping {
        fn weighed(actor: &Actor, id: SubscriptionId) -> Weighed;
        fn cancel(actor: &Actor, id: SubscriptionId) -> Weighed;
        fn pause(actor: &Actor, id: SubscriptionId) -> ();
        fn came_from(actor: &Actor, id: SubscriptionId) -> Option<MessageId>;
    }
    LogIns {
        fn ways_in(actor: &Actor) -> WaysIn;
        fn end_others(actor: &Actor) -> ();
    }
    Pricing {
        fn priced(actor: &Actor, id: SubscriptionId) -> Priced;
        fn totalled(actor: &Actor) -> Totalled;
        fn charge_every(actor: &Actor, id: SubscriptionId, cycle: Cycle) -> Priced;
    }
    Readings {
        fn read(actor: &Actor, id: Option<MessageId>) -> Option<ReadWords>;
    }
    Reminding {
        fn reminded(actor: &Actor, subscription: Option<SubscriptionId>) -> Reminded;
        fn resume(actor: &Actor, id: SubscriptionId) -> ();
    }
    Rosters {
        fn bring(actor: &Actor, people: &[Newcomer]) -> Brought;
        fn send_away(actor: &Actor, members: &[MemberId]) -> ();
    }
    Sharing {
        fn shared(actor: &Actor, id: SubscriptionId) -> Shared;
        fn show_to_household(actor: &Actor, id: SubscriptionId) -> ();
    }
    Subscriptions {
        fn create(actor: &Actor, new: NewSubscription) -> Summary;
        fn named(actor: &Actor, name: &str, service: Option<&str>) -> Vec<Summary>;
        fn act(actor: &Actor, id: SubscriptionId, act: Act) -> Summary;
        fn confirm_charge(actor: &Actor, news: ChargeNews) -> Confirmation;
    }
    Users {
        fn open_account(account: &Account) -> ();
        fn household(household: HouseholdId) -> Option<Household>;
        fn account(user: UserId) -> Option<Account>;
        fn membership(user: UserId, household: HouseholdId) -> Option<Membership>;
        fn members(household: HouseholdId) -> Vec<Member>;
        fn households(user: UserId) -> Vec<Home>;
    }
}
