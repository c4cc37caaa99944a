//! The UI kit.
