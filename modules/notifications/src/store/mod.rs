//! This module's tables. What is in them is a person's own, so the first argument after the database or the batch is
//! whose it is; what the workers do for everybody asks by time instead.

mod channels;
mod deliveries;
mod notifications;
mod people;

pub(crate) use channels::{KeptChannel, channels, ring_channel};
pub(crate) use deliveries::{
    Attempt, DeliveryState, Due, INBOX, KeptDelivery, NewDelivery, attempts, cancel_deliveries, deliveries,
    deliveries_of, delivery, due_deliveries, finish_delivery, insert_delivery, last_round,
};
pub(crate) use notifications::{
    Listed, NewNotification, NotificationPlace, Told, changed_since, insert_notification, is_told, mark_done,
    mark_read, notification, notifications, snooze, surface, unread,
};
pub(crate) use people::{
    Known, bump_revision, insert_person, keep_person, person, revision, set_preferences,
};
