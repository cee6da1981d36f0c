-- The first download of each schedule is journalled; later ones are not.
ALTER TABLE schedules ADD COLUMN fetched_ms bigint;
COMMENT ON COLUMN schedules.fetched_ms IS 'When the dispenser first downloaded it, UTC milliseconds since 1970';
COMMENT ON COLUMN schedule_change.version IS 'The new version; 0 = a certificate of the device is refused';
