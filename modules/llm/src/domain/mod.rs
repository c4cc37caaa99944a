//! The reader: a sentence about subscriptions in, readings or a refusal out.
//!
//! The way of a sentence, each step pure and tested where it is written:
//!
//! 1. `token`: letters are folded and cut into tokens that remember their bytes in the original text.
//! 2. `phrasebook`: set phrases (acts, cues, codes, balances, injections) are found in one pass.
//! 3. `filter`: what is not about a subscription is refused before anything is read out of it.
//! 4. `alert`: messages of banks, cards and wallets are read by their structure, and are done with.
//! 5. `grammar`: small functions propose amounts, cycles, dates, lengths, trials and services with a score; the
//!    best set of proposals that do not overlap is kept.
//! 6. `total`: of the amounts of a receipt only what was paid in all is kept.
//! 7. `clause`: several subscriptions in a message are told apart.
//! 8. `assemble`: each clause becomes a reading with its confidence, what is missing and the words it came from.
//!
//! What a language model says of a text goes through `suggestion`, which takes nothing that was not said.
//!
//! ```
//! use llm::domain::{Context, EventKind, Outcome, read};
//! let context = Context {
//!     today: jiff::civil::date(2026, 5, 5),
//!     locale: "en-IN".parse()?,
//!     currency: kernel::Currency::INR,
//! };
//! let Outcome::Readings(readings) = read("Netflix ₹499 monthly", &context) else { panic!("refused") };
//! assert_eq!(readings[0].event, EventKind::SubscriptionCreated);
//! assert_eq!(readings[0].service, Some("netflix"));
//! assert_eq!(readings[0].price.map(|price| price.minor()), Some(49_900));
//! assert!(readings[0].confidence.per_mille() >= 950);
//! # Ok::<(), kernel::LocaleError>(())
//! ```

mod alert;
mod assemble;
mod clause;
mod filter;
mod fold;
mod grammar;
mod lexicon;
mod list;
mod phrasebook;
mod reading;
mod suggestion;
mod titled;
mod token;
mod total;

use jiff::civil::Date;
use kernel::{Currency, Locale};

pub use alert::{Alert, Direction};
pub use lexicon::{Service, services};
pub(crate) use list::lines;
pub use reading::{
    Confidence, EventKind, Evidence, Field, Outcome, Promotion, Reading, Refusal, RefusalReason,
};
pub use suggestion::{SuggestedCycle, Suggestion, is_unsure, settle, weigh};
pub(crate) use titled::titled;

/// What the reader has to know about the person whose words it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The civil date on which it was said: "tomorrow" and "the 5th" are read from here.
    pub today: Date,
    /// Decides whether the day or the month comes first.
    pub locale: Locale,
    /// What an amount without a mark is in, and which of several dollars "$" is.
    pub currency: Currency,
}

/// A text as the reader sees it: folded, without what cannot be seen and with single spaces. What is the same so is read
/// the same.
pub fn normalised(text: &str) -> Option<String> {
    let tokens = token::Tokens::cut(text).ok()?;
    Some((0..tokens.len()).map(|at| tokens.text(at)).collect::<Vec<_>>().join(" "))
}

/// What a message of a bank, a card or a wallet tells, whatever it is about; `None` for anything else.
pub fn read_alert(text: &str, context: &Context) -> Option<Alert> {
    let tokens = token::Tokens::cut(text).ok()?;
    let signals = phrasebook::find(&tokens);
    if filter::refuse_outright(&tokens, &signals).is_some() {
        return None;
    }
    alert::find(&tokens, &grammar::parse(&tokens, &signals, context), context)
}

/// Reads a text. The same text and context give the same outcome, always; nothing is said that the text did not.
pub fn read(text: &str, context: &Context) -> Outcome {
    let tokens = match token::Tokens::cut(text) {
        Ok(tokens) => tokens,
        Err(token::TooLong) => return Outcome::Refused(filter::too_long()),
    };
    let signals = phrasebook::find(&tokens);
    if let Some(refusal) = filter::refuse_outright(&tokens, &signals) {
        return Outcome::Refused(refusal);
    }
    let mut items = grammar::parse(&tokens, &signals, context);
    if let Some(outcome) = alert::read(&tokens, &signals, &items, context) {
        return outcome;
    }
    if let Some(refusal) = filter::refuse(&tokens, &signals) {
        return Outcome::Refused(refusal);
    }
    total::set_parts_aside(&tokens, &mut items);
    let clauses = clause::split(&tokens, items);
    assemble::assemble(&tokens, clauses, context)
}
