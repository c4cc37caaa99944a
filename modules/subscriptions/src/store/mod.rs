//! This module's tables. Every function's first argument after the database is whose data it is; the sweep alone,
//! which works for everybody, asks by time.

mod feeds;
mod households;
mod labels;
mod payments;
mod stored;
mod subscriptions;
#[cfg(test)]
mod tests;

pub(crate) use feeds::{delete_feed, feed_of_token, feeds, insert_feed};
pub(crate) use households::{Known, household, upsert_household};
pub(crate) use labels::{delete_label, insert_label, label, sorting, update_label};
pub(crate) use payments::{delete_payments, insert_payment, payments_of, payments_of_month};
pub(crate) use subscriptions::{
    Due, advance, all, delete, due, find, forget_successor, insert, list, postpone, reschedule, reschedules,
    update,
};
