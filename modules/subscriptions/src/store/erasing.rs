//! Forgetting somebody.

use contracts::erasure::AccountErasing;
use kernel::{HouseholdId, UserId};
use platform::{
    db::{Batch, Statement},
    sql,
};
use uuid::Uuid;

/// Forgets households that ended with somebody, and in the others what was theirs alone and that it was they who did what
/// stays.
pub(crate) fn erase(batch: &mut Batch, erasing: &AccountErasing) {
    for household in erasing.ended() {
        all_of(household).into_iter().for_each(|statement| batch.add(statement));
    }
    for (household, heir) in erasing.staying() {
        batch.concerns(household);
        let theirs =
            private_of(household, erasing.user).into_iter().chain(named(household, erasing.user, heir));
        theirs.for_each(|statement| batch.add(statement));
    }
}

fn all_of(household: HouseholdId) -> [Statement; 13] {
    [
        sql!("DELETE FROM payment_documents WHERE household_id = $1", household),
        sql!("DELETE FROM payment_changes WHERE household_id = $1", household),
        sql!("DELETE FROM payment_shares WHERE household_id = $1", household),
        sql!("DELETE FROM payments WHERE household_id = $1", household),
        sql!("DELETE FROM reminders WHERE household_id = $1", household),
        sql!("DELETE FROM subscriptions WHERE household_id = $1", household),
        sql!("DELETE FROM labels WHERE household_id = $1", household),
        sql!("DELETE FROM own_rates WHERE household_id = $1", household),
        sql!("DELETE FROM calendar_feeds WHERE household_id = $1", household),
        sql!("DELETE FROM imports WHERE household_id = $1", household),
        sql!("DELETE FROM settlements WHERE household_id = $1", household),
        sql!("DELETE FROM budgets WHERE household_id = $1", household),
        sql!("DELETE FROM households WHERE household_id = $1", household),
    ]
}

/// The subscriptions that nobody else sees.
macro_rules! private {
    () => {
        "(SELECT id FROM subscriptions WHERE household_id = $1 AND created_by = $2 AND private)"
    };
}

fn private_of(household: HouseholdId, user: UserId) -> [Statement; 6] {
    [
        sql!(
            concat!(
                "DELETE FROM payment_documents WHERE household_id = $1 AND payment_id IN
                     (SELECT id FROM payments WHERE household_id = $1 AND subscription_id IN ",
                private!(),
                ")"
            ),
            household,
            user
        ),
        sql!(
            concat!(
                "DELETE FROM payment_changes WHERE household_id = $1 AND payment_id IN
                     (SELECT id FROM payments WHERE household_id = $1 AND subscription_id IN ",
                private!(),
                ")"
            ),
            household,
            user
        ),
        sql!(
            concat!("DELETE FROM payment_shares WHERE household_id = $1 AND subscription_id IN ", private!()),
            household,
            user
        ),
        sql!(
            concat!("DELETE FROM payments WHERE household_id = $1 AND subscription_id IN ", private!()),
            household,
            user
        ),
        sql!(
            concat!("DELETE FROM reminders WHERE household_id = $1 AND subscription_id IN ", private!()),
            household,
            user
        ),
        sql!(
            "DELETE FROM subscriptions WHERE household_id = $1 AND created_by = $2 AND private",
            household,
            user
        ),
    ]
}

/// What stays is looked after by the heir; who did it is nobody any more.
fn named(household: HouseholdId, user: UserId, heir: UserId) -> [Statement; 8] {
    let nobody = Uuid::nil();
    [
        sql!(
            "UPDATE subscriptions SET created_by = $3, version = version + 1
             WHERE household_id = $1 AND created_by = $2",
            household,
            user,
            heir
        ),
        sql!("DELETE FROM reminders WHERE household_id = $1 AND recipient_id = $2", household, user),
        sql!("DELETE FROM imports WHERE household_id = $1 AND created_by = $2", household, user),
        sql!("DELETE FROM calendar_feeds WHERE household_id = $1 AND created_by = $2", household, user),
        sql!(
            "UPDATE payments SET recorded_by = NULL WHERE household_id = $1 AND recorded_by = $2",
            household,
            user
        ),
        sql!(
            "UPDATE payment_changes SET changed_by = $3 WHERE household_id = $1 AND changed_by = $2",
            household,
            user,
            nobody
        ),
        sql!(
            "UPDATE payment_documents SET added_by = $3 WHERE household_id = $1 AND added_by = $2",
            household,
            user,
            nobody
        ),
        sql!(
            "UPDATE settlements SET created_by = $3 WHERE household_id = $1 AND created_by = $2",
            household,
            user,
            nobody
        ),
    ]
}
