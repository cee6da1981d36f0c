-- From when on a bag may leave its dispenser, so that one that left sooner is told apart.
ALTER TABLE moments ADD COLUMN leaves_ms bigint;
COMMENT ON COLUMN moments.leaves_ms IS 'UTC milliseconds; before it nobody was to be handed the bag. Null = nobody said';
