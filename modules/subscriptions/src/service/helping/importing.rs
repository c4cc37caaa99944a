//! Files that were imported, or were to be.

use async_trait::async_trait;
use contracts::{
    CallError,
    help::{ImportState, Imported, Importing},
};
use kernel::{Actor, ImportId};
use platform::http::IfMatch;

use crate::{
    Tracker,
    domain::import::{Action, Import, ImportStatus},
};

fn told(import: &Import) -> Imported {
    let items = &import.plan.items;
    let count = |action| items.iter().filter(|item| item.action == action).count();
    let wrong = items.iter().find(|item| item.action == Action::Error);
    // What belongs to no item came along with the others.
    let done = || import.outcome.done.iter().filter(|done| done.number > 0);
    Imported {
        import: import.id,
        file: import.file_name.clone(),
        state: match import.status {
            ImportStatus::Asking => ImportState::Asking,
            ImportStatus::Ready => ImportState::Ready,
            ImportStatus::Applied => ImportState::Applied,
            ImportStatus::Undone => ImportState::Undone,
        },
        chosen: items.iter().filter(|item| item.chosen).count(),
        doubled: count(Action::Duplicate),
        wrong: count(Action::Error),
        first_wrong: wrong.and_then(|item| item.remarks.first().cloned()),
        made: done().count(),
        kept: done().filter(|done| done.kept.is_some()).count(),
    }
}

#[async_trait]
impl Importing for Tracker {
    async fn imported(&self, actor: &Actor, id: Option<ImportId>) -> Result<Option<Imported>, CallError> {
        let id = match id {
            Some(id) => Some(id),
            None => self.imports(actor, None, 1).await?.first().map(|row| row.id),
        };
        match id {
            Some(id) => Ok(Some(told(&self.import(actor, id).await?))),
            None => Ok(None),
        }
    }

    async fn apply_import(&self, actor: &Actor, id: ImportId) -> Result<Imported, CallError> {
        let applied = Tracker::apply_import(self, actor, id, &IfMatch::default(), None).await?;
        Ok(told(&applied))
    }

    async fn undo_import(&self, actor: &Actor, id: ImportId) -> Result<Imported, CallError> {
        let undone = Tracker::undo_import(self, actor, id, &IfMatch::default()).await?;
        Ok(told(&undone))
    }
}
