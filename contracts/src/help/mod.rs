//! help: what it looks at and mends, as the modules whose things these are answer it. The traits are here, with the
//! one who asks; whoever owns the things implements them. Every call is for the actor, and sees nothing that is not
//! theirs.

mod charges;
mod deliveries;
mod freshness;
mod importing;
mod keeping;
mod librarian;
mod log_ins;
mod pricing;
mod readings;
mod reminding;
mod sharing;
mod tickets;

pub use charges::{Charge, ChargeState, Charges, Reckoning};
pub use deliveries::{Deliveries, Muted, Tested, Trace, Traced, WayState};
pub use freshness::{Fresh, Freshness};
pub use importing::{ImportState, Imported, Importing};
pub use keeping::{Keeping, Usage, Weighed};
pub use librarian::{Heading, Librarian, Passage, Question, Quote, Told};
pub use log_ins::{LogIns, WaysIn};
pub use pricing::{Priced, Pricing, Shown, Totalled};
pub use readings::{Came, ReadWords, Readings};
pub use reminding::{NextReminder, PastReminder, Reminded, RemindedOf, Reminding};
pub use sharing::{Shared, Sharing};
pub use tickets::TicketAnswered;

use crate::schemas::Described;

/// What help says.
pub(crate) fn described() -> Vec<Described> {
    vec![Described::of::<TicketAnswered>()]
}

/// All that help asks of subscriptions.
pub trait Tracked: Charges + Freshness + Importing + Keeping + Pricing + Reminding + Sharing {}

impl<T: Charges + Freshness + Importing + Keeping + Pricing + Reminding + Sharing> Tracked for T {}
