-- What the ledger keeps of a payment beyond the charge itself. An extra charge falls on no charge date, or on one that
-- has its payment already: it shares its day with others. A charge date still has one payment, whoever tries however
-- often; a program of the version before finds no such index and waits, without recording anything, until it is
-- replaced.
ALTER TABLE payments ADD COLUMN extra BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE payments ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- Who entered it; nobody did where its charge date arrived.
ALTER TABLE payments ADD COLUMN recorded_by ID;
-- When it last changed; never, when empty.
ALTER TABLE payments ADD COLUMN changed_at INSTANT;
DROP INDEX payments_one_a_charge_date;
CREATE UNIQUE INDEX payments_one_a_charge_date ON payments (subscription_id, due_on) WHERE NOT extra;
DROP INDEX payments_open;
CREATE INDEX payments_open ON payments (household_id, due_on, id) WHERE paid_on IS NULL;
CREATE INDEX payments_by_subscription ON payments (household_id, subscription_id, due_on, id);
CREATE INDEX payments_by_household ON payments (household_id, due_on, id);

-- Every change of a payment, with the state before it: what can be undone, and its history.
CREATE TABLE payment_changes (
    payment_id ID NOT NULL,
    version INTEGER NOT NULL,
    household_id ID NOT NULL,
    kind TEXT NOT NULL,
    changed_by ID NOT NULL,
    changed_at INSTANT NOT NULL,
    status TEXT NOT NULL,
    paid_on DATE,
    amount INTEGER NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL,
    expected BOOLEAN NOT NULL,
    PRIMARY KEY (payment_id, version)
) STRICT;

-- Invoices and receipts. Their content is checked before it comes here, and leaves as a download alone.
CREATE TABLE payment_documents (
    id ID PRIMARY KEY,
    household_id ID NOT NULL,
    payment_id ID NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    added_by ID NOT NULL,
    added_at INSTANT NOT NULL,
    content BYTES NOT NULL
) STRICT;
-- With the size, so that what a household keeps is summed without touching the files.
CREATE INDEX payment_documents_by_payment ON payment_documents (household_id, payment_id, id, size);
