-- How a person reads and when their days begin, as users tells it, and how they want to be told. `revision` grows with
-- every change of their notifications: whoever watches them asks for what is newer than the last one they saw.
CREATE TABLE people (
    user_id ID PRIMARY KEY,
    locale TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    known_version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    preferences JSON NOT NULL,
    preferences_version INTEGER NOT NULL
) STRICT;

-- What one person should know. `about` is what it was told by: a reminder, or an event.
CREATE TABLE notifications (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    household_id ID NOT NULL,
    kind TEXT NOT NULL,
    about ID NOT NULL,
    subscription_id ID,
    facts JSON NOT NULL,
    urgent BOOLEAN NOT NULL,
    in_inbox BOOLEAN NOT NULL,
    revision INTEGER NOT NULL,
    created_at INSTANT NOT NULL,
    shown_at INSTANT NOT NULL,
    read_at INSTANT,
    done_at INSTANT,
    snoozed_until INSTANT
) STRICT;
CREATE UNIQUE INDEX notifications_told_once ON notifications (user_id, kind, about);
CREATE INDEX notifications_by_day ON notifications (user_id, shown_at, id) WHERE in_inbox;
CREATE INDEX notifications_unread ON notifications (user_id, shown_at, id)
    WHERE in_inbox AND read_at IS NULL AND done_at IS NULL AND snoozed_until IS NULL;
CREATE INDEX notifications_changes ON notifications (user_id, revision, id) WHERE in_inbox;

-- The ways by which people are told, the inbox apart. What a provider asks for is sealed. From `wakes_at` on there is
-- something to send; whoever works on a channel holds it by a lease, and `rung` tells them whether something was added
-- meanwhile. A channel that fails rests for a while.
CREATE TABLE channels (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    config BYTES NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    version INTEGER NOT NULL,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    wakes_at INSTANT,
    rung INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    rests_until INSTANT,
    lease ID,
    leased_until INSTANT
) STRICT;
CREATE INDEX channels_by_user ON channels (user_id, id);
CREATE INDEX channels_due ON channels (kind, wakes_at) WHERE wakes_at IS NOT NULL;

-- A notification on its way by one channel. The inbox is the channel with the nil id.
CREATE TABLE deliveries (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    notification_id ID NOT NULL,
    channel_id ID NOT NULL,
    channel_kind TEXT NOT NULL,
    round INTEGER NOT NULL,
    digest BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    planned_for INSTANT NOT NULL,
    wakes_at INSTANT,
    tries INTEGER NOT NULL,
    created_at INSTANT NOT NULL,
    finished_at INSTANT
) STRICT;
CREATE UNIQUE INDEX deliveries_planned_once ON deliveries (notification_id, channel_id, round);
CREATE INDEX deliveries_by_user ON deliveries (user_id, id);
CREATE INDEX deliveries_due ON deliveries (channel_id, wakes_at, id) WHERE state = 'planned';

-- Every try, and what the provider said.
CREATE TABLE attempts (
    delivery_id ID NOT NULL,
    number INTEGER NOT NULL,
    user_id ID NOT NULL,
    outcome TEXT NOT NULL,
    said TEXT NOT NULL,
    began_at INSTANT NOT NULL,
    took_ms INTEGER NOT NULL,
    PRIMARY KEY (delivery_id, number)
) STRICT;
