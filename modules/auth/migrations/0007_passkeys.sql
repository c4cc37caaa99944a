-- What shows who somebody is by a key pair of its own (WebAuthn). `credential` is how it calls itself, `public_key` the
-- half that we may know, and `counter` how often it has signed, where it counts.
CREATE TABLE passkeys (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    credential BYTES NOT NULL,
    public_key BYTES NOT NULL,
    counter INTEGER NOT NULL,
    name TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    last_used_at INSTANT
) STRICT;
CREATE UNIQUE INDEX passkeys_one_per_credential ON passkeys (credential);
CREATE INDEX passkeys_by_user ON passkeys (user_id, id);

-- What was given to be signed, and is taken back once: for a session that adds a passkey, or for whoever logs in.
CREATE TABLE passkey_challenges (
    hash BYTES PRIMARY KEY,
    session_id ID,
    expires_at INSTANT NOT NULL
) STRICT;
CREATE INDEX passkey_challenges_by_age ON passkey_challenges (expires_at);
