//! Forgetting somebody.

use contracts::erasure::AccountErasing;
use platform::{db::Batch, sql};

/// Forgets the ways somebody took and what they handed over, and the ways of others through households that ended with
/// them. What they answered others stands without a name.
pub(crate) fn erase(batch: &mut Batch, erasing: &AccountErasing) {
    let user = erasing.user;
    batch.add(sql!("DELETE FROM sessions WHERE user_id = $1", user));
    batch.add(sql!("DELETE FROM short_answers WHERE user_id = $1", user));
    batch.add(sql!(
        "DELETE FROM ticket_openings
         WHERE agent_id = $1 OR ticket_id IN (SELECT id FROM tickets WHERE user_id = $1)",
        user
    ));
    batch.add(sql!("UPDATE tickets SET claimed_by = NULL WHERE claimed_by = $1", user));
    batch.add(sql!("DELETE FROM ticket_messages WHERE user_id = $1", user));
    batch.add(sql!("DELETE FROM tickets WHERE user_id = $1", user));
    batch.add(sql!(
        "UPDATE ticket_messages SET author_id = $2 WHERE author_id = $1",
        user,
        uuid::Uuid::nil()
    ));
    for household in erasing.ended() {
        batch.add(sql!("DELETE FROM sessions WHERE household_id = $1", household));
    }
}
