-- Mail about accounts, on its way. What a letter's link opens is made when it is sent, so that nothing here opens
-- anything; a letter to nobody is dropped then. Where it was asked for is kept for the log of the account.
CREATE TABLE letters (
    id ID PRIMARY KEY,
    user_id ID NOT NULL,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    due_at INSTANT NOT NULL,
    tries INTEGER NOT NULL
) STRICT;
CREATE INDEX letters_by_due ON letters (due_at);

-- Secrets that were mailed, hashed: whoever brings one reads the mail of that account. Each is good once.
CREATE TABLE proofs (
    hash BYTES PRIMARY KEY,
    user_id ID NOT NULL,
    kind TEXT NOT NULL,
    expires_at INSTANT NOT NULL
) STRICT;
CREATE INDEX proofs_by_user ON proofs (user_id, kind);
CREATE INDEX proofs_by_age ON proofs (expires_at);
