//! Speaking to the person at the terminal.

use std::fmt;

/// Prints a line, formatted as by `format!`.
#[macro_export]
macro_rules! say {
    ($($words:tt)*) => { $crate::terminal::print(format_args!($($words)*)) };
}

/// On standard error: standard output belongs to the commands that are run.
#[expect(clippy::print_stderr, reason = "this is how a command speaks")]
pub(crate) fn print(line: fmt::Arguments<'_>) {
    eprintln!("xtask: {line}");
}
