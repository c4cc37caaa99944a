-- By what a session was begun, in words with spaces between them.
ALTER TABLE sessions ADD COLUMN methods TEXT NOT NULL DEFAULT 'password';

-- The secret that an authenticator app shares with us, sealed. Until its owner has shown a code of it, from the log-in
-- that asked for it, it counts for nothing. `last_step` is the step of the newest code that was used.
CREATE TABLE totp (
    user_id ID PRIMARY KEY,
    secret BYTES NOT NULL,
    session_id ID NOT NULL,
    created_at INSTANT NOT NULL,
    confirmed_at INSTANT,
    last_step INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Codes for when the app is lost, hashed. Each is good once.
CREATE TABLE recovery_codes (
    hash BYTES PRIMARY KEY,
    user_id ID NOT NULL,
    used_at INSTANT
) STRICT;
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

-- Log-ins that have shown one factor and owe another. What carries them on is kept hashed.
CREATE TABLE pending_log_ins (
    hash BYTES PRIMARY KEY,
    user_id ID NOT NULL,
    kind TEXT NOT NULL,
    methods TEXT NOT NULL,
    expires_at INSTANT NOT NULL
) STRICT;
CREATE INDEX pending_log_ins_by_user ON pending_log_ins (user_id);
CREATE INDEX pending_log_ins_by_age ON pending_log_ins (expires_at);
