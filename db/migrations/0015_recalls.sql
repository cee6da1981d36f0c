-- Which batches lie in which rolls, and what was taken back because of one.
CREATE TABLE roll_lots (
    pharmacy_id text NOT NULL,
    lot         text NOT NULL,
    product     text NOT NULL,
    roll        text NOT NULL,
    PRIMARY KEY (pharmacy_id, lot, product, roll),
    FOREIGN KEY (pharmacy_id, roll) REFERENCES rolls
);
COMMENT ON TABLE roll_lots IS 'The batches in a roll, so that a recall finds it; the bags stand in its document';
COMMENT ON COLUMN roll_lots.lot IS 'Number of one batch';
COMMENT ON COLUMN roll_lots.product IS 'Code of the product table';

CREATE TABLE recalls (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    recall_id   text NOT NULL,
    at_ms       bigint NOT NULL,
    actor       text NOT NULL,
    product     text NOT NULL,
    lot         text NOT NULL,
    reason      text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    PRIMARY KEY (pharmacy_id, recall_id)
);
COMMENT ON TABLE recalls IS 'Batches that were taken back from all rolls in one act';
COMMENT ON COLUMN recalls.recall_id IS 'UUID of version 7';
COMMENT ON COLUMN recalls.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN recalls.actor IS 'The pharmacist who decided';
COMMENT ON COLUMN recalls.product IS 'Code of the product table';
COMMENT ON COLUMN recalls.lot IS 'Number of the batch';
COMMENT ON COLUMN recalls.reason IS 'In that person''s words';

CREATE TABLE recall_bags (
    pharmacy_id  text NOT NULL,
    recall_id    text NOT NULL,
    client_id    text NOT NULL,
    roll         text NOT NULL,
    n            bigint NOT NULL,
    serial       text NOT NULL,
    at           text NOT NULL,
    dispenser_id text,
    fate         text NOT NULL CHECK (fate IN
        ('withdrawn', 'taken_out', 'missed', 'withheld', 'ended', 'in_pharmacy')),
    PRIMARY KEY (pharmacy_id, recall_id, roll, serial),
    FOREIGN KEY (pharmacy_id, recall_id) REFERENCES recalls
);
COMMENT ON TABLE recall_bags IS 'Every bag that held the batch, and where it was at that moment';
COMMENT ON COLUMN recall_bags.recall_id IS 'The act that found it';
COMMENT ON COLUMN recall_bags.n IS 'Place of the bag in its roll, from 0 for the header';
COMMENT ON COLUMN recall_bags.at IS 'Planned time with its offset';
COMMENT ON COLUMN recall_bags.fate IS 'withdrawn: it lay in a dispenser, which hands it out no more; taken_out: ask the client';

CREATE TABLE recall_told (
    pharmacy_id text NOT NULL,
    recall_id   text NOT NULL,
    client_id   text NOT NULL,
    at_ms       bigint NOT NULL,
    actor       text NOT NULL,
    note        text NOT NULL CHECK (length(note) BETWEEN 1 AND 500),
    PRIMARY KEY (pharmacy_id, recall_id, client_id, at_ms),
    FOREIGN KEY (pharmacy_id, recall_id) REFERENCES recalls
);
COMMENT ON TABLE recall_told IS 'Who was told by telephone, and what was agreed';
COMMENT ON COLUMN recall_told.recall_id IS 'The act of which was told';
COMMENT ON COLUMN recall_told.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN recall_told.actor IS 'Who called';
COMMENT ON COLUMN recall_told.note IS 'What was agreed';
