//! Who owes whom, and settling up.

use std::time::Duration;

use contracts::users::Member;
use jiff::civil::Date;
use kernel::{Actor, HouseholdId, Invalid, MemberId, Money, SettlementId};
use platform::db::Batch;

use super::Tracker;
use crate::{
    domain::{Books, Given, Notes},
    error::TrackerError,
    store,
};

/// What one member gave another, as it was told.
#[derive(Debug, Clone)]
pub(crate) struct Settling {
    pub(crate) from: MemberId,
    pub(crate) to: MemberId,
    pub(crate) amount: Money,
    /// Today when left out.
    pub(crate) paid_on: Option<Date>,
    pub(crate) note: String,
}

impl Tracker {
    /// Everybody who belongs to the actor's household or did.
    pub(crate) async fn members(&self, actor: &Actor) -> Result<Vec<Member>, TrackerError> {
        self.members_of(actor.household).await
    }

    pub(super) async fn members_of(&self, household: HouseholdId) -> Result<Vec<Member>, TrackerError> {
        match tokio::time::timeout(Duration::from_secs(2), self.users.members(household)).await {
            Ok(Ok(members)) => Ok(members),
            Ok(Err(error)) => Err(TrackerError::Away(error.to_string())),
            Err(_) => Err(TrackerError::Away("users did not answer in time".into())),
        }
    }

    /// Those who belong to it now, in the order in which they joined.
    pub(crate) async fn everybody(&self, actor: &Actor) -> Result<Vec<MemberId>, TrackerError> {
        let members = self.members(actor).await?;
        Ok(members.into_iter().filter(|member| member.left_at.is_none()).map(|member| member.id).collect())
    }

    /// What members paid for one another and gave one another.
    pub(crate) async fn books(&self, actor: &Actor) -> Result<Books, TrackerError> {
        let mut books = Books::default();
        for alike in store::payments_shared_alike(&self.database, actor.household).await? {
            books.enter(&alike.sharing, alike.amount, alike.times);
        }
        for (from, to, amount) in store::settlements_summed(&self.database, actor.household).await? {
            books.settle(from, to, amount);
        }
        Ok(books)
    }

    /// Enters what one member gave another.
    pub(crate) async fn settle(&self, actor: &Actor, settling: Settling) -> Result<Given, TrackerError> {
        let household = self.household(actor.household).await?;
        let members = self.members(actor).await?;
        let today = self.today(&household);
        let mut invalid = Invalid::new();
        let known = |id: MemberId| members.iter().any(|member| member.id == id);
        for (pointer, id) in [("/from_member_id", settling.from), ("/to_member_id", settling.to)] {
            if !known(id) {
                invalid.add(pointer, "must be a member of your household");
            }
        }
        if settling.from == settling.to {
            invalid.add("/to_member_id", "must be another than who paid");
        }
        if settling.amount.minor() <= 0 {
            invalid.add("/amount/amount", "must be more than nothing");
        }
        let paid_on = settling.paid_on.unwrap_or(today);
        if paid_on > today || paid_on.year() < 1970 {
            invalid.add("/paid_on", "must be a day that has come");
        }
        let note = invalid.check("/note", Notes::parse(&settling.note));
        invalid.into_result()?;
        let settlement = Given {
            id: self.ids.next(),
            household: actor.household,
            from: settling.from,
            to: settling.to,
            amount: settling.amount,
            paid_on,
            note: note.map(|note| note.to_string()).unwrap_or_default(),
            created_by: actor.user,
            created_at: self.clock.now(),
        };
        let mut batch = Batch::of(actor.household);
        store::insert_settlement(&mut batch, &settlement);
        self.database.apply(batch).await?;
        Ok(settlement)
    }

    /// A page of what was given, the newest first, and one more when another page follows.
    pub(crate) async fn settlements(
        &self,
        actor: &Actor,
        before: Option<SettlementId>,
        limit: u16,
    ) -> Result<Vec<Given>, TrackerError> {
        Ok(store::settlements(&self.database, actor.household, before, i64::from(limit) + 1).await?)
    }

    pub(crate) async fn settlement(&self, actor: &Actor, id: SettlementId) -> Result<Given, TrackerError> {
        store::settlement(&self.database, actor.household, id).await?.ok_or(TrackerError::NotFound)
    }

    /// Takes an entry back.
    pub(crate) async fn unsettle(&self, actor: &Actor, id: SettlementId) -> Result<(), TrackerError> {
        let mut batch = Batch::of(actor.household);
        store::delete_settlement(&mut batch, actor.household, id);
        self.database
            .apply(batch)
            .await
            .map_err(|error| if error.is_conflict() { TrackerError::NotFound } else { error.into() })
    }
}
