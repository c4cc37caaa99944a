-- Who has an account. `email` is as it was typed; `email_key` is what makes it the same address.
CREATE TABLE accounts (
    user_id ID PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX accounts_one_per_address ON accounts (email_key);

-- One log-in on one device: of the API (tokens that rotate) or of the pages (a cookie).
CREATE TABLE sessions (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    kind TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    revoked_at INSTANT
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id, id);

-- Secrets that open a session, hashed. A refresh token is used once; coming back, it tells of a theft.
CREATE TABLE tokens (
    hash BYTES PRIMARY KEY,
    session_id ID NOT NULL,
    created_at INSTANT NOT NULL,
    used_at INSTANT
) STRICT;
CREATE INDEX tokens_by_session ON tokens (session_id);

-- Keys that sign access tokens; made on the first start.
CREATE TABLE signing_keys (
    id ID PRIMARY KEY,
    secret BYTES NOT NULL,
    created_at INSTANT NOT NULL
) STRICT;
