-- What every module's database has, so that events are told exactly as often as they must be.

-- Events of this module, written with the rows they speak of. `sequence` is the order in which they are told.
CREATE TABLE outbox (
    sequence SEQUENCE,
    event_id ID NOT NULL,
    event JSON NOT NULL,
    recorded_at INSTANT NOT NULL,
    published_at INSTANT
) STRICT;
CREATE INDEX outbox_unpublished ON outbox (sequence) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

-- What each consumer of this module has seen. `waiting` ones failed, or stand behind one of their subject that did.
CREATE TABLE inbox (
    sequence SEQUENCE,
    consumer TEXT NOT NULL,
    event_id ID NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    event JSON,
    error TEXT,
    received_at INSTANT NOT NULL,
    next_try_at INSTANT
) STRICT;
CREATE UNIQUE INDEX inbox_seen_once ON inbox (consumer, event_id);
CREATE INDEX inbox_waiting ON inbox (consumer, subject, sequence) WHERE state = 'waiting';
CREATE INDEX inbox_received ON inbox (received_at);

-- Events a consumer could not take after all its tries. They block nobody.
CREATE TABLE dead_letters (
    id ID PRIMARY KEY,
    consumer TEXT NOT NULL,
    event_id ID NOT NULL,
    subject TEXT NOT NULL,
    event JSON NOT NULL,
    error TEXT NOT NULL,
    tries INTEGER NOT NULL,
    died_at INSTANT NOT NULL
) STRICT;
CREATE INDEX dead_letters_by_time ON dead_letters (died_at, id);

-- Work that one process at a time does.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder ID NOT NULL,
    held_until INSTANT NOT NULL
) STRICT;
