-- What else a subscription has. The version before leaves all of it at its default.
ALTER TABLE subscriptions ADD COLUMN price_varies BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE subscriptions ADD COLUMN weekend TEXT NOT NULL DEFAULT 'keep';
ALTER TABLE subscriptions ADD COLUMN charges_left INTEGER;
ALTER TABLE subscriptions ADD COLUMN term JSON;
ALTER TABLE subscriptions ADD COLUMN payment_method_id ID;
ALTER TABLE subscriptions ADD COLUMN tags JSON NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN links JSON NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN account TEXT;
ALTER TABLE subscriptions ADD COLUMN usage TEXT;
ALTER TABLE subscriptions ADD COLUMN usage_marked_on DATE;
ALTER TABLE subscriptions ADD COLUMN replaced_by ID;
ALTER TABLE subscriptions ADD COLUMN reminder_days JSON;

-- Whether a payment's amount is only what was expected, until the real one is known.
ALTER TABLE payments ADD COLUMN expected BOOLEAN NOT NULL DEFAULT FALSE;

-- What a household sorts by: categories of its own, tags, payment methods. `folded` is the name as two that differ in
-- casing alone share it.
CREATE TABLE labels (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    method TEXT,
    last4 TEXT,
    archived BOOLEAN NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX labels_one_a_name ON labels (household_id, kind, folded);
