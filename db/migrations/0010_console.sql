-- What the console finds by, and who may follow which client.
ALTER TABLE rolls ADD COLUMN client_name text NOT NULL DEFAULT '';
COMMENT ON COLUMN rolls.client_name IS 'As the roll prints it; the pharmacy searches by it';
CREATE INDEX events_released ON events (pharmacy_id, serial) WHERE type = 'released';
ALTER TABLE persons ADD COLUMN team text;
COMMENT ON COLUMN persons.team IS 'The care team the person works in; null = none';

CREATE TABLE follows (
    pharmacy_id  text NOT NULL,
    client_id    text NOT NULL,
    follower     text NOT NULL CHECK (length(follower) BETWEEN 1 AND 65),
    kind         text NOT NULL CHECK (kind IN ('care', 'family')),
    medicines    bigint NOT NULL CHECK (medicines IN (0, 1)),
    acknowledges bigint NOT NULL CHECK (acknowledges IN (0, 1)),
    given_ms     bigint NOT NULL,
    given_by     text NOT NULL,
    reason       text NOT NULL,
    ended_ms     bigint,
    PRIMARY KEY (pharmacy_id, client_id, follower, given_ms),
    FOREIGN KEY (pharmacy_id, client_id) REFERENCES clients
);
COMMENT ON TABLE follows IS 'The consents of clients: who may see what of them; one that ended stays';
COMMENT ON COLUMN follows.follower IS 'A person, or @ and a team';
COMMENT ON COLUMN follows.kind IS 'care or family: the role in which they see';
COMMENT ON COLUMN follows.medicines IS '1 when the client also lets them see the names of medicines';
COMMENT ON COLUMN follows.acknowledges IS '1 when they may acknowledge alarms';
COMMENT ON COLUMN follows.given_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN follows.given_by IS 'Who wrote it down';
COMMENT ON COLUMN follows.reason IS 'How the client said so';
COMMENT ON COLUMN follows.ended_ms IS 'When the client took it back';
CREATE INDEX follows_follower ON follows (pharmacy_id, follower) WHERE ended_ms IS NULL;
