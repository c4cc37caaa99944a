//! What one means to spend at most.

use std::sync::Arc;

use contracts::users::Household;
use jiff::civil::Date;
use kernel::{Actor, BudgetId, Event, HouseholdId, Invalid, UserId};
use platform::{
    db::{Batch, DbError},
    http::{ETag, IfMatch},
};

use super::{TRIES, Tracker};
use crate::{
    answers::{Figure, Size},
    domain::{Budget, BudgetInput, CategoryChoice, LabelKind, Sorting, Standing},
    error::TrackerError,
    store,
};

/// A household's budgets, and how far it is in each.
pub(crate) struct Budgets {
    pub(crate) sorting: Sorting,
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

/// A budget is everybody's: what is private of anybody counts in none.
fn common(household: HouseholdId) -> store::Onlooker {
    store::Onlooker { household, user: UserId::from_uuid(uuid::Uuid::nil()) }
}

impl Tracker {
    /// Every budget of the actor's household, with how far it is today.
    pub(crate) async fn budgets(&self, actor: &Actor) -> Result<Arc<Budgets>, TrackerError> {
        self.remembered(actor, Figure::Budgets, self.compute_budgets(actor)).await
    }

    async fn compute_budgets(&self, actor: &Actor) -> Result<Budgets, TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let standing = self.standings(actor.household, &household, today).await?;
        let sorting = store::sorting(&self.database, actor.household).await?;
        Ok(Budgets { sorting, standing })
    }

    async fn standings(
        &self,
        id: HouseholdId,
        household: &Household,
        today: Date,
    ) -> Result<Vec<(Budget, Standing)>, TrackerError> {
        let budgets = store::budgets(&self.database, id).await?;
        if budgets.is_empty() {
            return Ok(Vec::new());
        }
        let subscriptions = store::all(&self.database, common(id)).await?;
        let first = store::earliest(&budgets, today);
        let last = budgets.iter().map(|budget| budget.period_of(today).1).max().unwrap_or(today);
        let payments = store::payments_of_month(&self.database, common(id), first, last).await?;
        let prices = subscriptions.iter().map(|each| (each.price_on(today), today));
        let paid = payments.iter().map(|payment| (payment.amount, payment.rate_day()));
        let limits = budgets.iter().map(|budget| (budget.amount, today));
        let amounts = prices.chain(paid).chain(limits);
        let converter = self.converter(id, household.currency, today, amounts).await?;
        Ok(budgets
            .into_iter()
            .map(|budget| {
                let standing = budget.standing(today, subscriptions.iter(), &payments, &converter);
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
            self.check_category(actor, budget.category).await?;
            if budget == before {
                return Ok(budget);
            }
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

    /// The news of budgets that were passed, and the note that it was told; nothing when there is none.
    pub(crate) async fn passing(&self, id: HouseholdId) -> Result<Batch, TrackerError> {
        let mut batch = Batch::of(id);
        if !store::has_budgets(&self.database, id).await? {
            return Ok(batch);
        }
        let household = self.household(id).await?;
        let today = self.today(&household);
        for (mut budget, standing) in self.standings(id, &household, today).await? {
            let Some(passed) = budget.pass(&standing) else { continue };
            let found = budget.version;
            budget.version += 1;
            store::update_budget(&mut batch, &budget, found);
            let event = Event::new(self.ids.next(), budget.id.to_string(), self.clock.now(), &passed);
            batch.tell(&event.with_household(id));
        }
        Ok(batch)
    }
}
