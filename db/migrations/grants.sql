-- What the running service may do. Applied at each start where the role exists.
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO rolwacht_app;
GRANT UPDATE ON tokens, enrolment_codes, devices, rolls, bags, dispensers, moments, alarms,
    outbox, exits, claims, persons, sessions, attempts, follows, pauses, glances
    TO rolwacht_app;
GRANT UPDATE (fetched_ms) ON schedules TO rolwacht_app;
-- Nothing changes it: who decides about a client locks the row, which wants this right.
GRANT UPDATE (created_ms) ON clients TO rolwacht_app;
GRANT DELETE ON schedule_change, outbox, sessions, glances TO rolwacht_app;
