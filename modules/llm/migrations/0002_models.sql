-- Words that a language model is being asked about.
CREATE TABLE askings (
    message_id ID PRIMARY KEY,
    household_id ID NOT NULL,
    user_id ID NOT NULL,
    due_at INSTANT NOT NULL,
    tries INTEGER NOT NULL
) STRICT;
CREATE INDEX askings_by_due ON askings (due_at);

-- What a model said of words, by their hash: to the same person alone, so that nobody learns what another one said.
CREATE TABLE model_answers (
    user_id ID NOT NULL,
    hash BYTES NOT NULL,
    answer TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (user_id, hash)
) STRICT;
CREATE INDEX model_answers_by_age ON model_answers (created_at);

-- What somebody's words have cost on a day, in tokens.
CREATE TABLE model_days (
    user_id ID NOT NULL,
    day DATE NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY (user_id, day)
) STRICT;
CREATE INDEX model_days_by_day ON model_days (day);

CREATE INDEX messages_by_age ON messages (created_at);
