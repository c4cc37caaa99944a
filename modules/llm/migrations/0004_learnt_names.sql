-- How subscriptions that words made were read, to see what their owners change about that.
CREATE TABLE read_names (
    household_id ID NOT NULL,
    subscription_id ID NOT NULL,
    words TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT,
    PRIMARY KEY (household_id, subscription_id)
) STRICT;

-- What a household calls what it says, and how it sorts that.
CREATE TABLE learnt_names (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    words TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT,
    learnt_at INSTANT NOT NULL
) STRICT;
CREATE UNIQUE INDEX learnt_names_by_words ON learnt_names (household_id, words);
