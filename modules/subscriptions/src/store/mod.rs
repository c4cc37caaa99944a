//! This module's tables. Every function's first argument after the database is whose data it is; the sweep alone,
//! which works for everybody, asks by time.

mod households;
mod onlooker;
mod payments;
mod settlements;
mod sharing;
mod subscriptions;
#[cfg(test)]
mod tests;

pub(crate) use households::{Known, household, upsert_household};
pub(crate) use onlooker::Onlooker;
pub(crate) use payments::{delete_payments, insert_payment, payments_of, payments_of_month};
pub(crate) use settlements::{
    Settlement, delete_settlement, insert_settlement, settlement, settlements, settlements_summed,
};
pub(crate) use sharing::{
    delete_payment_shares, keep_payment_shares, payments_shared_alike, shares_of_month, update_sharing,
};
pub(crate) use subscriptions::{
    Due, all, delete, due, find, insert, list, postpone, reschedule, reschedules, shared, update,
};
