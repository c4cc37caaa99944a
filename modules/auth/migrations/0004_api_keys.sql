-- By what programs act for somebody. A key has one secret, and while it is being given another one, the former too:
-- both kept hashed, with the last letters by which their owner tells them apart.
CREATE TABLE api_keys (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    hash BYTES NOT NULL,
    hint TEXT NOT NULL,
    made_at INSTANT NOT NULL,
    used_at INSTANT,
    former_hash BYTES,
    former_hint TEXT,
    former_until INSTANT,
    former_used_at INSTANT,
    created_at INSTANT NOT NULL
) STRICT;
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);
CREATE UNIQUE INDEX api_keys_by_former_hash ON api_keys (former_hash);
CREATE INDEX api_keys_by_user ON api_keys (user_id, id);
