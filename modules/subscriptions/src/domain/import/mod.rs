//! Files that come in: bytes to rows, lines and entries, each with the line where it stands.
//!
//! Everything here is pure, bounded and total: whatever the bytes are, there is an answer, and it is either what was
//! found, with remarks on what was doubtful, or a sentence that says why nothing can be made of the file. What a file
//! is, its content says; its name is never asked.

mod amounts;
mod columns;
mod dates;
mod encoding;
mod entry;
mod kept;
mod options;
mod plan;
mod read;
mod recurring;
mod sniff;
mod statement;
mod table;
#[cfg(test)]
mod tests;
mod trackers;

pub use amounts::DecimalMark;
pub use columns::{Purpose, Role};
pub use dates::DateOrder;
pub use entry::{Adopted, Entry, Life, Wanted};
pub use kept::{Done, FileNotes, Import, ImportStatus, Made, Outcome};
pub use options::{Options, Question};
pub use plan::{Action, Item, Plan, Shown, Tracked};
pub use read::{Contents, Incoming, Reading, Shape, Surroundings, read};
pub use recurring::Offer;
pub use sniff::Kind;
pub use statement::StatementLine;
pub use trackers::{Cell, DatabaseRows, WALLOS_TABLES};

/// The longest file, in bytes.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// The most lines, rows or transactions that are looked at.
pub const MAX_LINES: usize = 200_000;
/// The most subscriptions that one file can bring.
pub const MAX_ENTRIES: usize = 5_000;
/// The most remarks kept of a file; how many more there are is said.
const MAX_REMARKS: usize = 100;
/// The longest of them, for they may quote the file.
const LONGEST_REMARK: usize = 500;

/// Why nothing at all can be made of a file, in words for the person who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

impl Unreadable {
    fn because(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// Something about a file, or one line of it, that its owner should know.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(as = ImportRemark)]
pub struct Remark {
    /// The line of the file, counted from one; `null` when it concerns the file as a whole.
    pub line: Option<u32>,
    /// What there is to know.
    pub text: String,
}

/// Remarks as they gather. There may be as many as there are lines; only the first are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Remarks {
    kept: Vec<Remark>,
    dropped: usize,
}

impl Remarks {
    fn file(&mut self, text: impl Into<String>) {
        self.push(None, &text.into());
    }

    fn line(&mut self, line: u32, text: impl Into<String>) {
        self.push(Some(line), &text.into());
    }

    fn push(&mut self, line: Option<u32>, text: &str) {
        if self.kept.len() < MAX_REMARKS {
            self.kept.push(Remark { line, text: shortened(text, LONGEST_REMARK) });
        } else {
            self.dropped += 1;
        }
    }

    fn into_vec(mut self) -> Vec<Remark> {
        if self.dropped > 0 {
            self.kept.push(Remark { line: None, text: format!("There are {} more remarks.", self.dropped) });
        }
        self.kept
    }
}

/// What the values of a column say about how they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence<T> {
    /// Only one way of reading fits all of them.
    Sure(T),
    /// More than one way fits: somebody has to say.
    Open,
    /// No way fits all of them.
    Contradiction,
}

/// A number as the count that stands beside a text.
fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// The number of the line, which every file that is taken has few enough of.
fn line_number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// At most `characters` of it, for what is only shown.
fn shortened(text: &str, characters: usize) -> String {
    let seen = |c: &char| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut visible = text.chars().filter(seen);
    let mut kept: String = visible.by_ref().take(characters).collect();
    if visible.next().is_some() {
        kept.push('…');
    }
    kept
}
