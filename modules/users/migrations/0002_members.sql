-- What a household is called, where somebody has called it something; and a version that grows with every change of
-- who belongs to it, so that two such changes at once cannot leave it without an owner.
ALTER TABLE households ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE households ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- Who belongs to a household, or did: what was shared with somebody who left is still theirs. Those with a log-in are
-- called as they call themselves; `name` is for those without one.
CREATE TABLE members (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    user_id ID,
    name TEXT NOT NULL,
    access TEXT NOT NULL,
    joined_at INSTANT NOT NULL,
    left_at INSTANT,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX members_by_household ON members (household_id, joined_at, id);
CREATE UNIQUE INDEX members_one_a_log_in ON members (household_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX members_by_user ON members (user_id) WHERE user_id IS NOT NULL;

-- Everybody is the owner of the household of their own, as the member that has their UUID.
INSERT INTO members (id, household_id, user_id, name, access, joined_at, version)
SELECT owner_id, id, owner_id, '', 'owner', created_at, 1 FROM households;

-- Ways into a household: a secret in a link, kept hashed, good for one person and a week. With a `member_id` that
-- member gets a log-in by it.
CREATE TABLE invitations (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    hash BYTES NOT NULL,
    access TEXT NOT NULL,
    member_id ID,
    invited_by ID NOT NULL,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    accepted_by ID,
    accepted_at INSTANT
) STRICT;
CREATE UNIQUE INDEX invitations_by_hash ON invitations (hash);
CREATE INDEX invitations_by_household ON invitations (household_id, id);
