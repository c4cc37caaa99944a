//! Forgetting somebody.

use contracts::erasure::AccountErasing;
use kernel::{HouseholdId, UserId};
use platform::{db::Batch, sql};

/// Forgets what somebody was told, by what, and what they had others told; what was told of households that ended with
/// them; and what addresses of other households were told of what they did.
pub(crate) fn erase(batch: &mut Batch, erasing: &AccountErasing) {
    let user = erasing.user;
    batch.add(sql!(
        "DELETE FROM attempts WHERE delivery_id IN (SELECT id FROM deliveries WHERE user_id = $1)",
        user
    ));
    for statement in [
        sql!("DELETE FROM deliveries WHERE user_id = $1", user),
        sql!("DELETE FROM notifications WHERE user_id = $1", user),
        sql!("DELETE FROM channels WHERE user_id = $1", user),
        sql!("DELETE FROM people WHERE user_id = $1", user),
    ] {
        batch.add(statement);
    }
    for household in erasing.ended() {
        erase_household(batch, household);
    }
    for (household, _) in erasing.staying() {
        erase_webhooks_of(batch, household, user);
    }
}

fn erase_household(batch: &mut Batch, household: HouseholdId) {
    for statement in [
        sql!(
            "DELETE FROM attempts WHERE delivery_id IN
                 (SELECT d.id FROM deliveries d JOIN notifications n ON n.id = d.notification_id
                  WHERE n.household_id = $1)",
            household
        ),
        sql!(
            "DELETE FROM deliveries WHERE notification_id IN
                 (SELECT id FROM notifications WHERE household_id = $1)",
            household
        ),
        sql!("DELETE FROM notifications WHERE household_id = $1", household),
        sql!("DELETE FROM webhook_attempts WHERE household_id = $1", household),
        sql!("DELETE FROM webhook_messages WHERE household_id = $1", household),
        sql!("DELETE FROM webhooks WHERE household_id = $1", household),
    ] {
        batch.add(statement);
    }
}

/// Their own addresses there with what those were told, and what others were told that names them.
fn erase_webhooks_of(batch: &mut Batch, household: HouseholdId, user: UserId) {
    let named = format!("%{}%", user.uuid().simple());
    for statement in [
        sql!(
            "DELETE FROM webhook_attempts WHERE household_id = $1 AND message_id IN
                 (SELECT m.id FROM webhook_messages m JOIN webhooks w ON w.id = m.webhook_id
                  WHERE m.household_id = $1 AND (w.user_id = $2 OR m.body LIKE $3))",
            household,
            user,
            &named
        ),
        sql!(
            "DELETE FROM webhook_messages WHERE household_id = $1 AND
                 (body LIKE $3 OR webhook_id IN (SELECT id FROM webhooks WHERE household_id = $1 AND user_id = $2))",
            household,
            user,
            &named
        ),
        sql!("DELETE FROM webhooks WHERE household_id = $1 AND user_id = $2", household, user),
    ] {
        batch.add(statement);
    }
}
