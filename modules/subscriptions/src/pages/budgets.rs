//! Budgets: how far one is in each, and making, changing and removing them.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, BudgetId, CycleText, Invalid, MemberId, MoneyText};
use platform::http::{IfMatch, PathOf, Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Manner, Shell, Tab,
    view::{Field, Filter, Progress, Select},
};

use super::{
    Known,
    done::Told,
    filled::Filled,
    frame::{Frame, render},
    list,
    sheet::given,
    spending::{rooms, said},
};
use crate::{
    Tracker,
    domain::{Budget, BudgetInput, CategoryChoice, Standing},
    error::TrackerError,
    service::Budgets,
};

/// One budget, with its forms.
pub(super) struct Shown {
    action: String,
    name: String,
    period: String,
    progress: Progress,
    spent: String,
    left: String,
    to_come: String,
    /// What one should know: that it is passed, or will be.
    warning: &'static str,
    amount: Field,
}

/// What was typed for a new one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewBudget {
    category: String,
    member: String,
    amount: String,
    every: String,
    unit: String,
    begins_on: String,
}

/// What was typed into one that is there, and which button was pressed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Changed {
    intent: String,
    amount: String,
}

#[derive(Template)]
#[template(path = "budgets.html")]
pub(super) struct BudgetsPage {
    shell: Shell,
    rooms: Vec<Filter>,
    budgets: Vec<Shown>,
    category: Select,
    /// Whose, where several share the household.
    member: Option<Select>,
    amount: Field,
    every: Field,
    unit: Select,
    begins_on: Field,
}

fn shown(known: &Budgets, (budget, standing): &(Budget, Standing), manner: &Manner) -> Shown {
    let limit = standing.limit.unwrap_or(budget.amount);
    let category = budget.category.map_or("Everything", |category| known.sorting.category(category));
    let whose = known.members.iter().find(|member| Some(member.id) == budget.member);
    let name =
        whose.map_or_else(|| category.to_owned(), |member| format!("{category}, {}’s part", member.name));
    let mut amount = Field::text("amount", format!("At most, in {}", budget.amount.currency()))
        .value(budget.amount.amount_text());
    amount.id = format!("amount-{}", budget.id);
    let left = match standing.left() {
        Some(left) if left.minor() < 0 => {
            let over = kernel::Money::from_minor(-left.minor(), left.currency());
            format!("{} too much", manner.money(&over))
        }
        Some(left) => format!("{} left", manner.money(&left)),
        None => "There is no rate for its currency".into(),
    };
    Shown {
        action: format!("/budgets/{}", budget.id),
        period: format!("{} to {}", manner.day(&standing.from), manner.date(&standing.to)),
        progress: Progress::new(format!("Spent of the budget for {name}"), standing.spent.home(), limit),
        name,
        spent: format!("{} of {}", said(&standing.spent, manner), manner.money(&budget.amount)),
        left,
        to_come: said(&standing.to_come, manner),
        warning: match (standing.is_passed(), standing.will_pass()) {
            (true, _) => "More was spent than you meant to.",
            (false, true) => "What is still to come will pass it.",
            (false, false) => "",
        },
        amount,
    }
}

