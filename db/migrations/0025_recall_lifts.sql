-- A recall that was made by mistake is lifted; what it took back stays taken back.
CREATE TABLE recall_lifts (
    pharmacy_id text NOT NULL,
    recall_id   text NOT NULL,
    at_ms       bigint NOT NULL,
    actor       text NOT NULL,
    reason      text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    PRIMARY KEY (pharmacy_id, recall_id),
    FOREIGN KEY (pharmacy_id, recall_id) REFERENCES recalls
);
COMMENT ON TABLE recall_lifts IS 'Recalls that hold no more: their batch may be packed again';
COMMENT ON COLUMN recall_lifts.recall_id IS 'The act that was a mistake';
COMMENT ON COLUMN recall_lifts.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN recall_lifts.actor IS 'The pharmacist who decided';
COMMENT ON COLUMN recall_lifts.reason IS 'In that person''s words';
