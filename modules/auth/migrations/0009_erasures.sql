-- Accounts on their way out, and those that are gone: that this happened, and when, is all that is kept of them. Who began
-- it is 'owner' or 'operator'. `households` is what users said became of theirs, while it is needed; `asked_at` is when
-- the modules were last asked. A round that is nought waits for users.
CREATE TABLE erasures (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    begun_by TEXT NOT NULL,
    ends_home BOOLEAN NOT NULL,
    households JSON,
    round INTEGER NOT NULL,
    begun_at INSTANT NOT NULL,
    asked_at INSTANT NOT NULL,
    finished_at INSTANT
) STRICT;
CREATE UNIQUE INDEX erasures_one_per_user ON erasures (user_id);
CREATE INDEX erasures_under_way ON erasures (asked_at) WHERE finished_at IS NULL;

-- Which round each module has confirmed.
CREATE TABLE erasure_parts (
    erasure_id ID NOT NULL,
    module TEXT NOT NULL,
    round INTEGER NOT NULL,
    confirmed_at INSTANT NOT NULL,
    PRIMARY KEY (erasure_id, module)
) STRICT;
