-- The European Central Bank's reference rates, a row a day: what one euro buys, by code. They are everybody's.
CREATE TABLE reference_rates (
    day DATE PRIMARY KEY,
    rates JSON NOT NULL,
    fetched_at INSTANT NOT NULL
) STRICT;

-- Which of the bank's files has been read, and when: the history once.
CREATE TABLE rate_files (
    name TEXT PRIMARY KEY,
    read_at INSTANT NOT NULL
) STRICT;

-- Rates that a household set by hand: from a day on, until the next one of the same pair.
CREATE TABLE own_rates (
    household_id ID NOT NULL,
    from_currency TEXT NOT NULL,
    to_currency TEXT NOT NULL,
    since DATE NOT NULL,
    rate TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (household_id, from_currency, to_currency, since)
) STRICT;

-- What a payment came to in its household's currency, and of which amount and day that is: a payment that was
-- corrected since is converted anew. `rate_wakes` is the second since 1970 at which it is to be looked at; none when
-- there is nothing to be done. Payments that were there before are looked at once.
ALTER TABLE payments ADD COLUMN converted INTEGER;
ALTER TABLE payments ADD COLUMN converted_currency TEXT;
ALTER TABLE payments ADD COLUMN converted_of INTEGER;
ALTER TABLE payments ADD COLUMN converted_for DATE;
ALTER TABLE payments ADD COLUMN rate TEXT;
ALTER TABLE payments ADD COLUMN rate_on DATE;
ALTER TABLE payments ADD COLUMN rate_source TEXT;
ALTER TABLE payments ADD COLUMN rate_wakes INTEGER DEFAULT 0;
CREATE INDEX payments_to_convert ON payments (rate_wakes) WHERE rate_wakes IS NOT NULL;
