-- Who somebody is to those who may say so for them.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id ID NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;
CREATE UNIQUE INDEX identities_one_per_issuer ON identities (user_id, issuer);

-- Browsers that were sent to a provider and are to come back once. What they hold is kept hashed, and what the provider
-- is told follows from it. With a user, it is to become a way to log in for them, asked for by that session of theirs.
CREATE TABLE provider_trips (
    hash BYTES PRIMARY KEY,
    provider TEXT NOT NULL,
    next TEXT NOT NULL,
    user_id ID,
    session_id ID,
    expires_at INSTANT NOT NULL
) STRICT;
CREATE INDEX provider_trips_by_age ON provider_trips (expires_at);
