-- A calendar may be one member's: then it tells of what they bear, at their part of it.
ALTER TABLE calendar_feeds ADD COLUMN member_id ID;
