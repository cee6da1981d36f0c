-- What the pharmacy and the care organisation wrote down about a client, in all versions.
CREATE TABLE client_records (
    pharmacy_id     text NOT NULL,
    client_id       text NOT NULL,
    version         bigint NOT NULL CHECK (version > 0),
    at_ms           bigint NOT NULL,
    actor           text NOT NULL,
    reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    reviewed_day    bigint,
    relocated_day   bigint,
    alarm_after_min bigint CHECK (alarm_after_min BETWEEN 1 AND 1440),
    baseline_visits bigint CHECK (baseline_visits BETWEEN 0 AND 200),
    PRIMARY KEY (pharmacy_id, client_id, version),
    FOREIGN KEY (pharmacy_id, client_id) REFERENCES clients
);
COMMENT ON TABLE client_records IS 'The highest version holds; none is changed';
COMMENT ON COLUMN client_records.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN client_records.actor IS 'Who wrote it down';
COMMENT ON COLUMN client_records.reason IS 'In that person''s words';
COMMENT ON COLUMN client_records.reviewed_day IS 'D3: day on which a roll was last found suitable, days since 1970; null = never';
COMMENT ON COLUMN client_records.relocated_day IS 'D30: day of a move, an admission or a discharge; null = none';
COMMENT ON COLUMN client_records.alarm_after_min IS 'The client''s own; null = the policy''s';
COMMENT ON COLUMN client_records.baseline_visits IS 'Visits a week before the dispenser, as the care organisation entered; null = nobody did';

CREATE TABLE client_visits (
    pharmacy_id text NOT NULL,
    client_id   text NOT NULL,
    month       text NOT NULL CHECK (length(month) = 7),
    at_ms       bigint NOT NULL,
    actor       text NOT NULL,
    visits      bigint NOT NULL CHECK (visits BETWEEN 0 AND 1000),
    PRIMARY KEY (pharmacy_id, client_id, month, at_ms),
    FOREIGN KEY (pharmacy_id, client_id) REFERENCES clients
);
COMMENT ON TABLE client_visits IS 'Follow-up visits of a month, as the care organisation counted them; the newest row of a month holds';
COMMENT ON COLUMN client_visits.month IS '2026-11';
COMMENT ON COLUMN client_visits.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN client_visits.actor IS 'Who entered it';
COMMENT ON COLUMN client_visits.visits IS 'How many in that month';
