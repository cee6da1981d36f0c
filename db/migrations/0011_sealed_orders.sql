-- Documents with orders hold the number of a citizen: they are kept sealed.
ALTER TABLE orders ADD COLUMN sealed bigint NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1));
COMMENT ON COLUMN orders.sealed IS '1: the bytes are sealed with keys/orders.key; 0: kept in clear before that';
COMMENT ON COLUMN orders.sha256 IS 'In hex, what tells the same document: HMAC-SHA-256 by keys/orders.key, in clear ones SHA-256';
