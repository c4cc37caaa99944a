//! Changing a payment, and taking the last change back.

use jiff::civil::Date;
use kernel::{Actor, PaymentId};
use platform::db::{Batch, DbError};

use super::SeenPayment;
use crate::{
    domain::{ChangeKind, Entry, Fact, Past, PaymentChange, PaymentError},
    error::TrackerError,
    service::{TRIES, Tracker},
    store,
};

impl Tracker {
    /// Changes a payment, when the client has `seen` it as it is. Decided anew when somebody else was first.
    pub(crate) async fn change_payment(
        &self,
        actor: &Actor,
        id: PaymentId,
        seen: SeenPayment<'_>,
        change: &PaymentChange,
    ) -> Result<Entry, TrackerError> {
        for _ in 0..TRIES {
            let entry = self.entry(actor, id).await?;
            seen.check(&entry)?;
            let decide = |entry: &mut Entry, today: Date| entry.change(change, today);
            if let Some(changed) = self.revise_entry(actor, entry, ChangeKind::Changed, decide).await? {
                return Ok(changed);
            }
        }
        Err(TrackerError::Contended)
    }

    /// Takes the last change of a payment back. One that somebody entered and nobody has changed is taken away:
    /// then there is none to give.
    pub(crate) async fn undo_payment(
        &self,
        actor: &Actor,
        id: PaymentId,
        seen: SeenPayment<'_>,
    ) -> Result<Option<Entry>, TrackerError> {
        for _ in 0..TRIES {
            let entry = self.entry(actor, id).await?;
            seen.check(&entry)?;
            if entry.is_as_entered() {
                return self.remove_payment(actor, id, SeenPayment::Version(1)).await.map(|()| None);
            }
            let last = store::last_change(&self.database, actor.household, id).await?;
            let decide = |entry: &mut Entry, _: Date| Ok(entry.undo(last.as_ref())?);
            if let Some(changed) = self.revise_entry(actor, entry, ChangeKind::Undone, decide).await? {
                return Ok(Some(changed));
            }
        }
        Err(TrackerError::Contended)
    }

    /// Decides a change and stores it with what was before; `None` when somebody else was first.
    pub(super) async fn revise_entry(
        &self,
        actor: &Actor,
        mut entry: Entry,
        kind: ChangeKind,
        decide: impl Fn(&mut Entry, Date) -> Result<Vec<Fact>, PaymentError> + Send,
    ) -> Result<Option<Entry>, TrackerError> {
        let about = store::find_for_all(&self.database, entry.household, entry.subscription).await?;
        // Gone with everything of it: it is decided anew, and not found.
        let Some(about) = about else { return Ok(None) };
        let today = self.today(&*self.household(actor.household).await?);
        let before = entry.memory();
        let facts = decide(&mut entry, today)?;
        if kind != ChangeKind::Undone && entry.memory() == before {
            return Ok(Some(entry));
        }
        let now = self.clock.now();
        let found = entry.revise(now);
        let mut batch = Batch::of(actor.household);
        store::update_entry(&mut batch, &entry, found);
        let past = Past { version: entry.version, kind, by: actor.user, at: now, before };
        store::insert_change(&mut batch, &entry, &past);
        self.tell(&mut batch, &about, Some(actor), &facts);
        match self.database.apply(batch).await {
            Ok(()) => Ok(Some(entry)),
            Err(DbError::Conflict) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
