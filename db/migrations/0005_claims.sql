-- Which line holds which roll while it checks the film.
CREATE TABLE claims (
    pharmacy_id text NOT NULL,
    roll        text NOT NULL,
    line_id     text NOT NULL,
    claimed_ms  bigint NOT NULL,
    expires_ms  bigint NOT NULL,
    PRIMARY KEY (pharmacy_id, roll),
    FOREIGN KEY (pharmacy_id, roll) REFERENCES rolls
);
COMMENT ON TABLE claims IS 'One row for each roll that a line ever held: two lines never hold the same roll';
COMMENT ON COLUMN claims.line_id IS 'The line that holds it, or held it last';
COMMENT ON COLUMN claims.claimed_ms IS 'Since when it holds it, UTC milliseconds since 1970';
COMMENT ON COLUMN claims.expires_ms IS 'Until when; each verdict of that line puts it off';
CREATE INDEX rolls_state ON rolls (pharmacy_id, state, changed_ms);
