-- Who uses the service, what they may do, and the settings they chose.
CREATE TABLE pharmacies (
    pharmacy_id text PRIMARY KEY CHECK (length(pharmacy_id) BETWEEN 1 AND 64),
    created_ms  bigint NOT NULL
);
COMMENT ON TABLE pharmacies IS 'One row for each pharmacy; its id leads every key';
COMMENT ON COLUMN pharmacies.pharmacy_id IS 'The id that --pharmacy gives';
COMMENT ON COLUMN pharmacies.created_ms IS 'UTC milliseconds since 1970';

CREATE TABLE settings (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    kind        text NOT NULL CHECK (kind IN ('policy', 'products')),
    version     bigint NOT NULL CHECK (version > 0),
    at_ms       bigint NOT NULL,
    actor       text NOT NULL,
    bytes       bytea NOT NULL,
    PRIMARY KEY (pharmacy_id, kind, version)
);
COMMENT ON TABLE settings IS 'Policy and product table, every version that ever held';
COMMENT ON COLUMN settings.kind IS 'policy (rolwacht/policy/1) or products';
COMMENT ON COLUMN settings.version IS 'The highest holds; no version is changed';
COMMENT ON COLUMN settings.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN settings.actor IS 'Who put it there';
COMMENT ON COLUMN settings.bytes IS 'The file as it was received';

CREATE TABLE tokens (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    token_hash  text NOT NULL CHECK (length(token_hash) = 64),
    role        text NOT NULL,
    name        text NOT NULL,
    created_ms  bigint NOT NULL,
    revoked_ms  bigint,
    PRIMARY KEY (pharmacy_id, token_hash)
);
COMMENT ON TABLE tokens IS 'Bearer tokens of programs and people; the token itself is not kept';
COMMENT ON COLUMN tokens.token_hash IS 'SHA-256 of the token in hex; a token has 256 random bits';
COMMENT ON COLUMN tokens.role IS 'A word of api/role.c';
COMMENT ON COLUMN tokens.name IS 'Who acts with it; stands in the journal';
COMMENT ON COLUMN tokens.created_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN tokens.revoked_ms IS 'Since when it is refused';
CREATE UNIQUE INDEX tokens_name ON tokens (pharmacy_id, name) WHERE revoked_ms IS NULL;

CREATE TABLE enrolment_codes (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    code_hash   text NOT NULL CHECK (length(code_hash) = 64),
    role        text NOT NULL CHECK (role IN ('dispenser', 'line')),
    device_id   text NOT NULL,
    expires_ms  bigint NOT NULL,
    used_ms     bigint,
    PRIMARY KEY (pharmacy_id, code_hash)
);
COMMENT ON TABLE enrolment_codes IS 'One-time codes by which a device gets its certificate';
COMMENT ON COLUMN enrolment_codes.code_hash IS 'SHA-256 of the code in hex';
COMMENT ON COLUMN enrolment_codes.role IS 'What the device will be';
COMMENT ON COLUMN enrolment_codes.device_id IS 'The id that the certificate will carry';
COMMENT ON COLUMN enrolment_codes.expires_ms IS 'UTC milliseconds after which it is refused';
COMMENT ON COLUMN enrolment_codes.used_ms IS 'When it was used; it is used once';

CREATE TABLE devices (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    fingerprint text NOT NULL CHECK (length(fingerprint) = 64),
    role        text NOT NULL CHECK (role IN ('dispenser', 'line')),
    device_id   text NOT NULL,
    issued_ms   bigint NOT NULL,
    revoked_ms  bigint,
    PRIMARY KEY (pharmacy_id, fingerprint)
);
COMMENT ON TABLE devices IS 'Certificates of lines and dispensers';
COMMENT ON COLUMN devices.fingerprint IS 'SHA-256 of the DER certificate in hex';
COMMENT ON COLUMN devices.role IS 'dispenser or line';
COMMENT ON COLUMN devices.device_id IS 'The common name of the certificate';
COMMENT ON COLUMN devices.issued_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN devices.revoked_ms IS 'Since when it is refused';
CREATE INDEX devices_id ON devices (pharmacy_id, device_id);
