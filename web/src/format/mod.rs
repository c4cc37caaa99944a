//! Money, dates and cycles as a reader of some locale writes them. Exact: no float comes near an amount.
//!
//! The texts of the pages are English, so month names are too; what follows the locale is what a person would
//! misread otherwise: the order of day and month, the marks between digits, and which `$` is meant.

mod cycle;
mod date;
mod money;

pub use cycle::{cycle, per};
pub use date::{date, day, greeting, month_letters, month_of_year, relative, week_start, weekday};
pub use money::money;
