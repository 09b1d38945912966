-- Looks again at tables that have grown since they were last looked at, by more than a fifth or from nothing; returns how many. Only the owner may look,
-- and the running role loads and changes rows in bulk: so it asks here, and only for tables of ours. Tables are taken in one order, and one that somebody
-- else is looking at is left to them.
CREATE FUNCTION ansinh_analyze(p_tables text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_table text;
    v_part regclass;
    v_looked integer := 0;
BEGIN
    IF cardinality(p_tables) > 20 THEN
        RAISE EXCEPTION 'twenty tables at most, not %', cardinality(p_tables) USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR v_table IN SELECT DISTINCT name FROM unnest(p_tables) AS name ORDER BY name LOOP
        IF NOT EXISTS (
            SELECT FROM pg_class c WHERE c.relname = v_table AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND pg_get_userbyid(c.relowner) = current_user
        ) THEN
            RAISE EXCEPTION '% is no table of ours', v_table USING ERRCODE = 'undefined_table';
        END IF;
        FOR v_part IN
            SELECT c.oid::regclass FROM pg_class c
            WHERE c.relkind = 'r' AND pg_relation_size(c.oid) > 1.2 * c.relpages * current_setting('block_size')::bigint
              AND c.oid IN (SELECT format('public.%I', v_table)::regclass
                            UNION SELECT relid FROM pg_partition_tree(format('public.%I', v_table)::regclass))
            ORDER BY c.relname
        LOOP
            EXECUTE format('ANALYZE (SKIP_LOCKED) %s', v_part);
            v_looked := v_looked + 1;
        END LOOP;
    END LOOP;
    RETURN v_looked;
END $$;
REVOKE ALL ON FUNCTION ansinh_analyze(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ansinh_analyze(text[]) TO ansinh_app;
