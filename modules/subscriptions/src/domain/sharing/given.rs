//! What one member gave another to be even.

use jiff::{Timestamp, civil::Date};
use kernel::{HouseholdId, MemberId, Money, SettlementId, UserId};

/// An entry in the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its id.
    pub id: SettlementId,
    /// Whose.
    pub household: HouseholdId,
    /// Who gave it.
    pub from: MemberId,
    /// Who got it.
    pub to: MemberId,
    /// How much.
    pub amount: Money,
    /// When.
    pub paid_on: Date,
    /// What was written beside it.
    pub note: String,
    /// Who entered it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}
