-- The day of a step (UTC), by which steps are counted and forgotten.
ALTER TABLE steps ADD COLUMN day DATE;
CREATE INDEX steps_by_version ON steps (tree, tree_version, day);
CREATE INDEX steps_by_day ON steps (day, what);
CREATE INDEX sessions_by_version ON sessions (tree, tree_version, status);

-- Questions that found nothing, without who asked: the words, without what looks like an address or a number.
CREATE TABLE unanswered_questions (
    text TEXT PRIMARY KEY,
    language TEXT NOT NULL,
    times INTEGER NOT NULL,
    first_on DATE NOT NULL,
    last_on DATE NOT NULL
) STRICT;
CREATE INDEX unanswered_by_times ON unanswered_questions (times, text);
CREATE INDEX unanswered_by_day ON unanswered_questions (last_on);
