-- What became of the households of somebody whose account is on its way out, until that is over: should it have to be
-- told again, they are not there any more.
CREATE TABLE partings (
    erasure_id ID PRIMARY KEY,
    user_id ID NOT NULL,
    households JSON NOT NULL,
    parted_at INSTANT NOT NULL
) STRICT;
