-- What waits for an answer is looked for whosever it is.
CREATE INDEX tickets_by_status ON tickets (status, id);
