//! What concerns the household as a whole, on its way out and in.

use jiff::{Timestamp, civil::Date};
use kernel::{BudgetId, CategoryId, Currency, CycleText, Invalid, Money, SettlementId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Document, Fellow, Restored, refs::Refs};
use crate::domain::{Budget, BudgetInput, CategoryChoice, Given, LabelKind, Notes, OwnRate, read_date};

/// More entries than a household makes in its life.
const MOST_SETTLEMENTS: usize = 50_000;
/// More rates than anybody sets by hand.
const MOST_RATES: usize = 500;

/// Somebody who belongs to the household or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedMember {
    /// Their number in this file, counted from one.
    #[serde(rename = "ref")]
    pub reference: u32,
    /// What they are called; `null` for whoever exported it, who is whoever imports it.
    pub name: Option<String>,
    /// Whether they have left.
    pub left: bool,
}

/// A rate that was set by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedRate {
    /// The currency that is converted.
    pub from: Currency,
    /// What it is converted into.
    pub to: Currency,
    /// The first day it holds.
    #[schema(schema_with = kernel::schema::date)]
    pub since: Date,
    /// How much of `to` one of `from` buys.
    pub rate: String,
}

/// What one means to spend at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedBudget {
    /// How much at most.
    pub amount: String,
    /// In what.
    pub currency: Currency,
    /// How long a period is.
    pub period: CycleText,
    /// The first day of a period.
    #[schema(schema_with = kernel::schema::date)]
    pub begins_on: Date,
    /// A built-in category's slug, where it is about one.
    pub category: Option<String>,
    /// The `ref` of a category of the household's own, where it is about one.
    pub own_category: Option<u32>,
    /// The `ref` of the member whose it is; the household's, when `null`.
    pub member: Option<u32>,
    /// The first day of the last period in which it was told that more was spent.
    #[schema(value_type = Option<String>, format = Date)]
    pub passed_for: Option<Date>,
}

/// What one member gave another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedSettlement {
    /// The `ref` of who gave it.
    pub from: u32,
    /// The `ref` of who got it.
    pub to: u32,
    /// How much.
    pub amount: String,
    /// In what.
    pub currency: Currency,
    /// When.
    #[schema(schema_with = kernel::schema::date)]
    pub paid_on: Date,
    /// What was written beside it.
    pub note: String,
    /// When it was entered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// What concerns a household as a whole, restored for its new owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Common {
    /// What it means to spend at most.
    pub budgets: Vec<Budget>,
    /// What members gave one another.
    pub settlements: Vec<Given>,
    /// The rates it set by hand.
    pub own_rates: Vec<OwnRate>,
}

impl ExportedMember {
    pub(super) fn of(reference: u32, fellow: &Fellow) -> Self {
        let name = (!fellow.you).then(|| fellow.name.clone());
        Self { reference, name, left: fellow.left }
    }
}

impl ExportedRate {
    pub(super) fn of(own: &OwnRate) -> Self {
        Self { from: own.from, to: own.to, since: own.since, rate: own.rate.to_string() }
    }
}

impl ExportedBudget {
    pub(super) fn of(budget: &Budget, refs: &Refs) -> Self {
        let (category, own_category) = match budget.category {
            None => (None, None),
            Some(CategoryChoice::BuiltIn(category)) => (Some(category.slug().to_owned()), None),
            Some(CategoryChoice::Own(id)) => match refs.label(id.uuid()) {
                Some(reference) => (None, Some(reference)),
                None => (Some(CategoryChoice::OTHER.to_string()), None),
            },
        };
        Self {
            amount: budget.amount.amount_text(),
            currency: budget.amount.currency(),
            period: CycleText {
                every: budget.period.every().into(),
                unit: budget.period.unit().as_str().into(),
            },
            begins_on: budget.begins_on,
            category,
            own_category,
            member: budget.member.and_then(|member| refs.member(member)),
            passed_for: budget.passed_for,
        }
    }

