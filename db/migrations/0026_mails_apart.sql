-- A mail to several addresses became an exit for each: what waits for all of them waits for each.
INSERT INTO outbox (pharmacy_id, outbox_id, topic, payload, created_ms, next_ms, attempts, exit, fault, dead_ms)
SELECT o.pharmacy_id, gen_random_uuid()::text, o.topic, o.payload, o.created_ms, o.next_ms, o.attempts,
       'mailto:' || a.address, o.fault, o.dead_ms
FROM outbox AS o CROSS JOIN LATERAL unnest(string_to_array(substr(o.exit, length('mailto:') + 1), ',')) AS a (address)
WHERE o.exit LIKE 'mailto:%,%' AND o.done_ms IS NULL;
DELETE FROM outbox WHERE exit LIKE 'mailto:%,%' AND done_ms IS NULL;
