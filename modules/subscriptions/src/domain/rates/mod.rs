//! What an amount in one currency comes to in another: by the reference rates of a day, or by a rate set by hand.

mod conversion;
mod converter;
mod own;
mod plan;
mod rate;
mod reference;
mod sheet;

pub use conversion::{Conversion, Settlement};
pub use converter::{Converted, Converter, Quote};
pub use own::OwnRate;
pub use plan::{File, Kept};
pub use rate::{Rate, RateError, Ratio};
pub use reference::{RateSource, RateSourceError, ReferenceDays, ReferenceRates};
pub use sheet::{SheetError, read_sheet};
