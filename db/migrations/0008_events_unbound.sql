-- Who keeps events holds the row of their dispenser: looking for it once more for each is half the cost.
ALTER TABLE events DROP CONSTRAINT events_pharmacy_id_dispenser_id_fkey;
