//! What goes out: everything, without loss, as one documented format; and a table for spreadsheets.
//!
//! A household is gathered as [`Everything`], which [`Document`] puts into words. What a document says comes back, piece
//! by piece, as the same types, with the ids of the household that takes it in ([`Restored`]).

mod csv;
mod document;
mod household;
mod payment;
mod refs;
mod restore;
mod sharing;
mod subscription;
#[cfg(test)]
mod tests;
mod whole;

pub use csv::csv;
pub use document::{Document, ExportedLabel, FORMAT};
pub use household::{Common, ExportedBudget, ExportedMember, ExportedRate, ExportedSettlement};
pub use payment::{ExportedChange, ExportedConversion, ExportedDocument, ExportedPayment};
pub use refs::{Arrival, Rehearsal, Restored};
pub use sharing::{ExportedAmount, ExportedSharing, ExportedWeight};
pub use subscription::{Exported, ExportedLink, ExportedPrice};
pub use whole::{Attached, Everything, Fellow, Held, Whole};
