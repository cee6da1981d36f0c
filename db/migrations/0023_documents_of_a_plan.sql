-- By what a plan knows that orders came in since: by number, not by the clocks of two machines.
ALTER TABLE rolls ADD COLUMN documents bigint;
COMMENT ON COLUMN rolls.documents IS 'How many documents with orders of the client it was planned from. Null = planned by an older program';
