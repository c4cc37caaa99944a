//! What help asks: it looks and mends as the owner could by hand.

mod charges;
mod freshness;
mod importing;
mod keeping;
mod pricing;
mod reminding;
mod sharing;
#[cfg(test)]
mod tests;

pub(crate) use keeping::catalogued;
