//! The rules of guided help, without IO: what a tree is and when it is none, what can be looked at and mended, what
//! was found out, and where somebody is.

mod facts;
mod forest;
mod funnel;
mod session;
mod short;
mod step;
mod texts;
mod ticket;
mod tree;
mod written;

pub use kernel::Language;

pub use facts::{Fact, Facts};
pub use forest::{Forest, Mistake, Source};
pub(crate) use funnel::{
    BACK, BEGAN, Counted, ESCALATED, Funnel, LEFT, NodeFigures, Outcome, REACHED, Resting, drawn, impersonal,
};
pub use session::{Session, SessionState};
pub(crate) use short::{Quoted, Short, ShortAnswer, ShortStatus};
pub use step::{Look, Mend, Step};
pub use texts::Texts;
pub(crate) use ticket::Spread;
pub use ticket::{TicketStatus, TicketStatusError};
pub use tree::{Choice, MOST_LEVELS, Node, NodeKind, SOLVED, Tree};
