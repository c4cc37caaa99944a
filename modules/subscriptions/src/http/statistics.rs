//! `/v1/calendar`, `/v1/analytics/…`

use std::sync::Arc;

use axum::extract::State;
use jiff::{ToSpan, civil::Date};
use kernel::{Currency, Invalid, Money, PaymentId, SubscriptionId};
use platform::http::{Caller, Json, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Tracker,
    domain::{By, CalendarEntry, Group, Happening, NoticeKind, OverlapKind, Sum},
    service::{Days, Outlook, Spendings, SpentRow, Whose},
};

type Known = State<Arc<Tracker>>;

/// The longest calendar: three years.
const CALENDAR_DAYS: i32 = 1_100;
/// The most months back and ahead.
const MONTHS: u16 = 120;
const MONTHS_AHEAD: u16 = 36;

pub(super) fn routes() -> OpenApiRouter<Arc<Tracker>> {
    OpenApiRouter::new()
        .routes(routes!(read_calendar))
        .routes(routes!(read_spending))
        .routes(routes!(read_forecast))
        .routes(routes!(read_insights))
}

/// Amounts of any currencies, added up: rounded rows, so that they add up to it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Sum)]
pub(super) struct SumBody {
    /// What is in the household's currency, or was converted into it.
    total: Money,
    /// What there is no rate for, by currency: in no total, and not left out.
    unconverted: Vec<Money>,
}

impl From<&Sum> for SumBody {
    fn from(sum: &Sum) -> Self {
        Self { total: sum.home(), unconverted: sum.apart().collect() }
    }
}

/// Which days.
#[derive(Debug, Deserialize)]
pub(super) struct RangeQuery {
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    view: Whose,
}

fn day(text: Option<&String>, pointer: &str, invalid: &mut Invalid) -> Option<Date> {
    text.and_then(|text| invalid.check(pointer, kernel::parse_date(text)))
}

/// What happens on which day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Calendar)]
pub(super) struct CalendarBody {
    #[schema(schema_with = kernel::schema::date)]
    from: Date,
    #[schema(schema_with = kernel::schema::date)]
    to: Date,
    currency: Currency,
    /// What was or is to be paid in these days; not what was skipped or refunded.
    sum: SumBody,
    /// In the order of their days.
    entries: Vec<EntryBody>,
    /// How many more of them there are.
    left_out: usize,
}

/// Something on a day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CalendarEntry)]
pub(super) struct EntryBody {
    #[schema(schema_with = kernel::schema::date)]
    on: Date,
    subscription_id: SubscriptionId,
    name: String,
    /// `payment`, `charge` (to come), `trial_ends`, `cancel_by` or `ends`.
    kind: &'static str,
    /// The payment, where it is one.
    payment_id: Option<PaymentId>,
    /// What became of it, where it is a payment.
    status: Option<&'static str>,
    amount: Option<Money>,
    /// The same in the household's currency, where it is in another and there is a rate.
    converted: Option<Money>,
}

impl CalendarBody {
    fn new(from: Date, to: Date, days: &Days) -> Self {
        let name = |entry: &CalendarEntry| {
            days.tracked.subscriptions.get(&entry.subscription).map(|known| known.name.to_string())
        };
        let entry = |entry: &CalendarEntry| {
            let (kind, payment_id, status) = match entry.what {
                Happening::Payment { id, status } => ("payment", Some(id), Some(status.as_str())),
                Happening::Charge => ("charge", None, None),
                Happening::TrialEnds => ("trial_ends", None, None),
                Happening::CancelBy => ("cancel_by", None, None),
                Happening::Ends => ("ends", None, None),
            };
            EntryBody {
                on: entry.on,
                subscription_id: entry.subscription,
                name: name(entry).unwrap_or_default(),
                kind,
                payment_id,
                status,
                amount: entry.amount,
                converted: entry.converted,
            }
        };
        Self {
            from,
            to,
            currency: days.tracked.household.currency,
            sum: (&days.calendar.sum).into(),
            entries: days.calendar.entries.iter().map(entry).collect(),
            left_out: days.calendar.left_out,
        }
    }
}

