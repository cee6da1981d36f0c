-- When a client is not at home: nothing is handed out, and nothing is missed.
CREATE TABLE pauses (
    pharmacy_id  text NOT NULL,
    pause_id     text NOT NULL,
    client_id    text NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('away', 'pause')),
    from_ms      bigint NOT NULL,
    until_ms     bigint CHECK (until_ms > from_ms),
    reason       text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    actor        text NOT NULL,
    at_ms        bigint NOT NULL,
    ended_ms     bigint,
    ended_by     text,
    ended_reason text,
    PRIMARY KEY (pharmacy_id, pause_id),
    FOREIGN KEY (pharmacy_id, client_id) REFERENCES clients,
    CHECK ((ended_ms IS NULL) = (ended_by IS NULL))
);
COMMENT ON TABLE pauses IS 'Absences of clients as somebody set them; a moment in one is withheld, never missed';
COMMENT ON COLUMN pauses.pause_id IS 'UUID of version 7';
COMMENT ON COLUMN pauses.kind IS 'away: the client takes bags along; pause: nothing of it is taken';
COMMENT ON COLUMN pauses.from_ms IS 'UTC milliseconds since 1970; this minute is part of it';
COMMENT ON COLUMN pauses.until_ms IS 'This minute is not; null = until somebody says that the client is back';
COMMENT ON COLUMN pauses.reason IS 'In the words of who set it';
COMMENT ON COLUMN pauses.actor IS 'Who set it';
COMMENT ON COLUMN pauses.at_ms IS 'When it was set';
COMMENT ON COLUMN pauses.ended_ms IS 'When somebody ended it before its time; before from_ms: it never began';
COMMENT ON COLUMN pauses.ended_by IS 'Who ended it';
COMMENT ON COLUMN pauses.ended_reason IS 'Why, in that person''s words';
CREATE UNIQUE INDEX pauses_once ON pauses (pharmacy_id, client_id, from_ms) WHERE ended_ms IS NULL;
