//! The rules of subscriptions, pure: today, ids and inputs are arguments, decisions and facts are results.
//!
//! Anything that has one of these types is already right: words, dates and prices are checked where they come in
//! ([`Proposal`], [`Amendment`]), and a [`Subscription`] changes by its own methods alone.

mod category;
mod equivalent;
mod fact;
mod figures;
mod occurrence;
mod payment;
mod price;
mod refused;
mod rules;
mod sharing;
mod similar;
mod subscription;
#[cfg(test)]
pub(crate) mod testing;
mod text;

pub use category::{Category, CategoryError};
pub use equivalent::{monthly, yearly};
pub use fact::Fact;
pub use figures::{Counts, Figures, LOOK_AHEAD_DAYS, Totals, TrialEnding, Upcoming};
pub use occurrence::{MonthEnd, MonthEndError, Schedule};
pub use payment::{
    Payment, PaymentRefused, PaymentSource, PaymentState, PaymentStatus, PaymentWordError, UnlikelyPayment,
};
pub use price::{PriceStep, Prices, PricesError, StoredPrices};
pub use refused::{DecisionError, Refused};
pub use rules::{Amendment, Change, Draft, PriceChange, Proposal, read_date};
pub use sharing::{AskedShares, Balance, Books, Shares, Sharing, SharingChange, Transfer, View, split};
pub use similar::{Likeness, SoundName};
pub use subscription::{Advance, Birth, Charge, Inconsistent, Record, Subscription};
pub use text::{Link, Name, Notes, Plan, Service, TextError};
