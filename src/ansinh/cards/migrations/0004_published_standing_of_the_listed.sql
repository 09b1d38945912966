-- How hospitals are answered. One call answers a batch of questions, records each in the audit and links the batch into the asking
-- worker's chain, in one transaction: whoever may only call this can read nobody without leaving a trace.
--
-- Arrays, one element a question: call (1 one person, 2 one of many), refused (0, or 5: a ceiling is reached; it is only recorded), kind of key
-- (ansinh.foundation.identifiers.KeyKind), key, client number, facility, officer, purpose.
-- Rows, in the order of the questions: result (0 nobody found, 1 answered, 2 known but never insured, 3 officer not on the facility's list,
-- 5 refused), the person recorded (0 nobody), and the answer as JSON in UTF-8, which carries the key it was asked for and the number of its
-- audit row. Of whom the officer may not ask, nothing leaves but the number of the person for the counting of distinct people.
--
-- The limits and the settings keep the plan: an index look-up a table and question, whatever the tables' statistics say. A plain join made while
-- the tables were small reads them whole for each question until somebody analyses them. The chain is not locked: only its own connection knows
-- its number, and a second one would be refused by the rule that a chain grows by one link.

DROP FUNCTION published.standing_v1;
CREATE FUNCTION published.standing_v1(
    p_chain_id bigint, p_asked_at timestamptz, p_calls smallint[], p_refused smallint[],
    p_kinds smallint[], p_keys text[], p_clients integer[], p_facilities text[], p_officers text[], p_purposes smallint[]
) RETURNS TABLE (result smallint, person_id bigint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET datestyle = 'ISO, YMD'
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_day CONSTANT date := (p_asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_year CONSTANT smallint := extract(year FROM v_day);
    v_count CONSTANT integer := cardinality(p_keys);
    v_link bigint;
    v_seq bigint;
    v_previous bytea;
    v_shares text[];
BEGIN
    IF v_count NOT BETWEEN 1 AND 1024 THEN
        RAISE EXCEPTION 'a batch holds 1 to 1024 questions, not %', v_count USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT c.links + 1, c.head INTO STRICT v_seq, v_previous FROM audit_chain c WHERE c.chain_id = p_chain_id;
    v_link := nextval('audit_link_number');
    -- By level: what the fund pays; at level + 5, what it pays to whom has paid the year's ceiling.
    SELECT array_agg('"share_percent":' || coalesce(b.share_percent::text, 'null') || ',"shares":' || coalesce(
        '{"right_path":' || paid || ',"emergency":' || paid || ',"ceiling":' || b.ceiling || ',"beyond_scope":' || b.beyond_scope || '}', 'null') ORDER BY n)
    INTO v_shares
    FROM generate_series(0, 9) n LEFT JOIN places_benefitlevel b ON b.level = n % 5 + 1,
    LATERAL (SELECT CASE WHEN n < 5 THEN b.share_percent ELSE 100 END AS paid) p;

    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT q.place, q.call, q.kind, q.key, q.client, q.facility, q.officer, q.purpose, (v_link << 10) | (q.place - 1) AS id,
               coalesce(a.person_id, i.person_id, 0) AS asked, s.told,
               CASE WHEN q.refused <> 0 THEN q.refused WHEN o.listed IS NULL THEN 3::smallint WHEN s.told IS NOT NULL THEN 1::smallint
                    WHEN i.person_id IS NOT NULL THEN 2::smallint ELSE 0::smallint END AS result
        FROM unnest(p_calls, p_refused, p_kinds, p_keys, p_clients, p_facilities, p_officers, p_purposes)
             WITH ORDINALITY AS q (call, refused, kind, key, client, facility, officer, purpose, place)
        LEFT JOIN LATERAL (
            SELECT true AS listed FROM access_facilityofficer f WHERE f.facility = q.facility AND f.officer = q.officer AND f.active LIMIT 1
        ) o ON true
        LEFT JOIN LATERAL (
            SELECT h.person_id FROM people_identifier h
            WHERE h.scheme = CASE q.kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' ELSE 'pin' END
            AND h.value = q.key AND h.resolves AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
        ) i ON true
        LEFT JOIN LATERAL (SELECT a.person_id FROM people_alias a WHERE a.alias_person_id = i.person_id LIMIT 1) a ON true
        LEFT JOIN LATERAL (
            SELECT '{"pin":' || coalesce('"' || c.pin || '"', 'null')
                || ',"si_code":' || coalesce('"' || c.si_code || '"', 'null')
                || ',"card_number":' || coalesce('"' || c.card_number || '"', 'null')
                || ',"temporary_number":' || coalesce('"' || c.temporary_number || '"', 'null')
                || ',"former_card_number":' || coalesce('"' || c.former_card_number || '"', 'null')
                || ',"full_name":' || to_json(c.full_name)
                || ',"born":' || coalesce('"' || c.birth_year || coalesce('-' || lpad(c.birth_month::text, 2, '0')
                    || coalesce('-' || lpad(c.birth_day::text, 2, '0'), ''), '') || '"', 'null')
                || ',"sex":' || coalesce('"' || c.sex || '"', 'null')
                || ',"address":' || coalesce(to_json(c.address)::text, 'null')
                || ',"issuing_office":' || coalesce(to_json(c.issuing_office)::text, 'null')
                || ',"object_code":"' || c.object_code || '","benefit_level":' || c.level || ','
                || v_shares[c.level + CASE WHEN c.copay_exempt_on <= v_day AND c.copay_year = v_year THEN 5 ELSE 0 END]
                || ',"area":' || coalesce('"' || c.area || '"', 'null')
                || ',"facility":"' || c.facility
                || '","valid_from":"' || c.valid_from || '","valid_until":"' || c.valid_until
                || '","in_force":' || CASE WHEN c.status = 'active' AND c.valid_from <= v_day AND v_day < c.valid_until THEN 'true' ELSE 'false' END
                || ',"status":"' || c.status || '","five_years_on":' || coalesce('"' || c.five_years_on || '"', 'null')
                || ',"next":' || CASE WHEN c.next_valid_from IS NULL THEN 'null' ELSE
                    '{"card_number":' || coalesce('"' || c.next_card_number || '"', 'null')
                    || ',"facility":' || coalesce('"' || c.next_facility || '"', 'null')
                    || ',"valid_from":"' || c.next_valid_from || '","valid_until":' || coalesce('"' || c.next_valid_until || '"', 'null') || '}' END
                || ',"copay":' || CASE WHEN c.copay_year = v_year THEN
                    '{"year":' || c.copay_year || ',"total":' || c.copay_total || ',"exempt_on":' || coalesce('"' || c.copay_exempt_on || '"', 'null') || '}'
                    ELSE 'null' END
                || ',"advice":"' || CASE
                    WHEN c.status = 'managed_army' THEN 'ask_army_office'
                    WHEN c.status = 'managed_police' THEN 'ask_police_office'
                    WHEN c.status = 'active' AND c.valid_from <= v_day AND v_day < c.valid_until THEN
                        CASE WHEN c.card_number IS NULL AND c.temporary_number IS NOT NULL THEN 'treat_by_birth_certificate' ELSE 'treat' END
                    WHEN c.next_valid_from <= v_day AND v_day < c.next_valid_until THEN 'use_next_card'
                    WHEN c.status = 'active' AND v_day < c.valid_from THEN 'not_yet_valid'
                    WHEN c.status = 'active' THEN 'expired'
                    WHEN c.status LIKE 'reduced%' THEN 'reduced'
                    ELSE c.status END
                || '"}' AS told
            FROM cards_standing c WHERE c.person_id = coalesce(a.person_id, i.person_id) LIMIT 1
        ) s ON true
    ), recorded AS (
        INSERT INTO audit_access (asked_at, id, person_id, client_no, purpose, call, key_kind, result, facility, officer)
        SELECT p_asked_at, id, asked, client, purpose, call, kind, result, facility, officer FROM found
    ), grown AS (
        UPDATE audit_chain c SET links = v_seq, head = (
            SELECT sha256(v_previous || convert_to(
                concat_ws(E'\x1f', '1', p_chain_id, v_seq, v_link, (extract(epoch FROM p_asked_at) * 1000000)::bigint, v_count) || E'\x1e'
                || string_agg(concat_ws(E'\x1f', id, asked, client, purpose, call, kind, result, facility, officer) || E'\x1e', '' ORDER BY place),
                'UTF8'))
            FROM found)
        WHERE c.chain_id = p_chain_id RETURNING c.head
    ), linked AS (
        INSERT INTO audit_link (linked_at, chain_id, seq, link, row_count, previous, digest)
        SELECT p_asked_at, p_chain_id, v_seq, v_link, v_count, v_previous, head FROM grown
    )
    SELECT result, asked, convert_to(
        '{"audit_id":"' || id || '","asked":{"key":' || to_json(key) || ',"kind":'
        || CASE kind WHEN 1 THEN '"pin"' WHEN 2 THEN '"si_code"' WHEN 3 THEN '"card"' ELSE '"citizen_card"' END
        || '},"found":' || CASE result WHEN 1 THEN 'true,"standing":' || told || '}' ELSE 'false,"standing":null}' END, 'UTF8')
    FROM found ORDER BY place;
END $$;
COMMENT ON FUNCTION published.standing_v1 IS 'ansinh standing 1';
REVOKE ALL ON FUNCTION published.standing_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.standing_v1 TO ansinh_gateway;
