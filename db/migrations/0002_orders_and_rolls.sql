-- Orders as received, rolls in all their versions, bags, verdicts and pictures.
CREATE TABLE clients (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    client_id   text NOT NULL,
    pseudonym   text NOT NULL,
    created_ms  bigint NOT NULL,
    PRIMARY KEY (pharmacy_id, client_id),
    UNIQUE (pharmacy_id, pseudonym)
);
COMMENT ON TABLE clients IS 'Everyone an order was received for';
COMMENT ON COLUMN clients.client_id IS 'The id of the orders; never a BSN';
COMMENT ON COLUMN clients.pseudonym IS 'What dispensers, alarms and the journal say instead';
COMMENT ON COLUMN clients.created_ms IS 'UTC milliseconds since 1970';

CREATE TABLE orders (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    order_id    text NOT NULL,
    received_ms bigint NOT NULL,
    actor       text NOT NULL,
    sha256      text NOT NULL CHECK (length(sha256) = 64),
    bytes       bytea NOT NULL,
    PRIMARY KEY (pharmacy_id, order_id),
    UNIQUE (pharmacy_id, sha256)
);
COMMENT ON TABLE orders IS 'Documents with orders, as received; never changed';
COMMENT ON COLUMN orders.order_id IS 'UUID of version 7, made at receipt';
COMMENT ON COLUMN orders.received_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN orders.actor IS 'Who sent it';
COMMENT ON COLUMN orders.sha256 IS 'Of the bytes, in hex: the same document is kept once';
COMMENT ON COLUMN orders.bytes IS 'The document';

CREATE TABLE order_clients (
    pharmacy_id text NOT NULL,
    client_id   text NOT NULL,
    order_id    text NOT NULL,
    PRIMARY KEY (pharmacy_id, client_id, order_id),
    FOREIGN KEY (pharmacy_id, client_id) REFERENCES clients,
    FOREIGN KEY (pharmacy_id, order_id) REFERENCES orders
);
COMMENT ON TABLE order_clients IS 'Which document speaks of which client';

CREATE TABLE rolls (
    pharmacy_id   text NOT NULL,
    roll          text NOT NULL CHECK (length(roll) = 9),
    client_id     text NOT NULL,
    version       bigint NOT NULL CHECK (version > 0),
    state         text NOT NULL,
    from_day      bigint NOT NULL,
    days          bigint NOT NULL,
    policy        bigint NOT NULL,
    products      bigint NOT NULL,
    created_ms    bigint NOT NULL,
    changed_ms    bigint NOT NULL,
    approved_by   text,
    counted_by    text,
    released_by   text,
    dispenser_id  text,
    PRIMARY KEY (pharmacy_id, roll),
    FOREIGN KEY (pharmacy_id, client_id) REFERENCES clients
);
COMMENT ON TABLE rolls IS 'Where each roll is in its life';
COMMENT ON COLUMN rolls.roll IS 'Nine random digits';
COMMENT ON COLUMN rolls.version IS 'The version that holds; each remake raises it';
COMMENT ON COLUMN rolls.state IS 'A word of core/model/roll.h';
COMMENT ON COLUMN rolls.from_day IS 'First day, days since 1970-01-01';
COMMENT ON COLUMN rolls.days IS 'Number of days';
COMMENT ON COLUMN rolls.policy IS 'Version of the policy it was planned with';
COMMENT ON COLUMN rolls.products IS 'Version of the product table it was planned with';
COMMENT ON COLUMN rolls.created_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN rolls.changed_ms IS 'When state or version last changed';
COMMENT ON COLUMN rolls.approved_by IS 'The pharmacist who approved the plan';
COMMENT ON COLUMN rolls.counted_by IS 'The person who counted the pieces of this version';
COMMENT ON COLUMN rolls.released_by IS 'The pharmacist who released it';
COMMENT ON COLUMN rolls.dispenser_id IS 'The dispenser it was released to';
CREATE INDEX rolls_client ON rolls (pharmacy_id, client_id, created_ms);
CREATE INDEX rolls_dispenser ON rolls (pharmacy_id, dispenser_id);

CREATE TABLE roll_versions (
    pharmacy_id text NOT NULL,
    roll        text NOT NULL,
    version     bigint NOT NULL,
    at_ms       bigint NOT NULL,
    actor       text NOT NULL,
    fingerprint text NOT NULL,
    bytes       bytea NOT NULL,
    PRIMARY KEY (pharmacy_id, roll, version),
    FOREIGN KEY (pharmacy_id, roll) REFERENCES rolls
);
COMMENT ON TABLE roll_versions IS 'Every version of a roll as rolwacht/roll/1; never changed';
COMMENT ON COLUMN roll_versions.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN roll_versions.actor IS 'Who planned or remade it';
COMMENT ON COLUMN roll_versions.fingerprint IS 'The fingerprint in the document';
COMMENT ON COLUMN roll_versions.bytes IS 'The document';

