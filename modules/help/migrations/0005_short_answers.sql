-- What somebody asked the manual, for a language model to look through it, and its answer: to the same person alone. The
-- question is kept for as long as it waits.
CREATE TABLE short_answers (
    user_id ID NOT NULL,
    hash BYTES NOT NULL,
    question TEXT NOT NULL,
    language TEXT NOT NULL,
    status TEXT NOT NULL,
    answer JSON,
    tries INTEGER NOT NULL,
    due_at INSTANT NOT NULL,
    asked_at INSTANT NOT NULL,
    PRIMARY KEY (user_id, hash)
) STRICT;
CREATE INDEX short_answers_by_due ON short_answers (status, due_at);
CREATE INDEX short_answers_by_age ON short_answers (asked_at);
