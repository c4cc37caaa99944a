-- Files that were sent to be imported: how they are read, what would come of them, and what came. Kept for a while, so
-- that an import can be undone.
CREATE TABLE imports (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    created_by ID NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    size INTEGER NOT NULL,
    contents BYTES NOT NULL,
    options JSON NOT NULL,
    notes JSON NOT NULL,
    plan JSON NOT NULL,
    outcome JSON NOT NULL,
    read_on DATE NOT NULL,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX imports_by_household ON imports (household_id, id);
CREATE INDEX imports_that_expire ON imports (expires_at);