impl BudgetsPage {
    pub(super) fn new(
        frame: &Frame,
        known: &Budgets,
        (typed, wrong): (&NewBudget, &Invalid),
        told: &Told,
    ) -> Self {
        let manner = frame.manner();
        let mut shell = frame.shell("Budgets", Tab::Figures);
        shell.notice = told.notice();
        let everything = std::iter::once((String::new(), "Everything".to_owned()));
        let begins_on = if typed.begins_on.is_empty() {
            frame.today.first_of_month().to_string()
        } else {
            typed.begins_on.clone()
        };
        let every = if typed.every.is_empty() { "1" } else { &typed.every };
        let unit = if typed.unit.is_empty() { "month" } else { &typed.unit };
        Self {
            shell,
            rooms: rooms("/budgets"),
            budgets: known.standing.iter().map(|each| shown(known, each, &manner)).collect(),
            category: Select::new("category", "On what")
                .choices(everything.chain(list::categories(&known.sorting)))
                .value(&*typed.category)
                .check(wrong, "/category"),
            member: super::whose::part_of(&known.members, &typed.member, wrong),
            amount: Field::text("amount", format!("At most, in {}", frame.currency))
                .value(&*typed.amount)
                .check(wrong, "/amount/amount")
                .check(wrong, "/amount"),
            every: Field::count("every", "In every").value(every).check(wrong, "/period/every"),
            unit: Select::new("unit", "Period")
                .choices([("week", "weeks"), ("month", "months"), ("year", "years")])
                .value(unit)
                .check(wrong, "/period/unit"),
            begins_on: Field::date("begins_on", "From pay day")
                .value(begins_on)
                .hint("The first day of one period; the others follow from it.")
                .check(wrong, "/begins_on"),
        }
    }
}

async fn page(
    tracker: &Tracker,
    actor: &Actor,
    typed: (&NewBudget, &Invalid),
    told: &Told,
) -> Result<BudgetsPage, Problem> {
    let frame = Frame::of(tracker, actor).await?;
    let budgets = tracker.budgets(actor).await?;
    Ok(BudgetsPage::new(&frame, &budgets, typed, told))
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let nothing = (&NewBudget::default(), &Invalid::new());
    render(StatusCode::OK, &page(&tracker, &actor, nothing, &told).await?)
}

fn input(typed: &NewBudget, currency: &str) -> Result<BudgetInput, Invalid> {
    let mut invalid = Invalid::new();
    let amount = MoneyText { amount: typed.amount.trim().to_owned(), currency: currency.to_owned() };
    // What is no number is out of range, and is told so.
    let period = CycleText { every: typed.every.trim().parse().unwrap_or(0), unit: typed.unit.clone() };
    let category = given(&typed.category);
    let category = category.map(|text| invalid.check("/category", text.parse::<CategoryChoice>()));
    let member = given(&typed.member);
    let member = member.map(|text: String| invalid.check("/member_id", text.parse::<MemberId>()));
    let input = BudgetInput {
        category: Some(category.flatten()),
        member: Some(member.flatten()),
        amount: amount.read("/amount", &mut invalid),
        period: period.read("/period", &mut invalid),
        begins_on: given(&typed.begins_on)
            .and_then(|text: String| invalid.check("/begins_on", kernel::parse_date(&text))),
    };
    invalid.into_result().map(|()| input)
}

pub(super) async fn create(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Filled(typed): Filled<NewBudget>,
) -> Result<Response, Problem> {
    let household = tracker.household(actor.household).await?;
    let outcome = match input(&typed, household.currency.code()) {
        Ok(input) => tracker.create_budget(&actor, &input).await.map(drop),
        Err(wrong) => Err(wrong.into()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to("/budgets?done=sorted").into_response()),
        Err(TrackerError::Invalid(wrong)) => {
            let page = page(&tracker, &actor, (&typed, &wrong), &Told::default()).await?;
            render(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn change(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<BudgetId>,
    Filled(sent): Filled<Changed>,
) -> Result<Response, Problem> {
    let seen = IfMatch::default();
    if sent.intent == "delete" {
        tracker.delete_budget(&actor, id, &seen).await?;
    } else {
        let currency = tracker.budget(&actor, id).await?.amount.currency();
        let mut invalid = Invalid::new();
        let text = MoneyText { amount: sent.amount.trim().to_owned(), currency: currency.code().to_owned() };
        let amount = text.read("/amount", &mut invalid);
        invalid.into_result()?;
        tracker.change_budget(&actor, id, &seen, &BudgetInput { amount, ..BudgetInput::default() }).await?;
    }
    Ok(Redirect::to("/budgets?done=sorted").into_response())
}
