//! The HTTP stack: one middleware in front of every route, problem documents, strict JSON, ETags, pages of lists,
//! the server itself.

mod cookie;
mod cors;
mod etag;
mod front;
mod identity;
mod json;
mod operations;
mod origin;
mod page;
mod peer;
mod problem;
mod query;
mod server;

pub use cookie::{Cookie, CookieNames, cookie_name, read_cookie, set_cookie};
pub use cors::{Origins, cors};
pub use etag::{ETag, IfMatch, IfNoneMatch};
pub use front::{Front, front};
pub use identity::{
    Caller, CallerAsAdministrator, CallerAsAgent, CallerAsSelf, CallerInPerson, CallerToForward, Visitor,
    VisitorAsAdministrator, VisitorAsAgent, VisitorAsSelf, VisitorToChange, login_location, may_only_forward,
};
pub use json::{Json, Patch, patch, present};
pub use operations::{Health, operations};
pub use origin::{ClientAddress, Origin};
pub use page::{Cursor, DEFAULT_LIMIT, MAX_LIMIT, Page, PageQuery};
pub use peer::{Peer, client_address, subscriber};
pub use problem::{Problem, ProblemBody};
pub use query::{PathOf, Query};
pub use server::{HttpSettings, ServeError, serve};
