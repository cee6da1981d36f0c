-- Who did what, when and why: append-only, sealed by a chain of hashes.
CREATE TABLE journal (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    journal_id  text NOT NULL,
    at_ms       bigint NOT NULL,
    actor       text NOT NULL,
    role        text NOT NULL,
    action      text NOT NULL,
    object_type text NOT NULL,
    object_id   text NOT NULL,
    client      text NOT NULL,
    detail      text NOT NULL,
    source      text NOT NULL,
    PRIMARY KEY (pharmacy_id, journal_id)
);
COMMENT ON TABLE journal IS 'Every act and every reading of a person''s record; never changed';
COMMENT ON COLUMN journal.journal_id IS 'UUID of version 7';
COMMENT ON COLUMN journal.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN journal.actor IS 'Name of the token or id of the device';
COMMENT ON COLUMN journal.role IS 'In which role';
COMMENT ON COLUMN journal.action IS 'What was done: read, approve, release and so on';
COMMENT ON COLUMN journal.object_type IS 'roll, order, dispenser, alarm, settings, token';
COMMENT ON COLUMN journal.object_id IS 'Its id';
COMMENT ON COLUMN journal.client IS 'The client''s pseudonym; empty when none is concerned';
COMMENT ON COLUMN journal.detail IS 'Why, or what changed; no names, no drugs';
COMMENT ON COLUMN journal.source IS 'Address of the caller';
CREATE INDEX journal_at ON journal (pharmacy_id, at_ms);

CREATE TABLE journal_seal (
    pharmacy_id text NOT NULL,
    seq         bigint NOT NULL CHECK (seq > 0),
    journal_id  text NOT NULL,
    hash        text NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (pharmacy_id, seq),
    UNIQUE (pharmacy_id, journal_id),
    FOREIGN KEY (pharmacy_id, journal_id) REFERENCES journal
);
COMMENT ON TABLE journal_seal IS 'The chain: each hash covers its journal row and the hash before';
COMMENT ON COLUMN journal_seal.seq IS 'Counts from 1 without gaps';
COMMENT ON COLUMN journal_seal.hash IS 'SHA-256 in hex over previous hash, seq and the row';
