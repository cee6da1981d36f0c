-- An alarm that nobody acknowledges climbs a ladder.
ALTER TABLE alarms ADD COLUMN rung bigint NOT NULL DEFAULT 0 CHECK (rung BETWEEN 0 AND 3);
COMMENT ON COLUMN alarms.rung IS 'How often it was passed on because nobody acknowledged it';
COMMENT ON COLUMN outbox.topic IS 'schedule, alarm, or escalation-1 to escalation-3';
