//! Well-known services: what they are called, what kind they are, how they look, where one cancels them and how
//! they stand on a bank statement.
//!
//! The data are files in the crate's `data` folder, read once. What is asked of it is pure: the same question has
//! the same answer, until another version of the program knows more.
//!
//! ```
//! let netflix = catalogue::find("netflix.com").ok_or("unknown")?;
//! assert_eq!((netflix.slug(), netflix.category()), ("netflix", "entertainment"));
//! assert_eq!(catalogue::find("Spotify Family").map(|service| service.slug()), Some("spotify"));
//! assert_eq!(catalogue::search("spotfy").first().map(|hit| hit.service.slug()), Some("spotify"));
//! assert_eq!(catalogue::find("My neighbour's allotment"), None);
//! # Ok::<(), &str>(())
//! ```

mod colour;
mod data;
mod distance;
mod fold;
mod mark;
mod search;
mod service;
#[cfg(test)]
mod tests;

pub use colour::{Colour, ColourError};
pub use data::services;
pub use distance::within;
pub use search::{Hit, Match, by_slug, find, on_statement, search};
pub use service::Service;

/// The slugs of the categories that services are of.
pub const CATEGORIES: [&str; 20] = [
    "entertainment",
    "music",
    "news",
    "software",
    "cloud",
    "gaming",
    "fitness",
    "education",
    "utilities",
    "internet",
    "phone",
    "insurance",
    "housing",
    "transport",
    "food",
    "shopping",
    "finance",
    "health",
    "charity",
    "other",
];