    fn restore(
        &self,
        id: BudgetId,
        owner: &Restored<'_>,
        pointer: &str,
        invalid: &mut Invalid,
    ) -> Option<Budget> {
        let amount = invalid.check(format!("{pointer}/amount"), Money::parse(&self.amount, self.currency))?;
        let category = match (&self.category, self.own_category) {
            (None, None) => None,
            (Some(slug), None) => {
                Some(CategoryChoice::BuiltIn(invalid.check(format!("{pointer}/category"), slug.parse())?))
            }
            (None, Some(reference)) => {
                let pointer = format!("{pointer}/own_category");
                let id = owner.label(LabelKind::Category, reference, &pointer, invalid)?;
                Some(CategoryChoice::Own(CategoryId::from_uuid(id)))
            }
            (Some(_), Some(_)) => {
                invalid.add(format!("{pointer}/category"), "give either category or own_category");
                None
            }
        };
        let member = match self.member {
            None => None,
            Some(member) => Some(owner.member(member, &format!("{pointer}/member"), invalid)?),
        };
        let input = BudgetInput {
            category: Some(category),
            member: Some(member),
            amount: Some(amount),
            period: Some(self.period.read(&format!("{pointer}/period"), invalid)?),
            begins_on: Some(self.begins_on),
        };
        match Budget::create(id, owner.household, &input, self.begins_on) {
            Ok(budget) => Some(Budget { passed_for: self.passed_for, ..budget }),
            Err(wrong) => {
                for error in wrong.errors() {
                    invalid.add(format!("{pointer}{}", error.pointer), error.detail.clone());
                }
                None
            }
        }
    }
}

impl ExportedSettlement {
    /// Nothing where it is of somebody who was never there.
    pub(super) fn of(given: &Given, refs: &Refs) -> Option<Self> {
        Some(Self {
            from: refs.member(given.from)?,
            to: refs.member(given.to)?,
            amount: given.amount.amount_text(),
            currency: given.amount.currency(),
            paid_on: given.paid_on,
            note: given.note.clone(),
            created_at: given.created_at,
        })
    }

    fn restore(
        &self,
        id: SettlementId,
        owner: &Restored<'_>,
        pointer: &str,
        invalid: &mut Invalid,
    ) -> Option<Given> {
        let from = owner.member(self.from, &format!("{pointer}/from"), invalid)?;
        let to = owner.member(self.to, &format!("{pointer}/to"), invalid)?;
        if from == to {
            invalid.add(format!("{pointer}/to"), "must be another than who paid");
        }
        let amount = invalid.check(format!("{pointer}/amount"), Money::parse(&self.amount, self.currency))?;
        if amount.is_zero() {
            invalid.add(format!("{pointer}/amount"), "must be more than nothing");
        }
        let paid_on = read_date(self.paid_on, &format!("{pointer}/paid_on"), invalid)?;
        let note = invalid.check(format!("{pointer}/note"), Notes::parse(&self.note))?;
        Some(Given {
            id,
            household: owner.household,
            from,
            to,
            amount,
            paid_on,
            note: note.to_string(),
            created_by: owner.created_by,
            created_at: self.created_at,
        })
    }
}

impl Document {
    /// The members that subscriptions of these numbers, counted from one, name with their payments.
    pub fn members_of(&self, numbers: impl IntoIterator<Item = u32>) -> std::collections::BTreeSet<u32> {
        let chosen = numbers.into_iter().filter_map(|number| super::refs::at(&self.subscriptions, number));
        chosen
            .flat_map(|exported| {
                let shared = exported.payments.iter().filter_map(|payment| payment.shared.as_ref());
                exported.sharing.iter().chain(shared)
            })
            .flat_map(super::ExportedSharing::members)
            .collect()
    }

    /// What concerns the household as a whole.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn restore_common(
        &self,
        owner: Restored<'_>,
        mut id: impl FnMut() -> Uuid,
    ) -> Result<Common, Invalid> {
        let mut invalid = Invalid::new();
        let mut common = Common::default();
        for (what, found, most) in [
            ("/budgets", self.budgets.len(), Budget::MOST),
            ("/settlements", self.settlements.len(), MOST_SETTLEMENTS),
            ("/rates", self.rates.len(), MOST_RATES),
        ] {
            if found > most {
                invalid.add(what, format!("must be at most {most}"));
                return Err(invalid);
            }
        }
        for (number, budget) in self.budgets.iter().enumerate() {
            let id = BudgetId::from_uuid(id());
            common.budgets.extend(budget.restore(id, &owner, &format!("/budgets/{number}"), &mut invalid));
        }
        for (number, given) in self.settlements.iter().enumerate() {
            let id = SettlementId::from_uuid(id());
            let pointer = format!("/settlements/{number}");
            common.settlements.extend(given.restore(id, &owner, &pointer, &mut invalid));
        }
        for (number, rate) in self.rates.iter().enumerate() {
            match OwnRate::check(rate.from, rate.to, rate.since, &rate.rate) {
                Ok(own) => common.own_rates.push(own),
                Err(wrong) => {
                    for error in wrong.errors() {
                        invalid.add(format!("/rates/{number}{}", error.pointer), error.detail.clone());
                    }
                }
            }
        }
        invalid.into_result().map(|()| common)
    }
}
