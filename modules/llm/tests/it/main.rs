//! The reader, scored on sentences with gold answers and tried on hostile ones.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says what went wrong by panicking, and prints its report"
)]

use llm::domain;

mod alerts;
mod anything;
mod calibration;
mod corpus;
mod fuzzed;
mod hostile;
