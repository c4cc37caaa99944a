-- How each household counts time and money: kept from household.changed, because every date needs it.
CREATE TABLE households (
    household_id ID PRIMARY KEY,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    locale TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;

-- What is paid for again and again. `next_charge_on` and `wakes_at` are computed from the rest, for the indexes:
-- the first charge date not yet processed, and the instant at which the sweep next has something to do.
CREATE TABLE subscriptions (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    created_by ID NOT NULL,
    name TEXT NOT NULL,
    plan TEXT,
    service TEXT,
    status TEXT NOT NULL,
    currency TEXT NOT NULL,
    prices JSON NOT NULL,
    cycle_every INTEGER,
    cycle_unit TEXT,
    month_end TEXT NOT NULL,
    first_charge_on DATE NOT NULL,
    open_from DATE NOT NULL,
    trial_ends_on DATE,
    ends_on DATE,
    auto_renew BOOLEAN NOT NULL,
    category TEXT NOT NULL,
    url TEXT,
    notes TEXT NOT NULL,
    source JSON NOT NULL,
    created_on DATE NOT NULL,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    version INTEGER NOT NULL,
    next_charge_on DATE,
    wakes_at INSTANT
) STRICT;
CREATE INDEX subscriptions_by_household ON subscriptions (household_id, id);
CREATE INDEX subscriptions_that_wake ON subscriptions (wakes_at) WHERE wakes_at IS NOT NULL;

-- One charge. A charge date of a subscription is charged once, whoever tries however often.
CREATE TABLE payments (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    subscription_id ID NOT NULL,
    due_on DATE NOT NULL,
    paid_on DATE,
    status TEXT NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at INSTANT NOT NULL
) STRICT;
CREATE UNIQUE INDEX payments_one_a_charge_date ON payments (subscription_id, due_on);
CREATE INDEX payments_paid ON payments (household_id, paid_on) WHERE paid_on IS NOT NULL;
CREATE INDEX payments_open ON payments (household_id, due_on) WHERE paid_on IS NULL;
