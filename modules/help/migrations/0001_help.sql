-- Ways through trees. Where somebody is, what was found out, and how they came there; gone when it expires.
CREATE TABLE sessions (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    household_id ID NOT NULL,
    tree TEXT NOT NULL,
    tree_version TEXT NOT NULL,
    screen TEXT NOT NULL,
    object TEXT NOT NULL,
    node TEXT NOT NULL,
    facts JSON NOT NULL,
    path JSON NOT NULL,
    status TEXT NOT NULL,
    ticket_id ID,
    version INTEGER NOT NULL,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL
) STRICT;
CREATE INDEX sessions_of_people ON sessions (user_id, household_id, status, updated_at);
CREATE INDEX sessions_to_forget ON sessions (expires_at);

-- Every step that was ever taken, in its order: it outlives its session, and says nothing of whose it was.
CREATE TABLE steps (
    number SEQUENCE,
    session_id ID NOT NULL,
    tree TEXT NOT NULL,
    tree_version TEXT NOT NULL,
    node TEXT NOT NULL,
    what TEXT NOT NULL,
    at INSTANT NOT NULL
) STRICT;
CREATE INDEX steps_of_trees ON steps (tree, tree_version, at);

-- What was handed over to a person: with the path, what was found out, and the ids, as they were then.
CREATE TABLE tickets (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    household_id ID NOT NULL,
    tree TEXT NOT NULL,
    tree_version TEXT NOT NULL,
    object TEXT NOT NULL,
    facts JSON NOT NULL,
    path JSON NOT NULL,
    status TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL
) STRICT;
CREATE INDEX tickets_of_people ON tickets (user_id, id);

CREATE TABLE ticket_messages (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    ticket_id ID NOT NULL,
    author_id ID NOT NULL,
    text TEXT NOT NULL,
    created_at INSTANT NOT NULL
) STRICT;
CREATE INDEX ticket_messages_in_order ON ticket_messages (user_id, ticket_id, id);
