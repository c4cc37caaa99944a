//! Files that were imported, or were to be.

use async_trait::async_trait;
use kernel::{Actor, ImportId};

use crate::CallError;

/// What help asks of subscriptions about imports.
#[async_trait]
pub trait Importing: Send + Sync {
    /// One import, or the newest of the actor's household; `None` when there is none.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Unavailable`].
    async fn imported(&self, actor: &Actor, id: Option<ImportId>) -> Result<Option<Imported>, CallError>;

    /// Does what an import proposes: what its page does where nothing is chosen otherwise.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when its state does not allow it, [`CallError::Unavailable`].
    async fn apply_import(&self, actor: &Actor, id: ImportId) -> Result<Imported, CallError>;

    /// Takes back what an import made and nobody has touched since.
    ///
    /// # Errors
    /// [`CallError::NotFound`], [`CallError::Conflict`] when its state does not allow it, [`CallError::Unavailable`].
    async fn undo_import(&self, actor: &Actor, id: ImportId) -> Result<Imported, CallError>;
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Which.
    pub import: ImportId,
    /// What the file was called.
    pub file: String,
    /// How far it has come.
    pub state: ImportState,
    /// How many of its items are chosen to be made or confirmed.
    pub chosen: usize,
    /// How many seem to be tracked already.
    pub doubled: usize,
    /// Of how many nothing can be made.
    pub wrong: usize,
    /// What is wrong with the first of these.
    pub first_wrong: Option<String>,
    /// How many it made or confirmed.
    pub made: usize,
    /// How many of these stayed when it was undone, because somebody had changed them.
    pub kept: usize,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// Questions about the file are open.
    Asking,
    /// It can be applied.
    Ready,
    /// It has been.
    Applied,
    /// It has been, and was taken back.
    Undone,
}
