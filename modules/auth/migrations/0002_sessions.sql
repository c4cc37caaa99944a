-- Who is suspended is logged out everywhere and cannot log in. Accounts that were made where mail is sent wait for a
-- proof that the address is theirs; those that were made without mail, or by hand, do not.
ALTER TABLE accounts ADD COLUMN suspended_at INSTANT;
ALTER TABLE accounts ADD COLUMN verified_at INSTANT;
ALTER TABLE accounts ADD COLUMN awaits_proof BOOLEAN NOT NULL DEFAULT FALSE;

-- By what a session is recognised in a list: the device as it calls itself, and where it logged in from.
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN last_seen_at INSTANT;

-- Keys follow one another: of several processes that make the next one at once, one does.
ALTER TABLE signing_keys ADD COLUMN follows ID;
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (follows);

-- What was done with an account, for its owner to read.
CREATE TABLE audit_log (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    act TEXT NOT NULL,
    detail TEXT NOT NULL,
    session_id ID,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    at INSTANT NOT NULL
) STRICT;
CREATE INDEX audit_log_by_user ON audit_log (user_id, id);
CREATE INDEX audit_log_by_age ON audit_log (at);

-- How often something was tried that may not be tried without end. What is counted is kept hashed: addresses that
-- nobody has an account with are counted like others.
CREATE TABLE tries (
    key BYTES PRIMARY KEY,
    count INTEGER NOT NULL,
    since INSTANT NOT NULL
) STRICT;
CREATE INDEX tries_by_age ON tries (since);
