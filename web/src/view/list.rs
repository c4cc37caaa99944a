//! Around lists, and lines of a ledger.

use jiff::civil::Date;
use kernel::Money;

use crate::Tone;

/// One of the filters above a list: a link.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What it leaves in the list.
    pub text: String,
    /// The list with it.
    pub href: String,
    /// How many it leaves, where that is known.
    pub count: Option<u64>,
    /// Whether it holds now.
    pub active: bool,
}

/// The ways on from a page of a list.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    /// Back to the start of the list; `None` on its first page.
    pub first: Option<String>,
    /// The next page; `None` on its last.
    pub next: Option<String>,
}

/// A line of a price history or of the payments made.
#[derive(Debug, Clone)]
pub struct LedgerLine {
    /// When.
    pub on: Date,
    /// What, in a word or two: `Paid`, `Price rise`.
    pub what: String,
    /// What else is worth knowing.
    pub detail: Option<String>,
    /// How to take it.
    pub tone: Tone,
    /// How much.
    pub amount: Money,
}
