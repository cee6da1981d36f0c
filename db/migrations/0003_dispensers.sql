-- What dispensers are told, what they report, and what must be looked at.
CREATE TABLE dispensers (
    pharmacy_id  text NOT NULL REFERENCES pharmacies,
    dispenser_id text NOT NULL,
    created_ms   bigint NOT NULL,
    version      bigint NOT NULL DEFAULT 0,
    epoch        bigint NOT NULL DEFAULT 1,
    last_seq     bigint NOT NULL DEFAULT 0,
    seen_ms      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (pharmacy_id, dispenser_id)
);
COMMENT ON TABLE dispensers IS 'One row for each dispenser that a code was made for';
COMMENT ON COLUMN dispensers.created_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN dispensers.version IS 'The schedule version that holds; 0 before the first';
COMMENT ON COLUMN dispensers.epoch IS 'Raised when it is reset and enrols again; events then start at 1';
COMMENT ON COLUMN dispensers.last_seq IS 'High-water mark of its events; they come in without gaps';
COMMENT ON COLUMN dispensers.seen_ms IS 'When events last came in';

CREATE TABLE schedules (
    pharmacy_id  text NOT NULL,
    dispenser_id text NOT NULL,
    version      bigint NOT NULL CHECK (version > 0),
    roll         text NOT NULL,
    roll_version bigint NOT NULL,
    at_ms        bigint NOT NULL,
    bytes        bytea NOT NULL,
    PRIMARY KEY (pharmacy_id, dispenser_id, version),
    FOREIGN KEY (pharmacy_id, dispenser_id) REFERENCES dispensers,
    FOREIGN KEY (pharmacy_id, roll) REFERENCES rolls
);
COMMENT ON TABLE schedules IS 'Signed schedules, as they are downloaded; never built again';
COMMENT ON COLUMN schedules.version IS 'Rises with every change; a dispenser refuses a lower one';
COMMENT ON COLUMN schedules.at_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN schedules.bytes IS 'JWS in flattened JSON';

CREATE TABLE schedule_change (
    pharmacy_id  text NOT NULL,
    change_id    text NOT NULL,
    at_ms        bigint NOT NULL,
    dispenser_id text NOT NULL,
    version      bigint NOT NULL,
    PRIMARY KEY (pharmacy_id, change_id)
);
COMMENT ON TABLE schedule_change IS 'What waiting dispensers must be woken for; read every second';
COMMENT ON COLUMN schedule_change.change_id IS 'UUID of version 7';
COMMENT ON COLUMN schedule_change.at_ms IS 'UTC milliseconds since 1970';
CREATE INDEX schedule_change_at ON schedule_change (pharmacy_id, at_ms);

CREATE TABLE moments (
    pharmacy_id  text NOT NULL,
    dispenser_id text NOT NULL,
    roll         text NOT NULL,
    n            bigint NOT NULL,
    serial       text NOT NULL,
    at           text NOT NULL,
    alarm_ms     bigint NOT NULL,
    state        text NOT NULL CHECK (state IN ('waiting', 'released', 'missed', 'ended')),
    PRIMARY KEY (pharmacy_id, dispenser_id, roll, n),
    FOREIGN KEY (pharmacy_id, roll) REFERENCES rolls
);
COMMENT ON TABLE moments IS 'Every bag that a dispenser should hand out';
COMMENT ON COLUMN moments.n IS 'Place of the bag in its roll';
COMMENT ON COLUMN moments.at IS 'Planned time with its offset';
COMMENT ON COLUMN moments.alarm_ms IS 'UTC milliseconds from which it is missed';
COMMENT ON COLUMN moments.state IS 'ended: its schedule was replaced or withdrawn';
CREATE INDEX moments_alarm ON moments (pharmacy_id, state, alarm_ms);

