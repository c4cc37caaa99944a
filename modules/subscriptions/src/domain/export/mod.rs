//! What goes out: everything, without loss, as one documented format; and a table for spreadsheets.

mod csv;
mod document;
#[cfg(test)]
mod tests;

pub use csv::csv;
pub use document::{Document, Exported, ExportedLabel, ExportedPayment, FORMAT, Restored};
