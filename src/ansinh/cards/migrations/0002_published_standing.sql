-- How hospitals are answered. One call answers a batch of questions, records each in the audit and links the batch into the asking
-- worker's chain, in one transaction: whoever may only call this can read nobody without leaving a trace.
--
-- Arrays, one element a question: kind of key (ansinh.foundation.identifiers.KeyKind), key, client number, facility, officer, purpose.
-- Rows, in the order of the questions: result (0 nobody found, 1 answered, 2 known but never insured) and the answer as JSON in UTF-8,
-- which carries the key it was asked for and the number of its audit row.
--
-- The limits and the settings keep the plan: three index look-ups a question, whatever the tables' statistics say. A plain join made while
-- the tables were small reads them whole for each question until somebody analyses them.

CREATE FUNCTION published.standing_v1(
    p_chain_id bigint, p_asked_at timestamptz,
    p_kinds smallint[], p_keys text[], p_clients integer[], p_facilities text[], p_officers text[], p_purposes smallint[]
) RETURNS TABLE (result smallint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET datestyle = 'ISO, YMD'
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_call CONSTANT smallint := 1;
    v_day CONSTANT date := (p_asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_count CONSTANT integer := cardinality(p_keys);
    v_link bigint;
    v_seq bigint;
    v_previous bytea;
    v_shares smallint[];
BEGIN
    IF v_count NOT BETWEEN 1 AND 1024 THEN
        RAISE EXCEPTION 'a batch holds 1 to 1024 questions, not %', v_count USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT c.links + 1, c.head INTO STRICT v_seq, v_previous FROM audit_chain c WHERE c.chain_id = p_chain_id FOR UPDATE;
    SELECT array_agg(b.share_percent ORDER BY n) INTO v_shares
    FROM generate_series(1, 5) n LEFT JOIN places_benefitlevel b ON b.level = n;
    v_link := nextval('audit_link_number');

    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT q.place, q.kind, q.key, q.client, q.facility AS asking, q.officer, q.purpose, (v_link << 10) | (q.place - 1) AS id,
               coalesce(a.person_id, i.person_id, 0) AS asked,
               CASE WHEN s.person_id IS NOT NULL THEN 1::smallint WHEN i.person_id IS NOT NULL THEN 2::smallint ELSE 0::smallint END AS result,
               s.*
        FROM unnest(p_kinds, p_keys, p_clients, p_facilities, p_officers, p_purposes)
             WITH ORDINALITY AS q (kind, key, client, facility, officer, purpose, place)
        LEFT JOIN LATERAL (
            SELECT h.person_id FROM people_identifier h
            WHERE h.scheme = CASE q.kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' ELSE 'pin' END
            AND h.value = q.key AND h.valid_until IS NULL AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
        ) i ON true
        LEFT JOIN LATERAL (SELECT a.person_id FROM people_alias a WHERE a.alias_person_id = i.person_id LIMIT 1) a ON true
        LEFT JOIN LATERAL (SELECT * FROM cards_standing c WHERE c.person_id = coalesce(a.person_id, i.person_id) LIMIT 1) s ON true
    ), recorded AS (
        INSERT INTO audit_access (asked_at, id, person_id, client_no, purpose, call, key_kind, result, facility, officer)
        SELECT p_asked_at, id, asked, client, purpose, v_call, kind, result, asking, officer FROM found
    ), grown AS (
        UPDATE audit_chain c SET links = v_seq, head = (
            SELECT sha256(v_previous || convert_to(
                concat_ws(E'\x1f', '1', p_chain_id, v_seq, v_link, (extract(epoch FROM p_asked_at) * 1000000)::bigint, v_count) || E'\x1e'
                || string_agg(concat_ws(E'\x1f', id, asked, client, purpose, v_call, kind, result, asking, officer) || E'\x1e', '' ORDER BY place),
                'UTF8'))
            FROM found)
        WHERE c.chain_id = p_chain_id RETURNING c.head
    ), linked AS (
        INSERT INTO audit_link (linked_at, chain_id, seq, link, row_count, previous, digest)
        SELECT p_asked_at, p_chain_id, v_seq, v_link, v_count, v_previous, head FROM grown
    )
    SELECT result, convert_to(
        '{"audit_id":"' || id || '","asked":{"key":' || to_json(key) || ',"kind":'
        || CASE kind WHEN 1 THEN '"pin"' WHEN 2 THEN '"si_code"' WHEN 3 THEN '"card"' ELSE '"citizen_card"' END
        || '},"found":' || CASE result WHEN 1 THEN
            'true,"standing":{"pin":' || coalesce('"' || pin || '"', 'null')
            || ',"si_code":' || coalesce('"' || si_code || '"', 'null')
            || ',"card_number":' || coalesce('"' || card_number || '"', 'null')
            || ',"full_name":' || to_json(full_name)
            || ',"born":' || coalesce('"' || birth_year || coalesce('-' || lpad(birth_month::text, 2, '0')
                || coalesce('-' || lpad(birth_day::text, 2, '0'), ''), '') || '"', 'null')
            || ',"sex":' || coalesce('"' || sex || '"', 'null')
            || ',"object_code":"' || object_code || '","benefit_level":' || level
            || ',"share_percent":' || coalesce(v_shares[level]::text, 'null')
            || ',"area":' || coalesce('"' || area || '"', 'null')
            || ',"facility":"' || facility
            || '","valid_from":"' || valid_from || '","valid_until":"' || valid_until
            || '","in_force":' || CASE WHEN status = 'active' AND valid_from <= v_day AND v_day < valid_until THEN 'true' ELSE 'false' END
            || ',"status":"' || status || '","five_years_on":' || coalesce('"' || five_years_on || '"', 'null')
            || '}}'
        ELSE 'false,"standing":null}' END, 'UTF8')
    FROM found ORDER BY place;
END $$;
COMMENT ON FUNCTION published.standing_v1 IS 'ansinh standing 1';
REVOKE ALL ON FUNCTION published.standing_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.standing_v1 TO ansinh_gateway;
