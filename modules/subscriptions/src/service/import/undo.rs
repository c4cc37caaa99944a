//! Taking an import back: what it made goes, unless somebody has touched it since.

use std::collections::{HashMap, HashSet};

use kernel::{Actor, ImportId, MemberId, PaymentId, SubscriptionId};
use platform::db::{Batch, DbError};
use uuid::Uuid;

use super::{
    super::{Seen, TRIES, Tracker},
    common::leaving,
    print,
};
use crate::{
    domain::{
        ChangeKind, Label, LabelKind, Past, Subscription,
        export::Whole,
        import::{Done, Import, ImportStatus, Made},
    },
    error::TrackerError,
    store,
};

impl Tracker {
    /// Undoes an import. What was changed since it was applied stays, and is named in its report.
    pub(crate) async fn undo_import(
        &self,
        actor: &Actor,
        id: ImportId,
        seen: impl Into<Seen<'_>> + Send,
    ) -> Result<Import, TrackerError> {
        let seen = seen.into();
        for _ in 0..TRIES {
            let mut import = self.import(actor, id).await?;
            seen.check_import(&import)?;
            if import.status != ImportStatus::Applied {
                return Err(TrackerError::ImportState("Only an import that has been applied can be undone."));
            }
            let whole = self.whole(actor, false).await?;
            let now: HashMap<SubscriptionId, &Whole> =
                whole.iter().map(|it| (it.subscription.id, it)).collect();
            let mut batch = Batch::of(actor.household);
            let mut outcome = std::mem::take(&mut import.outcome);
            let until = outcome.applied_on.unwrap_or(import.read_on);
            let mut gone = HashSet::new();
            for done in &mut outcome.done {
                done.kept = match &done.made {
                    Made::Subscription { id, print } => {
                        let kept = self.take_back(actor, &mut batch, now.get(id).copied(), print, until);
                        if kept.is_none() {
                            gone.insert(*id);
                        }
                        kept
                    }
                    Made::Payment { id, version, .. } => {
                        self.unconfirm(actor, &mut batch, *id, *version).await?
                    }
                    Made::Label { .. }
                    | Made::Member { .. }
                    | Made::Budget { .. }
                    | Made::Settlement { .. }
                    | Made::Rate { .. } => continue,
                };
            }
            let left: Vec<&Subscription> =
                whole.iter().map(|it| &it.subscription).filter(|it| !gone.contains(&it.id)).collect();
            self.take_labels_back(actor, &mut batch, &mut outcome.done, &left).await?;
            for done in outcome.done.iter_mut().filter(|done| done.number == 0) {
                if !matches!(done.made, Made::Label { .. }) {
                    done.kept = self.take_common_back(actor, &mut batch, &done.made, &left).await?;
                }
            }
            let leaving = leaving(&outcome.done);
            import.outcome = outcome;
            import.status = ImportStatus::Undone;
            let found = self.revise_import(&mut import);
            store::update_import(&mut batch, &import, found);
            match self.database.apply(batch).await {
                Err(DbError::Conflict) => {}
                other => {
                    other?;
                    if let Some(why) = self.part_with(actor, &leaving).await {
                        self.note_who_stayed(&mut import, &leaving, &why).await?;
                    }
                    return Ok(import);
                }
            }
        }
        Err(TrackerError::Contended)
    }

    /// Notes that people stayed whom the import had brought.
    async fn note_who_stayed(
        &self,
        import: &mut Import,
        stayed: &[MemberId],
        why: &str,
    ) -> Result<(), TrackerError> {
        for done in &mut import.outcome.done {
            if matches!(done.made, Made::Member { id } if stayed.contains(&id)) {
                done.kept = Some(why.to_owned());
            }
        }
        let found = self.revise_import(import);
        let mut batch = Batch::of(import.household);
        store::update_import(&mut batch, import, found);
        Ok(self.database.apply(batch).await?)
    }

    /// Deletes the labels that were made, where nothing is sorted by them any more and nobody has changed them.
    async fn take_labels_back(
        &self,
        actor: &Actor,
        batch: &mut Batch,
        done: &mut [Done],
        left: &[&Subscription],
    ) -> Result<(), TrackerError> {
        let sorting = self.sorting(actor).await?;
        let labels: HashMap<Uuid, &Label> = LabelKind::ALL
            .into_iter()
            .flat_map(|kind| sorting.of(kind))
            .map(|label| (label.id, label))
            .collect();
        for done in done {
            let Made::Label { id } = &done.made else { continue };
            done.kept = match labels.get(id) {
                None => Some("It had been deleted already.".into()),
                Some(label) if label.version > 1 || left.iter().any(|it| it.is_sorted_by(label)) => {
                    Some("It is in use, or was changed, and stays.".into())
                }
                Some(label) => {
                    store::delete_label(batch, actor.household, *id, label.version);
                    None
                }
            };
        }
        Ok(())
    }

    /// Makes a payment what it was before the statement confirmed it. Gives the reason when it is left.
    async fn unconfirm(
        &self,
        actor: &Actor,
        batch: &mut Batch,
        id: PaymentId,
        version: i64,
    ) -> Result<Option<String>, TrackerError> {
        let Some(mut entry) = store::entry(&self.database, actor, id).await? else {
            return Ok(Some("The payment is gone.".into()));
        };
        let last = store::last_change(&self.database, actor.household, id).await?;
        let before = entry.memory();
        let undone = if entry.version == version { entry.undo(last.as_ref()).ok() } else { None };
        let Some(facts) = undone else {
            return Ok(Some("The payment was changed since, and stays.".into()));
        };
        let now = self.clock.now();
        let found = entry.revise(now);
        store::update_entry(batch, &entry, found);
        let past = Past { version: entry.version, kind: ChangeKind::Undone, by: actor.user, at: now, before };
        store::insert_change(batch, &entry, &past);
        if let Some(about) = store::find_for_all(&self.database, actor.household, entry.subscription).await? {
            self.tell(batch, &about, Some(actor), &facts);
        }
        Ok(None)
    }

    /// Deletes what an item made. Gives the reason when it is left.
    fn take_back(
        &self,
        actor: &Actor,
        batch: &mut Batch,
        now: Option<&Whole>,
        made: &str,
        until: jiff::civil::Date,
    ) -> Option<String> {
        let Some(Whole { subscription, payments }) = now else {
            return Some("It had been deleted already.".into());
        };
        if print(subscription, payments, until) != made {
            return Some("It was changed since it was imported, and stays.".into());
        }
        store::delete(batch, actor.household, subscription.id, subscription.version);
        store::delete_payments(batch, actor.household, subscription.id);
        store::delete_payment_shares(batch, actor.household, subscription.id);
        self.tell(batch, subscription, Some(actor), &[subscription.deleted()]);
        None
    }
}
