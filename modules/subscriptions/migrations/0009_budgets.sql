-- What a household means to spend at most in a period: on everything, or on one category. `passed_for` is the first
-- day of the last period in which it was told that more was spent.
CREATE TABLE budgets (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    category TEXT,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    period_every INTEGER NOT NULL,
    period_unit TEXT NOT NULL,
    begins_on DATE NOT NULL,
    passed_for DATE,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX budgets_by_household ON budgets (household_id, id);