/// What happens from one day to another: payments, charges to come, trials and terms that end
#[utoipa::path(get, path = "/v1/calendar", tag = "figures",
    params(
        ("from" = Option<String>, Query, format = Date, description = "The first day; that of this month when left out."),
        ("to" = Option<String>, Query, format = Date, description = "The last day, at most 1,100 days later; the last of the month of `from` when left out."),
        ("view" = inline(Option<Whose>), Query, description = "`ours` (the default): the household's. `mine`: your part of each row."),
    ),
    responses(
        (status = 200, description = "The days", body = CalendarBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn read_calendar(
    State(tracker): Known,
    Caller(actor): Caller,
    Query(range): Query<RangeQuery>,
) -> Result<Json<CalendarBody>, Problem> {
    let today = tracker.today(&*tracker.household(actor.household).await?);
    let mut invalid = Invalid::new();
    let from = day(range.from.as_ref(), "/from", &mut invalid).unwrap_or(today.first_of_month());
    let to = day(range.to.as_ref(), "/to", &mut invalid).unwrap_or(from.last_of_month());
    if to < from || from.saturating_add(CALENDAR_DAYS.days()) < to {
        invalid.add("/to", format!("must be from {from} to {CALENDAR_DAYS} days later"));
    }
    invalid.into_result()?;
    let days = tracker.days(&actor, range.view, from..=to).await?;
    Ok(Json(CalendarBody::new(from, to, &days)))
}

/// By what, and for how long.
#[derive(Debug, Deserialize)]
pub(super) struct SpendingQuery {
    by: Option<String>,
    key: Option<String>,
    months: Option<u16>,
    #[serde(default)]
    view: Whose,
}

/// What was paid, by whatever was asked for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Spending)]
pub(super) struct SpendingBody {
    /// `category`, `payment_method`, `tag`, `member`, `subscription` or `month`.
    by: &'static str,
    #[schema(schema_with = kernel::schema::date)]
    from: Date,
    #[schema(schema_with = kernel::schema::date)]
    to: Date,
    currency: Currency,
    /// In all. Not the sum of the groups by tag, where one payment can be in several.
    sum: SumBody,
    payments: u32,
    groups: Vec<GroupBody>,
    /// The payments of the group that was asked for, the newest first: they come to its sum.
    rows: Vec<SpentBody>,
    /// How many more of them there are.
    left_out: usize,
}

/// A payment, as far as it counts in a group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SpendingRow)]
pub(super) struct SpentBody {
    payment_id: PaymentId,
    subscription_id: SubscriptionId,
    /// The day on which the money moved.
    #[schema(schema_with = kernel::schema::date)]
    paid_on: Date,
    /// All of it, or the part that counts.
    amount: Money,
    /// The same in the household's currency, by the rate of its day; `null` where there is none.
    at_home: Option<Money>,
}

/// What was paid of one kind.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SpendingGroup)]
pub(super) struct GroupBody {
    /// A slug or an id; the first day of a month; `null` for those without any.
    key: Option<String>,
    name: String,
    sum: SumBody,
    payments: u32,
}

impl SpendingBody {
    fn new(spendings: &Spendings) -> Option<Self> {
        let (by, spending) = spendings.by.first()?;
        let group = |group: &Group| GroupBody {
            key: group.key.word(),
            name: spendings.name(group.key),
            sum: (&group.sum).into(),
            payments: group.payments,
        };
        let row = |row: &SpentRow| SpentBody {
            payment_id: row.payment,
            subscription_id: row.spent.subscription,
            paid_on: row.on,
            amount: row.spent.amount,
            at_home: row.spent.at_home,
        };
        Some(Self {
            by: by.as_str(),
            from: *spendings.months.first()?,
            to: spendings.tracked.today.last_of_month(),
            currency: spendings.tracked.household.currency,
            sum: (&spending.total).into(),
            payments: spending.payments,
            groups: spending.groups.iter().map(group).collect(),
            rows: spendings.rows.iter().map(row).collect(),
            left_out: spendings.left_out,
        })
    }
}

fn months(given: Option<u16>, most: u16, invalid: &mut Invalid) -> usize {
    let months = given.unwrap_or(12);
    if !(1..=most).contains(&months) {
        invalid.add("/months", format!("must be from 1 to {most}"));
    }
    months.into()
}

/// What was paid, by category, payment method, tag, member, subscription or month
#[utoipa::path(get, path = "/v1/analytics/spending", tag = "figures",
    params(
        ("by" = Option<String>, Query, pattern = "^(category|payment_method|tag|member|subscription|month)$", description = "`category` (the default), `payment_method`, `tag`, `member` (who bears it), `subscription` or `month`."),
        ("key" = Option<String>, Query, description = "A group to open into the payments that make it up: the `key` of one, or `none` for that of those without any."),
        ("months" = Option<u16>, Query, minimum = 1, maximum = 120, description = "How many months, this one included; 12 when left out."),
        ("view" = inline(Option<Whose>), Query, description = "`ours` (the default): the household's. `mine`: your part of each row."),
    ),
    responses(
        (status = 200, description = "What was paid", body = SpendingBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn read_spending(
    State(tracker): Known,
    Caller(actor): Caller,
    Query(asked): Query<SpendingQuery>,
) -> Result<Json<SpendingBody>, Problem> {
    let mut invalid = Invalid::new();
    let months = months(asked.months, MONTHS, &mut invalid);
    let by = asked.by.map_or(Some(By::Category), |by| invalid.check("/by", by.parse()));
    invalid.into_result()?;
    let spendings = tracker
        .spendings(&actor, asked.view, months, &[by.unwrap_or(By::Category)], asked.key.as_deref())
        .await?;
    SpendingBody::new(&spendings).map(Json).ok_or_else(|| Problem::internal("Nothing was computed."))
}

/// For how long, and which month to open.
#[derive(Debug, Deserialize)]
pub(super) struct ForecastQuery {
    months: Option<u16>,
    month: Option<String>,
    #[serde(default)]
    view: Whose,
}

/// What is to come.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Forecast)]
pub(super) struct ForecastBody {
    currency: Currency,
    months: Vec<MonthBody>,
    /// The charges of the month that was asked for, by day.
    charges: Vec<ExpectedBody>,
    /// How many more of them there are.
    left_out: usize,
}

/// What is to come in a month.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ForecastMonth)]
pub(super) struct MonthBody {
    /// Its first day. Of this month, only what is still to come.
    #[schema(schema_with = kernel::schema::date)]
    month: Date,
    sum: SumBody,
    charges: usize,
}

/// A charge that is to come.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ExpectedCharge)]
pub(super) struct ExpectedBody {
    #[schema(schema_with = kernel::schema::date)]
    on: Date,
    subscription_id: SubscriptionId,
    amount: Money,
    /// In the household's currency by the newest rate; `null` where there is none.
    at_home: Option<Money>,
}

/// What is to come, month by month
#[utoipa::path(get, path = "/v1/analytics/forecast", tag = "figures",
    params(
        ("months" = Option<u16>, Query, minimum = 1, maximum = 36, description = "How many months, this one included; 12 when left out."),
        ("month" = Option<String>, Query, format = Date, description = "A day of the month whose charges are wanted."),
        ("view" = inline(Option<Whose>), Query, description = "`ours` (the default): the household's. `mine`: your part of each row."),
    ),
    responses(
        (status = 200, description = "What is to come", body = ForecastBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn read_forecast(
    State(tracker): Known,
    Caller(actor): Caller,
    Query(asked): Query<ForecastQuery>,
) -> Result<Json<ForecastBody>, Problem> {
    let mut invalid = Invalid::new();
    let months = months(asked.months, MONTHS_AHEAD, &mut invalid);
    let opened = day(asked.month.as_ref(), "/month", &mut invalid);
    invalid.into_result()?;
    let outlook = tracker.outlook(&actor, asked.view, months, opened).await?;
    let month = |each: &crate::domain::ForecastMonth| MonthBody {
        month: each.month,
        sum: (&each.sum).into(),
        charges: each.charges,
    };
    let charge = |each: &crate::domain::Expected| ExpectedBody {
        on: each.on,
        subscription_id: each.subscription,
        amount: each.amount,
        at_home: each.at_home,
    };
    Ok(Json(ForecastBody {
        currency: outlook.tracked.household.currency,
        months: outlook.months.iter().map(month).collect(),
        charges: outlook.charges.iter().map(charge).collect(),
        left_out: outlook.left_out,
    }))
}

/// What one might do something about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Insights)]
pub(super) struct InsightsBody {
    /// Prices that went up in the last twelve months, or will in the next, the newest first.
    price_rises: Vec<RiseBody>,
    /// What was cancelled, and what it would have cost since.
    saved: Vec<SavedBody>,
    /// Those that may be paid for twice.
    overlaps: Vec<OverlapBody>,
    /// Trials that end and days to cancel by, in the next 60 days.
    notices: Vec<NoticeBody>,
}

/// A price that rises.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PriceRise)]
pub(super) struct RiseBody {
    subscription_id: SubscriptionId,
    #[schema(schema_with = kernel::schema::date)]
    from: Date,
    before: Money,
    after: Money,
    /// What the difference comes to a year.
    a_year: Money,
}

/// What is no longer paid.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Saved)]
pub(super) struct SavedBody {
    subscription_id: SubscriptionId,
    #[schema(schema_with = kernel::schema::date)]
    since: Date,
    /// How many charge dates have passed.
    charges: usize,
    /// What they would have cost.
    amount: Money,
}

/// Two that may be one too many.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Overlap)]
pub(super) struct OverlapBody {
    /// `duplicate`, or `included`: it comes with the other.
    kind: &'static str,
    keep_id: SubscriptionId,
    spare_id: SubscriptionId,
    /// What the spare one comes to a month, in the household's currency.
    a_month: Option<Money>,
}

/// A day to decide by.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Notice)]
pub(super) struct NoticeBody {
    #[schema(schema_with = kernel::schema::date)]
    on: Date,
    subscription_id: SubscriptionId,
    /// `trial_ends` or `cancel_by`.
    kind: &'static str,
    /// What a charge costs afterwards.
    price: Money,
}

impl From<&Outlook> for InsightsBody {
    fn from(outlook: &Outlook) -> Self {
        let rises = outlook.rises.iter().map(|rise| RiseBody {
            subscription_id: rise.subscription,
            from: rise.from,
            before: rise.before,
            after: rise.after,
            a_year: rise.a_year,
        });
        let saved = outlook.saved.iter().map(|saved| SavedBody {
            subscription_id: saved.subscription,
            since: saved.since,
            charges: saved.charges,
            amount: saved.amount,
        });
        let overlaps = outlook.overlaps.iter().map(|overlap| OverlapBody {
            kind: match overlap.kind {
                OverlapKind::Duplicate => "duplicate",
                OverlapKind::Included => "included",
            },
            keep_id: overlap.keep,
            spare_id: overlap.spare,
            a_month: overlap.a_month,
        });
        let notices = outlook.notices.iter().map(|notice| NoticeBody {
            on: notice.on,
            subscription_id: notice.subscription,
            kind: match notice.kind {
                NoticeKind::Trial => "trial_ends",
                NoticeKind::CancelBy => "cancel_by",
            },
            price: notice.price,
        });
        Self {
            price_rises: rises.collect(),
            saved: saved.collect(),
            overlaps: overlaps.collect(),
            notices: notices.collect(),
        }
    }
}

/// What one might do something about: price rises, what was saved, likely duplicates, days to decide by
#[utoipa::path(get, path = "/v1/analytics/insights", tag = "figures",
    params(super::dashboard::WhoseQuery),
    responses(
        (status = 200, description = "What there is", body = InsightsBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn read_insights(
    State(tracker): Known,
    Caller(actor): Caller,
    Query(asked): Query<super::dashboard::WhoseQuery>,
) -> Result<Json<InsightsBody>, Problem> {
    Ok(Json((&*tracker.outlook(&actor, asked.view, 1, None).await?).into()))
}
