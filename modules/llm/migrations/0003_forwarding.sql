-- Messages that a program forwarded, by the hash of what tells them apart, so that each is acted upon once.
CREATE TABLE forwarded (
    household_id ID NOT NULL,
    user_id ID NOT NULL,
    hash BYTES NOT NULL,
    message_id ID NOT NULL,
    claimed_at INSTANT NOT NULL,
    PRIMARY KEY (household_id, user_id, hash)
) STRICT;
CREATE INDEX forwarded_by_age ON forwarded (claimed_at);
