//! The user manual: read once, by its headings; found by questions; shown.
//!
//! A page is cut at its headings into sections. A question is looked for in them by its words: those of a heading tell
//! more than those of a text, and those of the page and of the headings above it tell too. Whoever asks for what the
//! manual does not have is told so. What a language model says of it is held against it.

mod checked;
mod found;
mod pages;
mod shown;
mod words;

pub(crate) use checked::checked;
pub(crate) use found::{Found, Manual};
pub(crate) use pages::{Page, Section};
pub(crate) use words::{same_words, says_something};
