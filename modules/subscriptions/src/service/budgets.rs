//! What one means to spend at most.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use contracts::users::{Household, Member};
use jiff::civil::Date;
use kernel::{Actor, BudgetId, Event, HouseholdId, Invalid, MemberId, PaymentId, UserId};
use platform::{
    db::{Batch, DbError},
    http::{ETag, IfMatch},
};

use super::{TRIES, Tracker};
use crate::{
    answers::{Figure, Size},
    domain::{
        Budget, BudgetInput, CategoryChoice, LabelKind, Payment, Sharing, Sorting, Standing, Subscription,
        View,
    },
    error::TrackerError,
    store,
};

/// A household's budgets, and how far it is in each.
pub(crate) struct Budgets {
    pub(crate) sorting: Sorting,
    /// Everybody who belongs to the household or did.
    pub(crate) members: Vec<Member>,
    pub(crate) standing: Vec<(Budget, Standing)>,
}

impl Size for Budgets {
    fn rows(&self) -> usize {
        self.standing.len()
    }
}

/// Changes with every stored change.
pub(crate) fn budget_etag(budget: &Budget) -> ETag {
    ETag::of(&[&budget.version])
}

/// The eyes of nobody: what is private of anybody is not seen.
fn common(household: HouseholdId) -> store::Onlooker {
    store::Onlooker { household, user: UserId::from_uuid(uuid::Uuid::nil()) }
}

/// Who looks at budgets, and whose they can be.
struct Onlooking<'a> {
    eyes: store::Onlooker,
    members: &'a [Member],
    household: &'a Household,
    today: Date,
}

impl Onlooking<'_> {
    /// Of what somebody sees, that which counts in a budget of `member`, or in one of everybody's: what is private
    /// counts for whoever keeps it to themselves, in a budget of their own.
    fn counted(
        &self,
        member: Option<MemberId>,
        (subscriptions, payments): (&[Subscription], &[Payment]),
        kept: &HashMap<PaymentId, Sharing>,
    ) -> (Vec<Subscription>, Vec<Payment>) {
        let whose = member.and_then(|id| self.members.iter().find(|member| member.id == id));
        let own = whose.is_some_and(|member| member.user == Some(self.eyes.user));
        let seen: Vec<_> =
            subscriptions.iter().filter(|each| own || !each.sharing.private).cloned().collect();
        let ids: HashSet<_> = seen.iter().map(|each| each.id).collect();
        let payments: Vec<_> =
            payments.iter().filter(|payment| ids.contains(&payment.subscription)).cloned().collect();
        let view = match member {
            None => View::Ours,
            Some(member) => {
                let present = self.members.iter().filter(|member| member.left_at.is_none());
                View::Mine { member, everybody: present.map(|member| member.id).collect() }
            }
        };
        let payments = view.of_payments(payments, &seen, kept);
        (view.of_subscriptions(seen), payments)
    }
}

impl Tracker {
    /// Every budget of the actor's household, with how far it is today.
    pub(crate) async fn budgets(&self, actor: &Actor) -> Result<Arc<Budgets>, TrackerError> {
        self.remembered(actor, Figure::Budgets, self.compute_budgets(actor)).await
    }

