-- Signed ends of the journal's chain, kept with it: each proves the rows before it.
CREATE TABLE journal_checkpoints (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    seq         bigint NOT NULL CHECK (seq > 0),
    at_ms       bigint NOT NULL,
    signed      text NOT NULL,
    PRIMARY KEY (pharmacy_id, seq)
);
COMMENT ON TABLE journal_checkpoints IS 'Written once an hour while the journal grows; never changed';
COMMENT ON COLUMN journal_checkpoints.seq IS 'The last row that it covers';
COMMENT ON COLUMN journal_checkpoints.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN journal_checkpoints.signed IS 'JWS over place, hash and time; keys/journal.keys says by which key';
