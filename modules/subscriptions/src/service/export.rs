//! Everything, to be taken elsewhere.

use kernel::Actor;

use super::Tracker;
use crate::{
    domain::export::{self, Document, Everything, Fellow, Held, Whole},
    error::TrackerError,
    store,
};

/// The most bytes that documents add to an export: with them it is still short enough to be imported.
const MOST_OF_DOCUMENTS: i64 = 12 * 1024 * 1024;

impl Tracker {
    /// Everything of the actor's household that they see.
    pub(crate) async fn export(&self, actor: &Actor) -> Result<Document, TrackerError> {
        let with_content = store::documents_size(&self.database, actor.household).await? <= MOST_OF_DOCUMENTS;
        let everything = Everything {
            sorting: self.sorting(actor).await?,
            members: self.fellows(actor).await?,
            subscriptions: self.whole(actor, with_content).await?,
            budgets: store::budgets(&self.database, actor.household).await?,
            settlements: store::all_settlements(&self.database, actor.household).await?,
            own_rates: store::own_rates(&self.database, actor.household).await?,
        };
        Ok(Document::of(&everything))
    }

    /// Everybody of the household, the actor first.
    async fn fellows(&self, actor: &Actor) -> Result<Vec<Fellow>, TrackerError> {
        let members = self.members(actor).await?;
        let mut fellows: Vec<Fellow> = members
            .into_iter()
            .map(|member| Fellow {
                you: member.id == actor.member,
                id: member.id,
                name: member.name,
                left: member.left_at.is_some(),
            })
            .collect();
        fellows.sort_by_key(|fellow| !fellow.you);
        Ok(fellows)
    }

    /// The subscriptions that the actor sees, with their payments and all that is kept with those; the bytes of
    /// documents where they are asked for.
    pub(super) async fn whole(&self, actor: &Actor, with_content: bool) -> Result<Vec<Whole>, TrackerError> {
        let (database, household) = (&self.database, actor.household);
        let subscriptions = store::all(database, actor).await?;
        let mut changes = store::changes(database, household).await?;
        let mut documents = store::documents(database, household, with_content).await?;
        let mut shared = store::shares_kept(database, household).await?;
        let mut payments = std::collections::HashMap::<_, Vec<Held>>::new();
        for entry in store::entries(database, household).await? {
            let id = entry.id;
            payments.entry(entry.subscription).or_default().push(Held {
                changes: changes.remove(&id).unwrap_or_default(),
                documents: documents.remove(&id).unwrap_or_default(),
                shared: shared.remove(&id),
                entry,
            });
        }
        let whole = subscriptions.into_iter().map(|subscription| Whole {
            payments: payments.remove(&subscription.id).unwrap_or_default(),
            subscription,
        });
        Ok(whole.collect())
    }

    /// What is tracked, as a table for spreadsheets.
    pub(crate) async fn export_csv(&self, actor: &Actor) -> Result<String, TrackerError> {
        let household = self.household(actor.household).await?;
        let subscriptions = store::all(&self.database, actor).await?;
        Ok(export::csv(&subscriptions, &self.sorting(actor).await?, self.today(&household)))
    }
}
