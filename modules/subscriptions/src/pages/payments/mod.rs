//! The ledger's pages: the list, one payment, entering one, and its documents.

pub(super) mod act;
pub(super) mod documents;
pub(super) mod enter;
pub(super) mod list;
pub(super) mod row;
pub(super) mod show;
