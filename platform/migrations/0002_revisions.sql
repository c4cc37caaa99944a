-- How often what belongs to a household has been changed, where a module counts that and several processes may write:
-- what one of them remembers of a household holds while the sum of its parts does. Connections count in parts of their
-- own, so that writers of one household do not wait for one another.
CREATE TABLE revisions (
    household_id ID NOT NULL,
    part INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (household_id, part)
) STRICT;
