//! What was done with an account, written down and read.

use std::net::IpAddr;

use async_trait::async_trait;
use contracts::{
    CallError,
    auth::{AuditLog, Deed},
};
use kernel::{Actor, AuditEntryId, UserId};
use platform::{db::Batch, http::Origin};

use super::{Auth, Doer};
use crate::{
    AuthError,
    domain::Act,
    store::{self, Entry},
};

/// How much is forgotten in one go.
const FORGET: i64 = 500;

impl Auth {
    /// Writes an act down, in the batch of the act itself.
    pub(super) fn note(&self, batch: &mut Batch, user: UserId, act: Act, detail: &str, doer: &Doer) {
        let entry = Entry {
            id: self.ids.next(),
            act,
            detail: detail.to_owned(),
            session: doer.session,
            address: doer.origin.address_text(),
            device: doer.origin.device.clone(),
            at: self.now(),
        };
        store::insert_entry(batch, user, &entry);
    }

    /// What was done with the actor's account, the newest first, and one entry more than asked for.
    pub(crate) async fn audit_log(
        &self,
        actor: &Actor,
        before: Option<AuditEntryId>,
        limit: u16,
    ) -> Result<Vec<Entry>, AuthError> {
        Ok(store::entries(&self.database, actor.user, before, limit).await?)
    }

    /// Forgets what is too old to be of use to anybody; whether there may be more.
    pub(crate) async fn forget(&self) -> Result<bool, AuthError> {
        let now = self.now();
        let old = now - self.settings.audit.duration();
        let entries = store::forget_entries(&self.database, old, FORGET).await?;
        // Longer than anything is counted.
        let tries =
            store::forget_old_tries(&self.database, now - std::time::Duration::from_secs(86_400), FORGET)
                .await?;
        let proofs = store::forget_proofs(&self.database, now, FORGET).await?;
        let pending = store::forget_pending_log_ins(&self.database, now, FORGET).await?;
        let trips = store::forget_trips(&self.database, now, FORGET).await?;
        let challenges = store::forget_challenges(&self.database, now, FORGET).await?;
        let tokens = store::forget_service_tokens(&self.database, now, FORGET).await?;
        let full = usize::try_from(FORGET).unwrap_or(usize::MAX);
        Ok([entries, tries, proofs, pending, trips, challenges, tokens].contains(&full))
    }
}

#[async_trait]
impl AuditLog for Auth {
    async fn write_down(
        &self,
        actor: &Actor,
        deed: Deed,
        detail: &str,
        (address, device): (Option<IpAddr>, &str),
    ) -> Result<(), CallError> {
        let act = match deed {
            Deed::DeadLettersReplayed => Act::DeadLettersReplayed,
            Deed::DeadLettersDiscarded => Act::DeadLettersDiscarded,
            Deed::TicketOpened(_) => Act::TicketOpened,
            Deed::MailAddressMade => Act::MailAddressMade,
            Deed::MailAddressRevoked => Act::MailAddressRevoked,
        };
        let doer = Doer::of(actor, Origin { address, device: device.to_owned() });
        let mut batch = Batch::new();
        if let Deed::TicketOpened(owner) = deed {
            // From where an agent works is no affair of whom they help.
            let somebody = Doer::nobody(Origin::default());
            self.note(&mut batch, owner, Act::TicketOpenedBySupport, detail, &somebody);
        }
        self.note(&mut batch, actor.user, act, detail, &doer);
        self.database.apply(batch).await.map_err(|error| CallError::Unavailable(error.to_string()))
    }
}
