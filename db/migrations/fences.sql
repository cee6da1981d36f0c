-- The second wall around each pharmacy. Applied at each start; what stands already is left alone.
DO $fence$
DECLARE
    one name;
BEGIN
    FOR one IN
        SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND a.attname = 'pharmacy_id' AND NOT a.attisdropped
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity
            AND EXISTS (SELECT 1 FROM pg_policy AS p WHERE p.polrelid = c.oid))
        ORDER BY c.relname
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', one);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', one);
        EXECUTE format('DROP POLICY IF EXISTS its_pharmacy ON %I', one);
        EXECUTE format('CREATE POLICY its_pharmacy ON %I USING'
            ' (pharmacy_id = (SELECT current_setting(''rolwacht.pharmacy'', true)))', one);
    END LOOP;
END
$fence$
