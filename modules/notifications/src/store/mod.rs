//! This module's tables. What is in them is a person's own, so the first argument after the database or the batch is
//! whose it is; what the workers do for everybody asks by time instead.

mod channels;
mod deliveries;
mod erasing;
mod notifications;
mod people;
mod webhooks;

pub(crate) use channels::{
    Held, KeptChannel, MOST, break_channel, cancel_all, channel, channel_for_all, channels, claim_channels,
    delete_channel, due_kinds, give_back_channels, insert_channel, next_wake, release_channel, ring_channel,
    update_channel, wake_channel,
};
pub(crate) use deliveries::{
    Attempt, DeliveryState, Due, INBOX, KeptDelivery, NewDelivery, attempts, cancel_deliveries, deliveries,
    deliveries_of, delivery, due_deliveries, finish_delivery, insert_attempt, insert_delivery, last_round,
    retry_delivery,
};
pub(crate) use erasing::erase;
pub(crate) use notifications::{
    Listed, NewNotification, NotificationPlace, Told, changed_since, insert_notification, mark_done,
    mark_read, notification, notifications, snooze, surface, told_of, unread,
};
pub(crate) use people::{
    Known, bump_revision, insert_person, keep_person, person, revision, set_preferences,
};
pub(crate) use webhooks::{
    HeldWebhook, KeptAttempt, KeptMessage, KeptWebhook, MOST_WEBHOOKS, NewMessage, NextMessage,
    break_webhook, claim_webhooks, delete_webhook, fail_message, finish_message, forget_messages,
    give_back_webhooks, insert_message, insert_message_attempt, insert_webhook, message, message_attempts,
    messages, next_message, plan_again, plan_missed_again, put_off_message, release_webhook, ring_webhook,
    settle_webhook, stop_messages, update_webhook, webhook, webhook_attempts, webhook_for_all, webhooks,
    webhooks_of,
};
