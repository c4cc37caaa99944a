//! This module's tables. Every function's first argument after the database is whose data it is; the sweep alone,
//! which works for everybody, asks by time.

mod budgets;
mod conversions;
mod documents;
mod erasing;
mod feeds;
mod households;
mod imports;
mod labels;
mod onlooker;
mod payments;
#[cfg(test)]
mod plans;
mod rates;
mod reminders;
mod settlements;
mod sharing;
mod spending;
mod stored;
mod subscriptions;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod upgrade_tests;

pub(crate) use budgets::{
    budget, budgets, delete_budget, delete_budgets_of, earliest, has_budgets, insert_budget, update_budget,
};
pub(crate) use conversions::{
    Unconverted, dismiss_conversion, keep_conversion, postpone_conversion, unconverted, wake_all_conversions,
    wake_conversions,
};
pub(crate) use documents::{Document, Kept, delete_document, documents_of, insert_document, kept_document};
pub(crate) use erasing::erase;
pub(crate) use feeds::{delete_feed, delete_feeds_about, delete_feeds_of, feed_of_token, feeds, insert_feed};
pub(crate) use households::{Known, household, upsert_household};
pub(crate) use imports::{
    ImportRow, delete_import, expire_imports, import, import_contents, imports, insert_import,
    payments_between, prune_imports, update_import,
};
pub(crate) use labels::{delete_label, insert_label, label, sorting, update_label};
pub(crate) use onlooker::Onlooker;
pub(crate) use payments::{
    LedgerPlace, LedgerQuery, ONE_A_CHARGE_DATE, changes, changes_of, delete_entry, delete_payments,
    documents, documents_size, entries, entry, entry_of_charge_date, insert_by_hand, insert_change,
    insert_held, insert_payment, last_change, ledger, loose_payments, paid_for, payments_due_in,
    payments_of_month, shares_kept, update_entry,
};
pub(crate) use rates::{
    OWN_RATES, currencies, delete_own_rates, keep_file, kept, own_rates, rates_read_at, reference_rates,
    upsert_own_rate,
};
pub(crate) use reminders::{
    Ripe, Ripening, ToldReminder, charges_entered, charges_entered_of_all, delete_reminders, insert_reminder,
    newest_reminder, plan_reminders, postpone_reminders, reminders_decided, reminders_told, replan_reminders,
    ripe, ripe_one, settle_reminders, unplanned,
};
pub(crate) use settlements::{
    all_settlements, delete_settlement, insert_settlement, settlement, settlements, settlements_summed,
};
pub(crate) use sharing::{
    delete_payment_shares, keep_payment_shares, payments_shared_alike, shares_due_in, shares_of_month,
    update_sharing,
};
pub(crate) use spending::{Each, paid_in, spending};
pub(crate) use subscriptions::{
    Due, advance, all, delete, due, everything, find, find_for_all, forget_successor, insert, list, postpone,
    reschedule, reschedule_elsewhere, shared, update,
};
