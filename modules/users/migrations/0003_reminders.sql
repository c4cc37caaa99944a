-- When somebody wants to be reminded of what is to come: how many days ahead, and at which time of those days.
ALTER TABLE people ADD COLUMN reminder_days JSON NOT NULL DEFAULT '[3,1]';
ALTER TABLE people ADD COLUMN reminder_time TEXT NOT NULL DEFAULT '09:00';
