//! `/v1/rates…`

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use jiff::civil::Date;
use kernel::{Currency, Invalid};
use platform::http::{Caller, Json, PathOf, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};

use crate::{
    Tracker,
    domain::{Converter, OwnRate, ReferenceRates},
};

type Known = State<Arc<Tracker>>;

/// The rates that a household counts with.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Rates)]
pub(crate) struct RatesBody {
    /// What the rates convert into.
    base: Currency,
    /// The day they are for.
    #[schema(schema_with = kernel::schema::date)]
    on: Date,
    /// The newest reference rates of the European Central Bank by today; `null` while there are none.
    reference: Option<ReferenceBody>,
    /// A rate for every currency that there is one for.
    data: Vec<RateBody>,
    /// Those set by hand.
    own: Vec<OwnRateBody>,
}

/// How old the newest reference rates are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReferenceRates)]
pub(crate) struct ReferenceBody {
    /// The day they are of.
    #[schema(schema_with = kernel::schema::date)]
    on: Date,
    /// How many days ago that was.
    age_days: i32,
}

/// How much of the base one of a currency buys.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Rate)]
pub(crate) struct RateBody {
    /// Of which currency.
    currency: Currency,
    /// How much of the base one of it buys, to eight digits.
    #[schema(example = "83.905797")]
    rate: String,
    /// The day the rate is of.
    #[schema(schema_with = kernel::schema::date)]
    on: Date,
    /// Who says so: `ecb`, `own` (set by hand) or `combined`.
    source: &'static str,
}

/// A rate set by hand.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = OwnRate)]
pub(crate) struct OwnRateBody {
    from: Currency,
    to: Currency,
    /// How much of `to` one of `from` buys.
    #[schema(example = "83.42")]
    rate: String,
    /// The first day it holds; it does until the next one of the same pair.
    #[schema(schema_with = kernel::schema::date)]
    since: Date,
}

impl From<&OwnRate> for OwnRateBody {
    fn from(own: &OwnRate) -> Self {
        Self { from: own.from, to: own.to, rate: own.rate.to_string(), since: own.since }
    }
}

impl RatesBody {
    fn new(converter: &Converter, base: Currency, on: Date, today: Date) -> Self {
        let data = converter.quotable(base).into_iter().filter_map(|currency| {
            let quote = converter.quote(currency, base, on)?;
            let (rate, source) = (quote.ratio.to_string(), quote.source.as_str());
            Some(RateBody { currency, rate, on: quote.on, source })
        });
        let reference = converter.newest().map(ReferenceRates::day).map(|day| ReferenceBody {
            on: day,
            age_days: today.since(day).map_or(0, |span| span.get_days()),
        });
        let own = converter.own().iter().map(OwnRateBody::from).collect();
        Self { base, on, reference, data: data.collect(), own }
    }
}

/// Which rates.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// What they convert into; the household's currency when left out.
    #[param(example = "INR", pattern = "^[A-Z]{3}$")]
    base: Option<String>,
    /// The day they are for; today when left out.
    #[param(value_type = Option<String>, format = Date)]
    on: Option<String>,
}

/// List the exchange rates that you count with
#[utoipa::path(get, path = "/v1/rates", tag = "rates", params(Asked), responses(
    (status = 200, description = "The rates of a day", body = RatesBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "A parameter is not valid", body = ProblemBody),
))]
pub(super) async fn list(
    State(tracker): Known,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<RatesBody>, Problem> {
    let mut invalid = Invalid::new();
    let base = asked.base.and_then(|code| invalid.check("/base", code.parse::<Currency>()));
    let on = asked.on.and_then(|text| invalid.check("/on", kernel::parse_date(&text)));
    invalid.into_result()?;
    let rates = tracker.rates(&actor, on).await?;
    let body =
        RatesBody::new(&rates.converter, base.unwrap_or(rates.home), on.unwrap_or(rates.today), rates.today);
    Ok(Json(body))
}

/// A rate to count with, whatever the bank says.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRate {
    /// How much of the second currency one of the first buys: at most 9 digits.
    #[schema(example = "83.42", pattern = r"^[0-9]+(\.[0-9]+)?$", max_length = 20)]
    rate: String,
    /// The first day it holds; today when left out.
    #[schema(value_type = Option<String>, format = Date)]
    since: Option<String>,
}

/// Set a rate by hand, from a day on
#[utoipa::path(put, path = "/v1/rates/{from}/{to}", tag = "rates", request_body = NewRate,
    params(("from" = Currency, Path), ("to" = Currency, Path)),
    responses(
        (status = 200, description = "It holds from that day on", body = OwnRateBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such currency", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
pub(super) async fn set(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf((from, to)): PathOf<(Currency, Currency)>,
    Json(body): Json<NewRate>,
) -> Result<Json<OwnRateBody>, Problem> {
    let today = tracker.today(&*tracker.household(actor.household).await?);
    let mut invalid = Invalid::new();
    let since = body.since.and_then(|text| invalid.check("/since", kernel::parse_date(&text)));
    let own = OwnRate::check(from, to, since.unwrap_or(today), &body.rate);
    let own = match own {
        Ok(own) if invalid.errors().is_empty() => own,
        Ok(_) => return Err(invalid.into()),
        Err(wrong) => {
            wrong.errors().iter().for_each(|error| invalid.add(&error.pointer, &error.detail));
            return Err(invalid.into());
        }
    };
    tracker.set_own_rate(&actor, &own).await?;
    Ok(Json(OwnRateBody::from(&own)))
}

/// Which of the rates of a pair.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Meant {
    /// That from this day on; all of the pair when left out.
    #[param(value_type = Option<String>, format = Date)]
    since: Option<String>,
}

/// Forget what you set by hand; what was converted by it stays
#[utoipa::path(delete, path = "/v1/rates/{from}/{to}", tag = "rates",
    params(("from" = Currency, Path), ("to" = Currency, Path), Meant),
    responses(
        (status = 204, description = "It holds no more"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such rate", body = ProblemBody),
        (status = 422, description = "The day is not valid", body = ProblemBody),
    ))]
pub(super) async fn forget(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(pair): PathOf<(Currency, Currency)>,
    Query(meant): Query<Meant>,
) -> Result<StatusCode, Problem> {
    let mut invalid = Invalid::new();
    let since = meant.since.and_then(|text| invalid.check("/since", kernel::parse_date(&text)));
    invalid.into_result()?;
    tracker.forget_own_rates(&actor, pair, since).await?;
    Ok(StatusCode::NO_CONTENT)
}