    async fn compute_budgets(&self, actor: &Actor) -> Result<Budgets, TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let members = self.members(actor).await?;
        let budgets = store::budgets(&self.database, actor.household).await?;
        let onlooking = Onlooking { eyes: actor.into(), members: &members, household: &household, today };
        let standing = self.standings(&onlooking, budgets).await?;
        let sorting = store::sorting(&self.database, actor.household).await?;
        Ok(Budgets { sorting, members, standing })
    }

    async fn standings(
        &self,
        onlooking: &Onlooking<'_>,
        budgets: Vec<Budget>,
    ) -> Result<Vec<(Budget, Standing)>, TrackerError> {
        if budgets.is_empty() {
            return Ok(Vec::new());
        }
        let &Onlooking { eyes, household, today, .. } = onlooking;
        let first = store::earliest(&budgets, today);
        let last = budgets.iter().map(|budget| budget.period_of(today).1).max().unwrap_or(today);
        let subscriptions = store::all(&self.database, eyes).await?;
        let payments = store::payments_of_month(&self.database, eyes, first, last).await?;
        let kept = if budgets.iter().any(|budget| budget.member.is_some()) {
            store::shares_of_month(&self.database, eyes.household, first, last).await?
        } else {
            HashMap::new()
        };
        let prices = subscriptions.iter().map(|each| (each.price_on(today), today));
        let paid = payments.iter().map(|payment| (payment.amount, payment.rate_day()));
        let limits = budgets.iter().map(|budget| (budget.amount, today));
        let amounts = prices.chain(paid).chain(limits);
        let converter = self.converter(eyes.household, household.currency, today, amounts).await?;
        let mut counted: HashMap<Option<MemberId>, (Vec<Subscription>, Vec<Payment>)> = HashMap::new();
        Ok(budgets
            .into_iter()
            .map(|budget| {
                let (subscriptions, payments) = counted
                    .entry(budget.member)
                    .or_insert_with(|| onlooking.counted(budget.member, (&subscriptions, &payments), &kept));
                let standing = budget.standing(today, subscriptions.iter(), payments, &converter);
                (budget, standing)
            })
            .collect())
    }

    pub(crate) async fn budget(&self, actor: &Actor, id: BudgetId) -> Result<Budget, TrackerError> {
        store::budget(&self.database, actor.household, id).await?.ok_or(TrackerError::NoBudget)
    }

    pub(crate) async fn create_budget(
        &self,
        actor: &Actor,
        input: &BudgetInput,
    ) -> Result<Budget, TrackerError> {
        let today = self.today(&*self.household(actor.household).await?);
        let budget = Budget::create(self.ids.next(), actor.household, input, today)?;
        self.check_category(actor, budget.category).await?;
        self.check_member(actor, budget.member).await?;
        if store::budgets(&self.database, actor.household).await?.len() >= Budget::MOST {
            let detail = format!("there are {} already, and no more can be kept", Budget::MOST);
            return Err(Invalid::field("", detail).into());
        }
        let mut batch = Batch::of(actor.household);
        store::insert_budget(&mut batch, &budget);
        self.database.apply(batch).await?;
        Ok(budget)
    }

    pub(crate) async fn change_budget(
        &self,
        actor: &Actor,
        id: BudgetId,
        seen: &IfMatch,
        input: &BudgetInput,
    ) -> Result<Budget, TrackerError> {
        for _ in 0..TRIES {
            let before = self.budget(actor, id).await?;
            seen.check(&budget_etag(&before)).map_err(|_| TrackerError::Changed)?;
            let mut budget = before.clone();
            budget.edit(input)?;
            if budget == before {
                return Ok(budget);
            }
            self.check_category(actor, budget.category).await?;
            self.check_member(actor, budget.member).await?;
            budget.version += 1;
            let mut batch = Batch::of(actor.household);
            store::update_budget(&mut batch, &budget, before.version);
            match self.database.apply(batch).await {
                Err(DbError::Conflict) => {}
                other => return Ok(other.map(|()| budget)?),
            }
        }
        Err(TrackerError::Contended)
    }

    pub(crate) async fn delete_budget(
        &self,
        actor: &Actor,
        id: BudgetId,
        seen: &IfMatch,
    ) -> Result<(), TrackerError> {
        for _ in 0..TRIES {
            let budget = self.budget(actor, id).await?;
            seen.check(&budget_etag(&budget)).map_err(|_| TrackerError::Changed)?;
            let mut batch = Batch::of(actor.household);
            store::delete_budget(&mut batch, actor.household, id, budget.version);
            match self.database.apply(batch).await {
                Err(DbError::Conflict) => {}
                other => return Ok(other?),
            }
        }
        Err(TrackerError::Contended)
    }

    /// A category of the household's own must be there.
    async fn check_category(
        &self,
        actor: &Actor,
        category: Option<CategoryChoice>,
    ) -> Result<(), TrackerError> {
        let Some(CategoryChoice::Own(id)) = category else { return Ok(()) };
        let sorting = store::sorting(&self.database, actor.household).await?;
        if sorting.of(LabelKind::Category).any(|label| label.id == id.uuid()) {
            Ok(())
        } else {
            Err(Invalid::field("/category", "is none of your categories").into())
        }
    }

    /// A member must belong to the household.
    pub(super) async fn check_member(
        &self,
        actor: &Actor,
        member: Option<MemberId>,
    ) -> Result<(), TrackerError> {
        match member {
            Some(member) if !self.everybody(actor).await?.contains(&member) => {
                Err(Invalid::field("/member_id", "is nobody of your household").into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The news of budgets that were passed, and the note that it was told; nothing when there is none.
    pub(crate) async fn passing(&self, id: HouseholdId) -> Result<Batch, TrackerError> {
        let mut batch = Batch::of(id);
        if !store::has_budgets(&self.database, id).await? {
            return Ok(batch);
        }
        let household = self.household(id).await?;
        let today = self.today(&household);
        let mut budgets = store::budgets(&self.database, id).await?;
        let any = budgets.iter().any(|budget| budget.member.is_some());
        let members = if any { self.members_of(id).await? } else { Vec::new() };
        let whose = |budget: &Budget| {
            let member = members.iter().find(|member| Some(member.id) == budget.member);
            member.and_then(|member| member.user)
        };
        // Each is looked at by whoever is told of it: what they keep to themselves is nobody else's news.
        budgets.sort_by_key(whose);
        for alike in budgets.chunk_by(|one, other| whose(one) == whose(other)) {
            let recipient = alike.first().and_then(whose);
            let eyes = recipient.map_or(common(id), |user| store::Onlooker { household: id, user });
            let onlooking = Onlooking { eyes, members: &members, household: &household, today };
            for (mut budget, standing) in self.standings(&onlooking, alike.to_vec()).await? {
                let Some(passed) = budget.pass(&standing, recipient) else { continue };
                let found = budget.version;
                budget.version += 1;
                store::update_budget(&mut batch, &budget, found);
                let event = Event::new(self.ids.next(), budget.id.to_string(), self.clock.now(), &passed);
                batch.tell(&event.with_household(id).with_audience(recipient));
            }
        }
        Ok(batch)
    }
}
