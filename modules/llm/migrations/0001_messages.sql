-- Words that came in, how they were read, and what followed.
CREATE TABLE messages (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    user_id ID NOT NULL,
    channel TEXT NOT NULL,
    text TEXT NOT NULL,
    sent_at INSTANT NOT NULL,
    answer JSON NOT NULL,
    created_at INSTANT NOT NULL
) STRICT;
CREATE INDEX messages_by_household ON messages (household_id, id);
