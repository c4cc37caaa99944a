//! What help asks: it looks and mends as the owner could by hand.

mod charges;
mod pricing;
mod reminding;
