-- Some alarms wait for the day, and each rung counts from when somebody was last told.
ALTER TABLE alarms ADD COLUMN severity text NOT NULL DEFAULT 'urgent' CHECK (severity IN ('day', 'urgent'));
ALTER TABLE alarms ADD COLUMN told_ms bigint NOT NULL DEFAULT 0;
UPDATE alarms SET told_ms = raised_ms + rung * 900000;
COMMENT ON COLUMN alarms.severity IS 'day: told and passed on in the hours of the day alone';
COMMENT ON COLUMN alarms.told_ms IS 'When others were last told of it, or will be first; UTC milliseconds since 1970';
