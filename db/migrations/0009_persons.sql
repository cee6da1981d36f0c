-- Who signs in at the console, and what keeps others out.
CREATE TABLE persons (
    pharmacy_id     text NOT NULL REFERENCES pharmacies,
    person_id       text NOT NULL CHECK (length(person_id) BETWEEN 1 AND 64),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    role            text NOT NULL,
    language        text NOT NULL CHECK (language IN ('nl', 'en')),
    created_ms      bigint NOT NULL,
    ended_ms        bigint,
    password        text,
    code_hash       text,
    code_expires_ms bigint NOT NULL DEFAULT 0,
    totp_nonce      text,
    totp_step       bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (pharmacy_id, person_id)
);
COMMENT ON TABLE persons IS 'People who sign in; an id is never given to somebody else';
COMMENT ON COLUMN persons.person_id IS 'What the person signs in with; stands in the journal';
COMMENT ON COLUMN persons.name IS 'As colleagues know the person';
COMMENT ON COLUMN persons.role IS 'A word of api/role.c';
COMMENT ON COLUMN persons.language IS 'Of the console';
COMMENT ON COLUMN persons.created_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN persons.ended_ms IS 'Since when the person may not sign in any more';
COMMENT ON COLUMN persons.password IS 'Argon2id with its salt; null until the person chose one';
COMMENT ON COLUMN persons.code_hash IS 'SHA-256 in hex of the one-time code that allows to choose one';
COMMENT ON COLUMN persons.code_expires_ms IS 'UTC milliseconds after which that code is refused';
COMMENT ON COLUMN persons.totp_nonce IS 'The second factor''s secret follows from it and a key outside the database; null before enrolment';
COMMENT ON COLUMN persons.totp_step IS 'The step of the clock whose code was used last; none works twice';

CREATE TABLE sessions (
    pharmacy_id  text NOT NULL,
    session_hash text NOT NULL CHECK (length(session_hash) = 64),
    person_id    text NOT NULL,
    source       text NOT NULL,
    created_ms   bigint NOT NULL,
    seen_ms      bigint NOT NULL,
    PRIMARY KEY (pharmacy_id, session_hash),
    FOREIGN KEY (pharmacy_id, person_id) REFERENCES persons
);
COMMENT ON TABLE sessions IS 'Who is signed in; the row goes when the person does';
COMMENT ON COLUMN sessions.session_hash IS 'SHA-256 in hex of what the cookie holds';
COMMENT ON COLUMN sessions.person_id IS 'Whose it is';
COMMENT ON COLUMN sessions.source IS 'Address from which the person signed in';
COMMENT ON COLUMN sessions.created_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN sessions.seen_ms IS 'When the person last asked for something, not finer than a minute';
CREATE INDEX sessions_person ON sessions (pharmacy_id, person_id);

CREATE TABLE attempts (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    key_hash    text NOT NULL CHECK (length(key_hash) = 64),
    count       bigint NOT NULL,
    at_ms       bigint NOT NULL,
    until_ms    bigint NOT NULL,
    PRIMARY KEY (pharmacy_id, key_hash)
);
COMMENT ON TABLE attempts IS 'How often signing in failed, by name and by address';
COMMENT ON COLUMN attempts.key_hash IS 'SHA-256 in hex of the name or the address; also of names that nobody has';
COMMENT ON COLUMN attempts.count IS 'Tries since the last that succeeded';
COMMENT ON COLUMN attempts.at_ms IS 'When the last was, UTC milliseconds since 1970';
COMMENT ON COLUMN attempts.until_ms IS 'Until when no more are taken';
