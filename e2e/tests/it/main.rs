//! Whole-system tests against the built binary.
