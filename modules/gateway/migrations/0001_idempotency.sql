-- Writes that clients may repeat, by the key they chose. `status` is null while the first is being worked on; `answer` is
-- sealed, for it may hold a secret that is shown once.
CREATE TABLE repeatable (
    user_id ID NOT NULL,
    key TEXT NOT NULL,
    fingerprint BYTES NOT NULL,
    begun_at INSTANT NOT NULL,
    status INTEGER,
    answer BYTES,
    PRIMARY KEY (user_id, key)
) STRICT;
CREATE INDEX repeatable_by_age ON repeatable (begun_at);
