//! What the macros of `components.html` are given: plain data, with the few words and classes that follow from
//! it. Built by a page from what it knows; the macros do the rest.

mod act;
mod chart;
mod figure;
mod form;
mod list;
mod reading;
mod subscription;

pub use act::Confirm;
pub use chart::{Bar, Column, Columns, Place, permilles};
pub use figure::{Progress, StatTile, Step};
pub use form::{Checkbox, Choice, Control, Field, Problem, Select, problems};
pub use list::{Filter, LedgerLine, Pager};
pub use reading::{Certainty, Chip, Found, QuickAdd, Reading, Standing};
pub use subscription::{Brand, ChargeDay, ChargeRow, Mark, Status, SubscriptionRow};
