-- How long before its moment a client may take a bag out by hand.
ALTER TABLE client_records ADD COLUMN early_min bigint CHECK (early_min BETWEEN 0 AND 300);
COMMENT ON COLUMN client_records.early_min IS 'The client''s own, in minutes; 0 = never early; null = that of the dispenser''s profile';
