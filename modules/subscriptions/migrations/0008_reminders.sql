-- When a household is reminded, beside how else it counts: the days as a JSON array, the time as HH:MM.
ALTER TABLE households ADD COLUMN reminder_days TEXT NOT NULL DEFAULT '[3,1]';
ALTER TABLE households ADD COLUMN reminder_time TEXT NOT NULL DEFAULT '09:00';

-- `reminders_from` is the first day whose reminders are not done with, as `open_from` is for charges. `reminds_at` is
-- the instant at which there is something to tell or to look at again. What runs has one: where it has not, because it
-- was tracked before, or by a program of the version before, it is given one.
ALTER TABLE subscriptions ADD COLUMN reminders_from DATE;
ALTER TABLE subscriptions ADD COLUMN reminds_at INSTANT;
CREATE INDEX subscriptions_that_remind ON subscriptions (reminds_at) WHERE reminds_at IS NOT NULL;
CREATE INDEX subscriptions_unplanned ON subscriptions (id)
    WHERE reminds_at IS NULL AND status IN ('trial', 'active');

-- What was told, or not, and why not. What is still to be told is computed.
CREATE TABLE reminders (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    recipient_id ID NOT NULL,
    subscription_id ID NOT NULL,
    kind TEXT NOT NULL,
    about_on DATE NOT NULL,
    lead INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    told_on DATE NOT NULL,
    planned_for INSTANT NOT NULL,
    decided_at INSTANT NOT NULL
) STRICT;
CREATE UNIQUE INDEX reminders_told_once ON reminders (subscription_id, about_on, kind, lead, recipient_id);
CREATE INDEX reminders_by_state ON reminders (household_id, state, planned_for, id);
