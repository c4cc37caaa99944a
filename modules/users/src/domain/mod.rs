//! Who may do what to whom in a household. Pure.

mod name;
mod roster;

pub(crate) use name::Name;
pub(crate) use roster::{Refused, Roster};
