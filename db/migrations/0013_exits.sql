-- Each message goes to each exit by a row of its own, and one that nobody takes is set aside.
ALTER TABLE outbox ADD COLUMN exit text NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN number bigint NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN fault text NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN dead_ms bigint;
COMMENT ON COLUMN outbox.topic IS 'schedule, alarm, escalation-1 to escalation-3, or supervision';
COMMENT ON COLUMN outbox.exit IS 'Whom it is for, as the configuration names them; empty = not yet given to each';
COMMENT ON COLUMN outbox.number IS 'Counts the messages of an exit from 1';
COMMENT ON COLUMN outbox.fault IS 'Why the last try failed';
COMMENT ON COLUMN outbox.dead_ms IS 'Since when it is not tried any more; a person may have it tried again';
DROP INDEX outbox_next;
CREATE INDEX outbox_next ON outbox (pharmacy_id, next_ms) WHERE done_ms IS NULL AND dead_ms IS NULL;
CREATE INDEX outbox_dead ON outbox (pharmacy_id, dead_ms) WHERE dead_ms IS NOT NULL;

CREATE TABLE exits (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    exit        text NOT NULL,
    number      bigint NOT NULL DEFAULT 0,
    beat_ms     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (pharmacy_id, exit)
);
COMMENT ON TABLE exits IS 'What was last given to each exit';
COMMENT ON COLUMN exits.exit IS 'As in outbox; empty = the supervision of all';
COMMENT ON COLUMN exits.number IS 'Of its last message';
COMMENT ON COLUMN exits.beat_ms IS 'When all were last told that we are there, UTC milliseconds since 1970';
