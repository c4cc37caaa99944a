//! The rules of subscriptions, pure: today, ids and inputs are arguments, decisions and facts are results.
//!
//! Anything that has one of these types is already right: words, dates and prices are checked where they come in
//! ([`Proposal`], [`Amendment`]), and a [`Subscription`] changes by its own methods alone.

mod budget;
mod category;
mod choice;
mod document;
mod equivalent;
pub mod export;
mod fact;
pub mod feed;
mod figures;
pub mod import;
mod occurrence;
mod particulars;
mod payment;
mod price;
mod rates;
mod refused;
mod reminder;
mod rules;
mod sharing;
mod similar;
mod sorting;
mod statistics;
mod subscription;
mod sum;
mod term;
#[cfg(test)]
pub(crate) mod testing;
mod text;

pub use budget::{Budget, BudgetInput, Standing};
pub use category::{Category, CategoryError};
pub use choice::ChoiceError;
pub use document::{DocumentError, DocumentKind, FileName, MOST_BYTES, MOST_IN_HOUSEHOLD, MOST_OF_PAYMENT};
pub use equivalent::{monthly, yearly};
pub use fact::Fact;
pub use figures::{
    Counts, Figures, LOOK_AHEAD_DAYS, Totals, TrialEnding, Upcoming, equivalents_at_home, price_at_home,
};
pub use occurrence::{MonthEnd, MonthEndError, Schedule, Weekend};
pub use particulars::{NamedLink, Particulars, ParticularsChange, ParticularsInput, Usage};
pub use payment::{
    ByHand, ChangeKind, Entry, Known, Meant, Memory, NEAR_DAYS, Past, Payment, PaymentChange, PaymentError,
    PaymentRefused, PaymentSource, PaymentState, PaymentStatus, PaymentWordError, Told, UnlikelyPayment,
    Unmatched,
};
pub use price::{PriceStep, Prices, PricesError, StoredPrices};
pub use rates::{
    Conversion, Converted, Converter, File, Kept, OwnRate, Quote, Rate, RateError, RateSource,
    RateSourceError, Ratio, ReferenceDays, ReferenceRates, Settlement, SheetError, read_sheet,
};
pub use refused::{DecisionError, Refused};
pub use reminder::{Reminder, ReminderKey, ReminderState, Verdict, first_day_ahead};
pub use rules::{Amendment, Change, Draft, PriceChange, PricePlan, Proposal, read_date};
pub use sharing::{
    AskedShares, Balance, Books, Given, Shares, Sharing, SharingChange, Transfer, View, split,
};
pub use similar::{Likeness, SoundName};
pub use sorting::{
    CategoryChoice, Label, LabelInput, LabelKind, Last4, Last4Error, Method, MethodKind, NewPlace, Sorting,
};
pub use statistics::{
    Bearers, By, Calendar, CalendarEntry, Expected, ForecastMonth, Group, Happening, Key, Notice, NoticeKind,
    Overlap, OverlapKind, Rise, Saved, Spending, Spent, calendar, forecast, keys, months_from, notices,
    overlaps, rises, saved,
};
pub use subscription::{Advance, Birth, Charge, Inconsistent, Record, Subscription};
pub use sum::Sum;
pub use term::{Bound, Term};
pub use text::{Account, LabelName, Link, LinkLabel, Name, Notes, Plan, Service, TextError};
