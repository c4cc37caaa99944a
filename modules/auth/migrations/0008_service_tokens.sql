-- What a service carries that has shown a key (OAuth 2.0, client credentials), hashed. It is good as long as the secret
-- that it was given for.
CREATE TABLE service_tokens (
    hash BYTES PRIMARY KEY,
    key_id ID NOT NULL,
    secret_hash BYTES NOT NULL,
    scope TEXT NOT NULL,
    expires_at INSTANT NOT NULL
) STRICT;
CREATE INDEX service_tokens_by_age ON service_tokens (expires_at);
