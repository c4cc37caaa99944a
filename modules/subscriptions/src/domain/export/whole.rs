//! What a household has, as it goes out and comes back.

use jiff::Timestamp;
use kernel::MemberId;

use crate::domain::{
    Budget, DocumentKind, Entry, FileName, Given, OwnRate, Past, Payment, Sharing, Sorting, Subscription,
};

/// Everything of a household that one of it sees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Everything {
    /// What subscriptions are sorted by.
    pub sorting: Sorting,
    /// Who belongs to it or did: first whoever looks.
    pub members: Vec<Fellow>,
    /// Its subscriptions, in the order of their ids.
    pub subscriptions: Vec<Whole>,
    /// What it means to spend at most.
    pub budgets: Vec<Budget>,
    /// What members gave one another.
    pub settlements: Vec<Given>,
    /// The rates it set by hand.
    pub own_rates: Vec<OwnRate>,
}

/// Somebody of the household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fellow {
    /// Which member.
    pub id: MemberId,
    /// What they are called.
    pub name: String,
    /// Whether it is whoever looks.
    pub you: bool,
    /// Whether they have left.
    pub left: bool,
}

/// A subscription with its payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The subscription.
    pub subscription: Subscription,
    /// Its payments, by charge date.
    pub payments: Vec<Held>,
}

/// A payment with all that is kept with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The payment, as the ledger keeps it.
    pub entry: Entry,
    /// What it was before each change, the oldest first.
    pub changes: Vec<Past>,
    /// The files that are kept with it, in the order in which they were added.
    pub documents: Vec<Attached>,
    /// How it was shared, where its subscription is shared in another way since.
    pub shared: Option<Sharing>,
}

impl Held {
    /// A payment that nobody has touched, recorded at an instant.
    pub const fn new(payment: Payment, recorded_at: Timestamp) -> Self {
        let entry = Entry { payment, recorded_by: None, recorded_at, changed_at: None, version: 1 };
        Self { entry, changes: Vec::new(), documents: Vec::new(), shared: None }
    }
}

/// A file that is kept with a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// What it is called.
    pub name: FileName,
    /// What it is.
    pub kind: DocumentKind,
    /// When it was added.
    pub added_at: Timestamp,
    /// Its bytes; `None` where there are too many to go out.
    pub content: Option<Vec<u8>>,
}
