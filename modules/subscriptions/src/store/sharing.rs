//! How subscriptions and their payments are shared.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::{HouseholdId, MemberId, Money, PaymentId, SubscriptionId};
use platform::{
    db::{Batch, ColumnError, Database, DbError, FromRow, Json, Row, Value},
    sql,
};

use crate::domain::{Shares, Sharing, Subscription};

/// More ways to share, at more prices, than a household ever has.
const ALIKE: i64 = 50_000;
/// More payments than any household makes in the years that figures go back.
const PAYMENTS: i64 = 500_000;

/// Stores who looks after, sees, pays and shares one that was stored in the same batch.
pub(crate) fn update_sharing(batch: &mut Batch, subscription: &Subscription) {
    let sharing = &subscription.sharing;
    batch.add(sql!(
        "UPDATE subscriptions SET private = $3, payer_id = $4, shares = $5, created_by = $6
         WHERE id = $1 AND household_id = $2",
        subscription.id,
        subscription.household,
        sharing.private,
        sharing.payer,
        sharing.shares.as_ref().map_or(Value::Null, Value::json),
        subscription.created_by
    ));
}

/// Keeps for every payment so far how it is shared, before its subscription is shared in another way.
pub(crate) fn keep_payment_shares(batch: &mut Batch, household: HouseholdId, id: SubscriptionId) {
    batch.add(sql!(
        "INSERT INTO payment_shares (payment_id, household_id, subscription_id, payer_id, shares)
         SELECT p.id, s.household_id, s.id, s.payer_id, s.shares
         FROM payments p JOIN subscriptions s ON s.id = p.subscription_id
         WHERE s.id = $1 AND s.household_id = $2
           AND NOT EXISTS (SELECT 1 FROM payment_shares k WHERE k.payment_id = p.id)",
        id,
        household
    ));
}

pub(crate) fn delete_payment_shares(batch: &mut Batch, household: HouseholdId, id: SubscriptionId) {
    batch.add(sql!(
        "DELETE FROM payment_shares WHERE household_id = $1 AND subscription_id = $2",
        household,
        id
    ));
}

/// Paid payments of one amount that are shared in one way.
pub(crate) struct SharedAlike {
    pub(crate) sharing: Sharing,
    pub(crate) amount: Money,
    pub(crate) times: i64,
}

impl FromRow for SharedAlike {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let payer: MemberId = row.take()?;
        let Json(shares): Json<Shares> = row.take()?;
        let currency = row.parse()?;
        let amount = Money::from_minor(row.take()?, currency);
        let sharing = Sharing { private: false, payer: Some(payer), shares: Some(shares) };
        Ok(Self { sharing, amount, times: row.take()? })
    }
}

/// What members have paid for one another, payments that are alike together: their number grows with the ways to share
/// and the prices, not with the years. What was assumed to have been paid before it was tracked owes nothing.
pub(crate) async fn payments_shared_alike(
    database: &Database,
    household: HouseholdId,
) -> Result<Vec<SharedAlike>, DbError> {
    database
        .all(sql!(
            "SELECT payer_id, shares, currency, amount, COUNT(*) FROM (
                 SELECT CASE WHEN k.payment_id IS NULL THEN s.payer_id ELSE k.payer_id END AS payer_id,
                        CASE WHEN k.payment_id IS NULL THEN s.shares ELSE k.shares END AS shares,
                        p.currency AS currency, p.amount AS amount
                 FROM payments p JOIN subscriptions s ON s.id = p.subscription_id
                 LEFT JOIN payment_shares k ON k.payment_id = p.id
                 WHERE p.household_id = $1 AND p.status = 'paid' AND p.source <> 'assumed'
             ) paid
             WHERE payer_id IS NOT NULL AND shares IS NOT NULL
             GROUP BY payer_id, shares, currency, amount LIMIT $2",
            household,
            ALIKE
        ))
        .await
}

struct Kept(PaymentId, Sharing);

impl FromRow for Kept {
    fn from_row(row: &mut Row<'_>) -> Result<Self, ColumnError> {
        let (payment, payer) = (row.take()?, row.take()?);
        let shares = row.take::<Option<Json<Shares>>>()?.map(|Json(shares)| shares);
        Ok(Self(payment, Sharing { private: false, payer, shares }))
    }
}

/// How payments of a month were shared where that has changed since: those paid from `first` to `last`, and those that
/// are open.
pub(crate) async fn shares_of_month(
    database: &Database,
    household: HouseholdId,
    first: Date,
    last: Date,
) -> Result<HashMap<PaymentId, Sharing>, DbError> {
    let kept: Vec<Kept> = database
        .all(sql!(
            "SELECT k.payment_id, k.payer_id, k.shares
             FROM payments p JOIN payment_shares k ON k.payment_id = p.id
             WHERE p.household_id = $1 AND (p.paid_on BETWEEN $2 AND $3 OR p.paid_on IS NULL) LIMIT $4",
            household,
            first,
            last,
            PAYMENTS
        ))
        .await?;
    Ok(kept.into_iter().map(|Kept(payment, sharing)| (payment, sharing)).collect())
}

/// How payments with a charge date from `first` to `last` were shared where that has changed since.
pub(crate) async fn shares_due_in(
    database: &Database,
    household: HouseholdId,
    (first, last): (Date, Date),
) -> Result<HashMap<PaymentId, Sharing>, DbError> {
    let kept: Vec<Kept> = database
        .all(sql!(
            "SELECT k.payment_id, k.payer_id, k.shares
             FROM payments p JOIN payment_shares k ON k.payment_id = p.id
             WHERE p.household_id = $1 AND p.due_on BETWEEN $2 AND $3 LIMIT $4",
            household,
            first,
            last,
            PAYMENTS
        ))
        .await?;
    Ok(kept.into_iter().map(|Kept(payment, sharing)| (payment, sharing)).collect())
}
