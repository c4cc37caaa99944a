//! This module's tables. Every function's first argument after the database is whose data it is; the sweep alone,
//! which works for everybody, asks by time.

mod conversions;
mod households;
mod labels;
mod payments;
mod rates;
mod stored;
mod subscriptions;
#[cfg(test)]
mod tests;

pub(crate) use conversions::{
    Unconverted, dismiss_conversion, keep_conversion, postpone_conversion, unconverted, wake_all_conversions,
    wake_conversions,
};
pub(crate) use households::{Known, household, upsert_household};
pub(crate) use labels::{delete_label, insert_label, label, sorting, update_label};
pub(crate) use payments::{delete_payments, insert_payment, payments_of, payments_of_month};
pub(crate) use rates::{
    OWN_RATES, currencies, delete_own_rates, keep_file, kept, own_rates, reference_rates, upsert_own_rate,
};
pub(crate) use subscriptions::{
    Due, advance, all, delete, due, find, forget_successor, insert, list, postpone, reschedule, reschedules,
    update,
};
