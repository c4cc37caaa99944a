-- A budget may be one member's: then it takes in what they bear.
ALTER TABLE budgets ADD COLUMN member_id ID;
