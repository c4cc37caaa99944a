-- What people say of themselves, and the address auth knows them by.
CREATE TABLE people (
    user_id ID PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    version INTEGER NOT NULL
) STRICT;

-- Those who share subscriptions. A household counts time and money as its owner does.
CREATE TABLE households (
    id ID PRIMARY KEY,
    owner_id ID NOT NULL,
    created_at INSTANT NOT NULL
) STRICT;
CREATE INDEX households_by_owner ON households (owner_id, id);
