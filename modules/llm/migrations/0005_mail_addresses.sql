-- Addresses to which somebody forwards mail for a household. Only the hash of what is secret in one is kept; how many
-- mails came to it is counted by the hour.
CREATE TABLE mail_addresses (
    household_id ID NOT NULL,
    user_id ID NOT NULL,
    hash BYTES NOT NULL,
    made_at INSTANT NOT NULL,
    hour INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    PRIMARY KEY (household_id, user_id)
) STRICT;
CREATE UNIQUE INDEX mail_address_is_one ON mail_addresses (hash);
CREATE INDEX messages_by_channel ON messages (household_id, user_id, channel, created_at);