CREATE TABLE events (
    pharmacy_id  text NOT NULL,
    dispenser_id text NOT NULL,
    epoch        bigint NOT NULL,
    seq          bigint NOT NULL CHECK (seq > 0),
    event_id     text NOT NULL,
    at_ms        bigint NOT NULL,
    received_ms  bigint NOT NULL,
    type         text NOT NULL,
    serial       text NOT NULL,
    cause        text NOT NULL,
    PRIMARY KEY (pharmacy_id, dispenser_id, epoch, seq),
    FOREIGN KEY (pharmacy_id, dispenser_id) REFERENCES dispensers
);
COMMENT ON TABLE events IS 'What dispensers reported; acknowledged only after it was kept';
COMMENT ON COLUMN events.epoch IS 'Of the dispenser when it counted';
COMMENT ON COLUMN events.seq IS 'Counted by the dispenser from 1 without gaps';
COMMENT ON COLUMN events.event_id IS 'UUID given by the dispenser';
COMMENT ON COLUMN events.at_ms IS 'The dispenser''s clock, UTC milliseconds since 1970';
COMMENT ON COLUMN events.received_ms IS 'The service''s clock, which is authoritative';
COMMENT ON COLUMN events.type IS 'A word of the contract, section 5';
COMMENT ON COLUMN events.serial IS 'The bag; empty when the event concerns none';
COMMENT ON COLUMN events.cause IS 'Of a released bag: scheduled early manual retry; else empty';

CREATE TABLE alarms (
    pharmacy_id  text NOT NULL,
    alarm_id     text NOT NULL,
    type         text NOT NULL,
    state        text NOT NULL CHECK (state IN ('open', 'acknowledged', 'closed')),
    pseudonym    text NOT NULL,
    dispenser_id text NOT NULL,
    roll         text,
    bag          bigint NOT NULL,
    due          text,
    raised_ms    bigint NOT NULL,
    dedupe_key   text NOT NULL,
    settled_by   text,
    settled_ms   bigint,
    PRIMARY KEY (pharmacy_id, alarm_id),
    UNIQUE (pharmacy_id, dedupe_key)
);
COMMENT ON TABLE alarms IS 'What somebody must look at; no names, no drugs';
COMMENT ON COLUMN alarms.type IS 'A word of core/model/alarm.h';
COMMENT ON COLUMN alarms.pseudonym IS 'The client''s';
COMMENT ON COLUMN alarms.bag IS 'Place of the bag in its roll; 0 = none';
COMMENT ON COLUMN alarms.due IS 'Planned time of the moment';
COMMENT ON COLUMN alarms.raised_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN alarms.dedupe_key IS 'The same trouble raises one alarm';
COMMENT ON COLUMN alarms.settled_by IS 'Who acknowledged it';
COMMENT ON COLUMN alarms.settled_ms IS 'UTC milliseconds since 1970';
CREATE INDEX alarms_state ON alarms (pharmacy_id, state, raised_ms);

CREATE TABLE outbox (
    pharmacy_id text NOT NULL REFERENCES pharmacies,
    outbox_id   text NOT NULL,
    topic       text NOT NULL,
    payload     text NOT NULL,
    created_ms  bigint NOT NULL,
    next_ms     bigint NOT NULL,
    attempts    bigint NOT NULL DEFAULT 0,
    done_ms     bigint,
    PRIMARY KEY (pharmacy_id, outbox_id)
);
COMMENT ON TABLE outbox IS 'Messages for others, written with the change they speak of';
COMMENT ON COLUMN outbox.topic IS 'schedule or alarm';
COMMENT ON COLUMN outbox.payload IS 'JSON without names and drugs';
COMMENT ON COLUMN outbox.created_ms IS 'UTC milliseconds since 1970';
COMMENT ON COLUMN outbox.next_ms IS 'When it is tried next';
COMMENT ON COLUMN outbox.attempts IS 'How often it was tried';
COMMENT ON COLUMN outbox.done_ms IS 'When it was delivered';
CREATE INDEX outbox_next ON outbox (pharmacy_id, next_ms) WHERE done_ms IS NULL;
