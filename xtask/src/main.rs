//! Checks, measurements and chores.
fn main() {}
