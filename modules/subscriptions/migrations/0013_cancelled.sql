-- When somebody cancelled it: nothing is saved by what ended on a day that was agreed from the start. Of what was
-- over before, it is not known; it counts as cancelled, as it did.
ALTER TABLE subscriptions ADD COLUMN cancelled_on DATE;
UPDATE subscriptions SET cancelled_on = ends_on WHERE status IN ('cancelled', 'ended');
