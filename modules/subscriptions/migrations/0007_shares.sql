-- Who sees a subscription, who pays it and who shares it. A private one is seen by `created_by` alone. Without a
-- payer the household pays from its common purse; without shares it is the payer's own, or else everybody's equally.
ALTER TABLE subscriptions ADD COLUMN private BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE subscriptions ADD COLUMN payer_id ID;
ALTER TABLE subscriptions ADD COLUMN shares JSON;

-- How a payment was shared, where its subscription is shared in another way since. Written when that changes, so that
-- no change reaches into the past; a payment without a row here is shared as its subscription is.
CREATE TABLE payment_shares (
    payment_id ID PRIMARY KEY,
    household_id ID NOT NULL,
    subscription_id ID NOT NULL,
    payer_id ID,
    shares JSON
) STRICT;
CREATE INDEX payment_shares_by_subscription ON payment_shares (household_id, subscription_id);

-- What one member gave another to be even.
CREATE TABLE settlements (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    from_id ID NOT NULL,
    to_id ID NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    paid_on DATE NOT NULL,
    note TEXT NOT NULL,
    created_by ID NOT NULL,
    created_at INSTANT NOT NULL
) STRICT;
CREATE INDEX settlements_by_household ON settlements (household_id, id);
