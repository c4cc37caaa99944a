//! help: what it looks at and mends, as the modules whose things these are answer it. The traits are here, with the
//! one who asks; whoever owns the things implements them. Every call is for the actor, and sees nothing that is not
//! theirs.

mod charges;
mod deliveries;
mod pricing;
mod reminding;

pub use charges::{Charge, ChargeState, Charges, Reckoning};
pub use deliveries::{Deliveries, Muted, Tested, Trace, Traced, WayState};
pub use pricing::{Priced, Pricing, Shown, Totalled};
pub use reminding::{NextReminder, PastReminder, Reminded, RemindedOf, Reminding};

/// All that help asks of subscriptions.
pub trait Tracked: Charges + Pricing + Reminding {}

impl<T: Charges + Pricing + Reminding> Tracked for T {}
