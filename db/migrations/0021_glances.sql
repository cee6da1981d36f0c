-- What lines saw of bags while the film still ran.
CREATE TABLE glances (
    pharmacy_id text NOT NULL,
    roll        text NOT NULL,
    serial      text NOT NULL,
    at_ms       bigint NOT NULL,
    actor       text NOT NULL,
    verdict     text NOT NULL CHECK (verdict IN ('pass', 'fail', 'unsure')),
    judged      text NOT NULL,
    reason      text NOT NULL,
    bytes       bytea NOT NULL,
    PRIMARY KEY (pharmacy_id, roll, serial),
    FOREIGN KEY (pharmacy_id, roll, serial) REFERENCES bags
);
COMMENT ON TABLE glances IS 'What a line saw of a bag before its place in the order was known; its verdict, which follows, takes the place';
COMMENT ON COLUMN glances.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN glances.actor IS 'The line';
COMMENT ON COLUMN glances.verdict IS 'Of code and print alone: never enough for a release';
COMMENT ON COLUMN glances.judged IS 'Words of code print pieces, with spaces between';
COMMENT ON COLUMN glances.reason IS 'Words of the contract';
COMMENT ON COLUMN glances.bytes IS 'The glance as it was posted';
