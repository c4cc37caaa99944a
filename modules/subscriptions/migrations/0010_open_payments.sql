-- Of two indexes that would do alike, SQLite takes the one that was made last. What is open is found among what is open,
-- not among everything that was ever due.
DROP INDEX payments_open;
CREATE INDEX payments_open ON payments (household_id, due_on, id) WHERE paid_on IS NULL;
