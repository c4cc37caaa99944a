-- Addresses at which calendars read what is to come. Of an address only the hash of its secret is kept.
CREATE TABLE calendar_feeds (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    created_by ID NOT NULL,
    name TEXT NOT NULL,
    category TEXT,
    token_hash BYTES NOT NULL,
    created_at INSTANT NOT NULL
) STRICT;
CREATE INDEX calendar_feeds_by_household ON calendar_feeds (household_id, id);
CREATE UNIQUE INDEX calendar_feeds_one_a_token ON calendar_feeds (token_hash);
