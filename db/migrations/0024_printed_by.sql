-- Who packed a roll does not release it where it holds a high-risk medicine.
ALTER TABLE rolls ADD COLUMN printed_by text;
COMMENT ON COLUMN rolls.printed_by IS 'The person who had it printed. Null = not printed, or by an older program';
