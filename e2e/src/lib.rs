//! Whole-system tests against the built binary; see `tests/it`.
