-- When a dispenser was last heard, and whether its client is away.
ALTER TABLE dispensers ADD COLUMN heard_ms bigint NOT NULL DEFAULT 0;
ALTER TABLE dispensers ADD COLUMN paused_ms bigint NOT NULL DEFAULT 0;
ALTER TABLE moments DROP CONSTRAINT moments_state_check;
ALTER TABLE moments ADD CONSTRAINT moments_state_check
    CHECK (state IN ('waiting', 'released', 'missed', 'withheld', 'ended'));
COMMENT ON COLUMN dispensers.heard_ms IS 'When it last asked, waited or reported, UTC milliseconds, not finer than a minute';
COMMENT ON COLUMN dispensers.paused_ms IS 'Since when it is paused, by its own clock; 0 = it is not';
COMMENT ON COLUMN moments.state IS 'withheld: it fell into a pause; ended: its schedule was replaced or withdrawn';
