//! `/v1/dashboard`

use std::sync::Arc;

use axum::extract::State;
use jiff::civil::Date;
use kernel::{Currency, Money, PaymentId, SubscriptionId};
use platform::http::{Caller, Json, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};

use super::bodies::nullable_date;
use crate::{
    Tracker,
    domain::{Counts, Totals},
    service::{Dashboard, Whose},
};

/// What a household pays, today. Every figure is the sum of rounded rows.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Dashboard)]
pub(crate) struct DashboardBody {
    /// The day the figures are for, where the household lives.
    #[schema(schema_with = kernel::schema::date)]
    today: Date,
    /// The household's currency.
    currency: Currency,
    /// In that currency: what is in it, and what was converted into it.
    totals: TotalsBody,
    /// What there is no rate for, by currency: not converted, in none of the totals, not left out.
    other_currencies: Vec<TotalsBody>,
    /// Whether anything in the totals was converted.
    converted: bool,
    /// The day of the European Central Bank's rates that were used for today, where there is more than one currency.
    #[schema(schema_with = nullable_date)]
    rates_on: Option<Date>,
    /// The charges of the next 30 days, by day.
    upcoming: Vec<UpcomingBody>,
    /// How many more of them there are.
    upcoming_left_out: usize,
    /// The trials that end in the next 30 days.
    trials_ending: Vec<TrialBody>,
    counts: CountsBody,
    /// What is due or has failed by today, the longest overdue first; the ledger has the rest.
    open_payments: Vec<OpenPaymentBody>,
    /// How many more of them there are.
    open_payments_left_out: usize,
}

/// A payment whose money has yet to move.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = OpenPayment)]
pub(crate) struct OpenPaymentBody {
    payment_id: PaymentId,
    subscription_id: SubscriptionId,
    name: String,
    #[schema(schema_with = kernel::schema::date)]
    due_on: Date,
    /// `due` or `failed`.
    status: &'static str,
    amount: Money,
}

/// How many open payments are shown.
const OPEN: usize = 50;

/// What everything in one currency comes to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Totals)]
pub(crate) struct TotalsBody {
    /// What runs comes to this a month.
    per_month: Money,
    /// And this a year.
    per_year: Money,
    /// What was paid this month.
    paid_this_month: Money,
    /// What is still to be paid this month.
    to_come_this_month: Money,
}

/// A charge ahead.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Upcoming)]
pub(crate) struct UpcomingBody {
    subscription_id: SubscriptionId,
    name: String,
    #[schema(schema_with = kernel::schema::date)]
    on: Date,
    amount: Money,
    /// The same in the household's currency, where it is in another and there is a rate.
    converted: Option<Money>,
}

/// A trial that ends soon, and what it costs from then on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TrialEnding)]
pub(crate) struct TrialBody {
    subscription_id: SubscriptionId,
    name: String,
    #[schema(schema_with = kernel::schema::date)]
    ends_on: Date,
    price: Money,
    /// The same in the household's currency, where it is in another and there is a rate.
    converted: Option<Money>,
}

/// How many subscriptions are where in their lives.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Counts)]
pub(crate) struct CountsBody {
    trial: usize,
    active: usize,
    paused: usize,
    cancelled: usize,
    ended: usize,
}

impl From<Totals> for TotalsBody {
    fn from(totals: Totals) -> Self {
        let Totals { per_month, per_year, paid_this_month, to_come_this_month } = totals;
        Self { per_month, per_year, paid_this_month, to_come_this_month }
    }
}

impl From<Counts> for CountsBody {
    fn from(counts: Counts) -> Self {
        let Counts { trial, active, paused, cancelled, ended } = counts;
        Self { trial, active, paused, cancelled, ended }
    }
}

impl DashboardBody {
    fn new(dashboard: &Dashboard) -> Self {
        let figures = &dashboard.figures;
        let name = |id| dashboard.subscriptions.get(&id).map_or_else(String::new, |s| s.name.to_string());
        let upcoming = figures.upcoming.iter().map(|charge| UpcomingBody {
            subscription_id: charge.subscription,
            name: name(charge.subscription),
            on: charge.on,
            amount: charge.amount,
            converted: charge.converted,
        });
        let trials = figures.trials_ending.iter().map(|trial| TrialBody {
            subscription_id: trial.subscription,
            name: name(trial.subscription),
            ends_on: trial.on,
            price: trial.price,
            converted: trial.converted,
        });
        let open = dashboard.open.iter().take(OPEN).map(|payment| OpenPaymentBody {
            payment_id: payment.id,
            subscription_id: payment.subscription,
            name: name(payment.subscription),
            due_on: payment.due_on,
            status: payment.state.status().as_str(),
            amount: payment.amount,
        });
        Self {
            today: dashboard.today,
            currency: dashboard.household.currency,
            totals: figures.home.into(),
            other_currencies: figures.others.iter().copied().map(Into::into).collect(),
            converted: figures.converted,
            rates_on: dashboard.rates_on,
            upcoming: upcoming.collect(),
            upcoming_left_out: figures.upcoming_left_out,
            trials_ending: trials.collect(),
            counts: figures.counts.into(),
            open_payments: open.collect(),
            open_payments_left_out: dashboard.open.len().saturating_sub(OPEN),
        }
    }
}

/// Whose figures; a part of the query.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhoseQuery {
    /// `ours` (the default): the household's. `mine`: your part of each row.
    #[serde(default)]
    #[param(inline)]
    pub(super) view: Whose,
}

/// What you pay
///
/// A private subscription is in nobody's figures but its owner's.
#[utoipa::path(get, path = "/v1/dashboard", tag = "subscriptions", params(WhoseQuery), responses(
    (status = 200, description = "The figures of today", body = DashboardBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "The query is not valid", body = ProblemBody),
))]
pub(super) async fn read(
    State(tracker): State<Arc<Tracker>>,
    Caller(actor): Caller,
    Query(query): Query<WhoseQuery>,
) -> Result<Json<DashboardBody>, Problem> {
    let dashboard = tracker.dashboard(&actor, query.view).await?;
    Ok(Json(DashboardBody::new(&dashboard)))
}
