//! Files that come in: received, read, shown, applied whole or not at all, and undone.

mod apply;
mod common;
mod labels;
mod receive;
#[cfg(test)]
mod tests;
mod undo;

use contracts::subscriptions::Status;
use jiff::{Timestamp, civil::Date};
use kernel::{Actor, ImportId};
use platform::{db::Batch, http::ETag};
use sha2::{Digest, Sha256};

use super::{Seen, Tracker};
use crate::{
    domain::{
        Subscription,
        export::{Document, Everything, Held, Whole},
        import::Import,
    },
    error::TrackerError,
    store::{self, ImportRow},
};

pub(crate) use receive::Received;

/// Files read at the same time: each takes a few times its size of memory.
pub(super) const AT_ONCE: usize = 2;

/// Changes with every stored change.
pub(crate) fn import_etag(import: &Import) -> ETag {
    ETag::of(&[&import.version])
}

impl Seen<'_> {
    fn check_import(self, found: &Import) -> Result<(), TrackerError> {
        let same = match self {
            Self::Tags(tags) => tags.check(&import_etag(found)).is_ok(),
            Self::Version(version) => version == found.version,
        };
        if same { Ok(()) } else { Err(TrackerError::Changed) }
    }
}

impl Tracker {
    /// One import.
    pub(crate) async fn import(&self, actor: &Actor, id: ImportId) -> Result<Import, TrackerError> {
        let found = store::import(&self.database, actor.household, id, self.clock.now()).await?;
        found.ok_or(TrackerError::NoImport)
    }

    /// A page of the household's imports, the newest first, and one more when another page follows.
    pub(crate) async fn imports(
        &self,
        actor: &Actor,
        before: Option<ImportId>,
        limit: u16,
    ) -> Result<Vec<ImportRow>, TrackerError> {
        let (now, limit) = (self.clock.now(), i64::from(limit) + 1);
        Ok(store::imports(&self.database, actor.household, before, now, limit).await?)
    }

    /// Forgets an import. What it made stays.
    pub(crate) async fn delete_import(
        &self,
        actor: &Actor,
        id: ImportId,
        seen: impl Into<Seen<'_>> + Send,
    ) -> Result<(), TrackerError> {
        let seen = seen.into();
        let found = self.import(actor, id).await?;
        seen.check_import(&found)?;
        let mut batch = Batch::of(actor.household);
        store::delete_import(&mut batch, actor.household, id);
        Ok(self.database.apply(batch).await?)
    }
}

/// What somebody would have changed about a subscription, in a few letters: its own choices and the payments that were
/// due by `until`. What time alone does to it is not in it.
fn print(subscription: &Subscription, payments: &[Held], until: Date) -> String {
    let mut due: Vec<_> = payments.iter().filter(|held| held.entry.due_on <= until).cloned().collect();
    for held in &mut due {
        // What it came to is found by itself, and files cannot change: which there are is enough.
        held.entry.payment.converted = None;
        for attached in &mut held.documents {
            attached.content = None;
        }
    }
    let whole = Whole { subscription: subscription.clone(), payments: due };
    let mut document = Document::of(&Everything { subscriptions: vec![whole], ..Everything::default() });
    for exported in &mut document.subscriptions {
        // Charges move these, a trial that ends and an end that comes change the status.
        exported.open_from = Date::ZERO;
        exported.updated_at = Timestamp::UNIX_EPOCH;
        exported.charges_left = exported.charges_left.map(|_| 0);
        exported.status = match (exported.status, exported.ends_on) {
            (Status::Paused, _) => Status::Paused,
            (_, Some(_)) => Status::Cancelled,
            (_, None) => Status::Active,
        };
    }
    // What it points at is in a document by number, and there are no numbers here.
    let kept = &subscription.particulars;
    let points = format!(
        "{} {:?} {:?} {:?} {:?}",
        subscription.category, kept.payment_method, kept.tags, kept.replaced_by, subscription.sharing
    );
    let mut digest = Sha256::new();
    digest.update(serde_json::to_vec(&document).unwrap_or_default());
    digest.update(points);
    let digest = digest.finalize();
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
