-- Whoever answers takes a ticket on, so that no two answer the same. When it was answered first, and when it was done with,
-- tells how long people wait.
ALTER TABLE tickets ADD COLUMN locale TEXT;
ALTER TABLE tickets ADD COLUMN claimed_by ID;
ALTER TABLE tickets ADD COLUMN answered_at INSTANT;
ALTER TABLE tickets ADD COLUMN closed_at INSTANT;
CREATE INDEX tickets_by_claim ON tickets (claimed_by, status, id);
CREATE INDEX tickets_by_creation ON tickets (created_at);

-- Who of those that answer opened what, and when last: it is written down once, not at every look.
CREATE TABLE ticket_openings (
    ticket_id ID NOT NULL,
    agent_id ID NOT NULL,
    opened_at INSTANT NOT NULL,
    PRIMARY KEY (ticket_id, agent_id)
) STRICT;

-- Answers that are given again and again. They are the desk's, nobody's own.
CREATE TABLE answer_templates (
    id ID PRIMARY KEY,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at INSTANT NOT NULL
) STRICT;
