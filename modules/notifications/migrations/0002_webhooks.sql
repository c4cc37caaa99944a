-- Addresses that are told of what happens in a household. Address and secrets are sealed. From `wakes_at` on there is
-- something to tell; whoever does holds the address by a lease, and `rung` tells them whether something was added
-- meanwhile. One that does not take what it is told rests for a while.
CREATE TABLE webhooks (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    user_id ID NOT NULL,
    name TEXT NOT NULL,
    config BYTES NOT NULL,
    kinds JSON NOT NULL,
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
CREATE INDEX webhooks_by_household ON webhooks (household_id, id);
CREATE INDEX webhooks_due ON webhooks (wakes_at) WHERE wakes_at IS NOT NULL;

-- What an address is told, in this order, each when the one before was taken or given up. `tries` are those since it
-- was last planned, `tried` all of them. The body is kept as it is signed.
CREATE TABLE webhook_messages (
    sequence SEQUENCE,
    id ID NOT NULL,
    household_id ID NOT NULL,
    webhook_id ID NOT NULL,
    event_id ID NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    tries INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    created_at INSTANT NOT NULL,
    finished_at INSTANT
) STRICT;
CREATE UNIQUE INDEX webhook_messages_by_id ON webhook_messages (id);
CREATE UNIQUE INDEX webhook_messages_told_once ON webhook_messages (webhook_id, event_id);
CREATE INDEX webhook_messages_by_webhook ON webhook_messages (webhook_id, sequence);
CREATE INDEX webhook_messages_waiting ON webhook_messages (webhook_id, sequence) WHERE state = 'planned';
CREATE INDEX webhook_messages_by_time ON webhook_messages (created_at);

-- Every try, and what the address answered.
CREATE TABLE webhook_attempts (
    sequence SEQUENCE,
    household_id ID NOT NULL,
    webhook_id ID NOT NULL,
    message_id ID NOT NULL,
    number INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    said TEXT NOT NULL,
    began_at INSTANT NOT NULL,
    took_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX webhook_attempts_once ON webhook_attempts (message_id, number);
CREATE INDEX webhook_attempts_by_webhook ON webhook_attempts (webhook_id, sequence);
CREATE INDEX webhook_attempts_by_time ON webhook_attempts (began_at);
