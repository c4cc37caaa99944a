use jiff::civil::Date;
use kernel::{Currency, HouseholdId, Money, SubscriptionId};
use platform::{
    db::{ColumnError, Database, DbError, FromRow, Row, Statement},
    sql,
};

use super::Onlooker;
use crate::domain::{Payment, Spent};

/// More subscriptions or months, times currencies, than any household has.
const SUMS: i64 = 200_000;
/// More payments than any household makes in the years that figures go back.
const PAYMENTS: i64 = 500_000;

/// What sums are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Each {
    /// What was paid in a month, for whatever it was.
    Month,
    /// What was paid for a subscription, whenever it was.
    Subscription,
}

/// What was paid in one currency of what the sum is [of](Each), and how many of its payments were not converted into the
/// currency that was asked for.
#[derive(Debug)]
pub(crate) struct Summed {
    pub(crate) spent: Spent,
    pub(crate) loose: i64,
}

struct Raw {
    subscription: Option<SubscriptionId>,
    month: Option<Date>,
    currency: Currency,
    amount: i64,
    converted: i64,
    loose: i64,
    payments: i64,
}

impl FromRow for Raw {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        Ok(Self {
            subscription: row.take()?,
            month: row.take_with(|month: Option<String>| {
                let first = |month: String| kernel::parse_date(&format!("{month}-01")).map_err(|_| month);
                month.map(first).transpose().map_err(|month| format!("{month} is no month"))
            })?,
            currency: row.parse()?,
            amount: row.take()?,
            converted: row.take()?,
            loose: row.take()?,
            payments: row.take()?,
        })
    }
}

macro_rules! sums {
    ($subscription:literal, $month:literal, $group:literal) => {
        concat!(
            "SELECT ",
            $subscription,
            ", ",
            $month,
            ", currency,
                    CAST(sum(CASE WHEN currency = $4 OR (converted_currency = $4 AND converted_of = amount
                                                         AND converted_for = paid_on)
                             THEN amount ELSE 0 END) AS BIGINT),
                    CAST(sum(CASE WHEN currency = $4 THEN amount
                             WHEN converted_currency = $4 AND converted_of = amount AND converted_for = paid_on
                             THEN converted ELSE 0 END) AS BIGINT),
                    CAST(sum(CASE WHEN currency = $4 OR (converted_currency = $4 AND converted_of = amount
                                                         AND converted_for = paid_on)
                             THEN 0 ELSE 1 END) AS BIGINT),
                    CAST(count(*) AS BIGINT)
             FROM payments
             WHERE household_id = $1 AND paid_on BETWEEN $2 AND $3 AND status = 'paid'
               AND subscription_id NOT IN (SELECT s.id FROM subscriptions s
                                           WHERE s.household_id = $1 AND s.private AND s.created_by <> $6)
             GROUP BY ",
            $group,
            ", currency LIMIT $5"
        )
    };
}

/// What was paid from `first` to `last` as one of a household sees it, summed by month or by subscription, and by currency, where each payment
/// is converted already; see [`loose_payments`](super::loose_payments) for the rest, which is in none of the sums of the
/// household's currency.
pub(crate) async fn spending(
    database: &Database,
    eyes: impl Into<Onlooker>,
    each: Each,
    (first, last): (Date, Date),
    home: Currency,
) -> Result<Vec<Summed>, DbError> {
    let Onlooker { household, user } = eyes.into();
    let values =
        vec![household.into(), first.into(), last.into(), home.code().into(), SUMS.into(), user.into()];
    let statement = match each {
        Each::Month => {
            Statement::new(sums!("NULL", "substr(CAST(paid_on AS TEXT), 1, 7) AS month", "month"), values)
        }
        Each::Subscription => Statement::new(sums!("subscription_id", "NULL", "subscription_id"), values),
    };
    let raw: Vec<Raw> = database.all(statement).await?;
    Ok(raw.into_iter().map(|raw| summed(&raw, first, home)).collect())
}

fn summed(raw: &Raw, first: Date, home: Currency) -> Summed {
    let spent = Spent {
        // What the sum is not of plays no part in it.
        subscription: raw.subscription.unwrap_or(SubscriptionId::from_uuid(uuid::Uuid::nil())),
        member: None,
        month: raw.month.unwrap_or(first),
        payments: u32::try_from(raw.payments - raw.loose).unwrap_or(u32::MAX),
        amount: Money::from_minor(raw.amount, raw.currency),
        at_home: Some(Money::from_minor(raw.converted, home)),
    };
    Summed { spent, loose: raw.loose }
}

/// Each payment that was made from `first` to `last`: for what has to be divided before it can be summed.
pub(crate) async fn paid_in(
    database: &Database,
    household: HouseholdId,
    (first, last): (Date, Date),
) -> Result<Vec<Payment>, DbError> {
    database
        .all(sql!(
            "SELECT id, subscription_id, household_id, due_on, status, paid_on, currency, amount, source, extra, note,
                    expected, converted_of, converted_for, converted, converted_currency, rate, rate_on, rate_source
             FROM payments
             WHERE household_id = $1 AND paid_on BETWEEN $2 AND $3 AND status = 'paid' LIMIT $4",
            household,
            first,
            last,
            PAYMENTS
        ))
        .await
}