CREATE TABLE overrides (
    pharmacy_id text NOT NULL,
    roll        text NOT NULL,
    version     bigint NOT NULL,
    finding     bigint NOT NULL,
    id          text NOT NULL,
    actor       text NOT NULL,
    reason      text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    at_ms       bigint NOT NULL,
    PRIMARY KEY (pharmacy_id, roll, version, finding),
    FOREIGN KEY (pharmacy_id, roll) REFERENCES rolls
);
COMMENT ON TABLE overrides IS 'Why a named person let a finding of severity O stand';
COMMENT ON COLUMN overrides.finding IS 'Its place in the roll''s list of findings';
COMMENT ON COLUMN overrides.id IS 'The finding''s id';
COMMENT ON COLUMN overrides.actor IS 'Who decided';
COMMENT ON COLUMN overrides.reason IS 'In that person''s words';
COMMENT ON COLUMN overrides.at_ms IS 'UTC milliseconds since 1970';

CREATE TABLE bags (
    pharmacy_id text NOT NULL,
    roll        text NOT NULL,
    serial      text NOT NULL CHECK (length(serial) = 12),
    n           bigint NOT NULL,
    since       bigint NOT NULL,
    until       bigint,
    PRIMARY KEY (pharmacy_id, roll, serial),
    FOREIGN KEY (pharmacy_id, roll) REFERENCES rolls
);
COMMENT ON TABLE bags IS 'Every bag that was ever made for a roll';
COMMENT ON COLUMN bags.serial IS 'Printed in its code; used once';
COMMENT ON COLUMN bags.n IS 'Its place in the roll, 0 is the header';
COMMENT ON COLUMN bags.since IS 'The version of the roll that made it';
COMMENT ON COLUMN bags.until IS 'The version that replaced it; from then it is revoked';

CREATE TABLE verdicts (
    pharmacy_id text NOT NULL,
    roll        text NOT NULL,
    serial      text NOT NULL,
    verdict_id  text NOT NULL,
    at_ms       bigint NOT NULL,
    actor       text NOT NULL,
    by_person   bigint NOT NULL CHECK (by_person IN (0, 1)),
    verdict     text NOT NULL CHECK (verdict IN ('pass', 'fail', 'unsure', 'missing')),
    judged      text NOT NULL,
    reason      text NOT NULL,
    bytes       bytea NOT NULL,
    PRIMARY KEY (pharmacy_id, roll, serial, verdict_id),
    FOREIGN KEY (pharmacy_id, roll, serial) REFERENCES bags
);
COMMENT ON TABLE verdicts IS 'What a line or a person decided about a bag; the last one holds';
COMMENT ON COLUMN verdicts.verdict_id IS 'UUID of version 7: the greatest is the last';
COMMENT ON COLUMN verdicts.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN verdicts.actor IS 'The line or the person';
COMMENT ON COLUMN verdicts.by_person IS '1 when a named person decided, 0 for a line';
COMMENT ON COLUMN verdicts.verdict IS 'pass, fail, unsure or missing';
COMMENT ON COLUMN verdicts.judged IS 'Words of code order print pieces, with spaces between';
COMMENT ON COLUMN verdicts.reason IS 'Words of the contract, or a person''s own';
COMMENT ON COLUMN verdicts.bytes IS 'The verdict as it was posted';

CREATE TABLE pictures (
    pharmacy_id text NOT NULL,
    roll        text NOT NULL,
    serial      text NOT NULL,
    picture_id  text NOT NULL,
    at_ms       bigint NOT NULL,
    actor       text NOT NULL,
    media_type  text NOT NULL,
    bytes       bytea NOT NULL,
    PRIMARY KEY (pharmacy_id, roll, serial, picture_id),
    FOREIGN KEY (pharmacy_id, roll, serial) REFERENCES bags
);
COMMENT ON TABLE pictures IS 'What the camera saw of a bag, kept for complaints';
COMMENT ON COLUMN pictures.picture_id IS 'UUID of version 7: the greatest is the last';
COMMENT ON COLUMN pictures.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN pictures.actor IS 'The line';
COMMENT ON COLUMN pictures.media_type IS 'image/png or image/jpeg';
COMMENT ON COLUMN pictures.bytes IS 'The picture file';
