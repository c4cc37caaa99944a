//! Bank statements: whatever they are written in, they become the same lines.

use jiff::civil::Date;
use kernel::{Currency, Money};

pub(super) mod camt;
pub(super) mod mt940;
pub(super) mod ofx;
pub(super) mod rows;

/// One movement of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// Where it stands in the file.
    pub line: u32,
    /// The day on which the bank booked it.
    pub booked_on: Date,
    /// How much, in minor units; less than nought is what was paid.
    pub minor: i64,
    /// Of which currency.
    pub currency: Currency,
    /// To whom, where the file has a place for it.
    pub counterparty: String,
    /// What the bank says it was for.
    pub text: String,
}

impl StatementLine {
    /// What was paid, when anything was.
    pub fn paid(&self) -> Option<Money> {
        (self.minor < 0).then(|| Money::from_minor(-self.minor, self.currency))
    }

    /// All that is said about it.
    pub fn said(&self) -> String {
        match (self.counterparty.is_empty(), self.text.is_empty()) {
            (true, _) => self.text.clone(),
            (false, true) => self.counterparty.clone(),
            (false, false) => format!("{} {}", self.counterparty, self.text),
        }
    }
}

/// Days that a statement may have.
fn plausible(date: Date) -> bool {
    (1970..=2199).contains(&date.year())
}

/// Words on one line, without the room between them that banks fill lines up with.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
