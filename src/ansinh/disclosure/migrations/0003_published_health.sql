-- published.health_{kind}_v1: how a citizen's app, or a facility, is told of a health book. One call answers a batch of questions, records each in the audit and
-- links the batch into the asking worker's chain, in one transaction, as published.standing_v1 does.
--
-- Arrays, one element a question: refused (0, or 5: a ceiling is reached; it is only recorded), kind of key, key, client number, facility and its officer (both
-- empty: an app asks), purpose, the personal number of the citizen an app asks for, and which record (0: none).
-- Rows, in the order of the questions: result (0 nobody found, 1 answered, 2 known and nothing there, 3 officer not on the facility's list, 5 refused by a
-- ceiling, 6 not the asker's own, 7 no ground to read), the person recorded (0 nobody), and the answer as JSON in UTF-8, which carries the key it was asked for
-- and the number of its audit row.
--
-- Who may see what is the table disclosure_rule: a citizen the own book; a facility what its grounds permit. Its grounds: the patient is checked in there (two
-- days, an inpatient 180), gave consent, was treated there, or the officer broke the glass. Purposes other than treatment and referral reach only what the
-- facility wrote itself. A reading through a broken glass is recorded as an emergency.

CREATE FUNCTION published.health_{kind}_v1(
    p_chain_id bigint, p_asked_at timestamptz, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], p_facilities text[],
    p_officers text[], p_purposes smallint[], p_citizens text[], p_which bigint[]
) RETURNS TABLE (result smallint, person_id bigint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_call CONSTANT smallint := {call};
    v_count CONSTANT integer := cardinality(p_keys);
    v_an_hour integer;
    v_a_day integer;
    v_link bigint;
    v_seq bigint;
    v_previous bytea;
BEGIN
    IF v_count NOT BETWEEN 1 AND 1024 THEN
        RAISE EXCEPTION 'a batch holds 1 to 1024 questions, not %', v_count USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT c.links + 1, c.head INTO STRICT v_seq, v_previous FROM audit_chain c WHERE c.chain_id = p_chain_id;
    SELECT c.an_hour, c.a_day INTO v_an_hour, v_a_day FROM ceilings_of_citizens() c;
    v_link := nextval('audit_link_number');

    RETURN QUERY
    WITH known AS MATERIALIZED (
        SELECT q.place, q.refused, q.kind, q.key, q.client, q.facility, q.purpose, q.which, n.asked,
               CASE WHEN q.facility = '' THEN 'person ' || n.asker ELSE q.officer END AS officer,
               CASE WHEN q.facility = '' THEN n.asked = n.asker AND (q.citizen = q.key OR n.asked <> 0)
                    ELSE EXISTS (SELECT FROM access_facilityofficer o WHERE o.facility = q.facility AND o.officer = q.officer AND o.active) END AS admitted,
               row_number() OVER (PARTITION BY n.asked, q.facility ORDER BY q.place) AS turn
        FROM unnest(p_refused, p_kinds, p_keys, p_clients, p_facilities, p_officers, p_purposes, p_citizens, p_which)
             WITH ORDINALITY AS q (refused, kind, key, client, facility, officer, purpose, citizen, which, place)
        LEFT JOIN LATERAL (
            SELECT h.person_id FROM people_identifier h
            WHERE h.scheme = CASE q.kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' ELSE 'pin' END
            AND h.value = q.key AND h.resolves AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
        ) i ON true
        LEFT JOIN LATERAL (SELECT a.person_id FROM people_alias a WHERE a.alias_person_id = i.person_id LIMIT 1) a ON true
        LEFT JOIN LATERAL (
            SELECT coalesce((SELECT o.person_id FROM people_alias o WHERE o.alias_person_id = h.person_id LIMIT 1), h.person_id) AS person_id
            FROM people_identifier h
            WHERE q.facility = '' AND q.citizen <> q.key AND h.scheme = 'pin' AND h.value = q.citizen AND h.resolves
            AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
        ) b ON true
        CROSS JOIN LATERAL (SELECT coalesce(a.person_id, i.person_id, 0) AS asked,
            CASE WHEN q.citizen = q.key THEN coalesce(a.person_id, i.person_id, 0) ELSE coalesce(b.person_id, 0) END AS asker) n
    ), grounded AS MATERIALIZED (
        SELECT k.*, g.grounds, e.records,
               CASE WHEN k.facility = '' THEN disclosure_may('citizen', g.grounds, '{}', '{}') ELSE disclosure_may('doctor', g.grounds,
                   ARRAY(SELECT s.what FROM disclosure_restriction s WHERE s.person_id = ANY (e.records) AND s.shown_at IS NULL),
                   ARRAY(SELECT c.what FROM disclosure_consent c WHERE c.person_id = ANY (e.records) AND c.facility = k.facility
                         AND c.withdrawn_at IS NULL AND c.valid_until > p_asked_at)) END AS may
        FROM known k
        CROSS JOIN LATERAL (SELECT CASE WHEN k.admitted AND k.asked <> 0 AND k.refused = 0 THEN
            ARRAY(SELECT k.asked UNION ALL SELECT o.alias_person_id FROM people_alias o WHERE o.person_id = k.asked) END AS records) e
        CROSS JOIN LATERAL (SELECT CASE WHEN e.records IS NULL THEN '{}' WHEN k.facility = '' THEN '{own}' ELSE
            disclosure_grounds(e.records, k.facility, k.officer, k.purpose, p_asked_at) END AS grounds) g
    ), found AS MATERIALIZED (
        SELECT k.place, k.kind, k.key, k.client, k.facility, k.officer, k.asked, k.grounds, (v_link << 10) | (k.place - 1) AS id, s.told,
               CASE WHEN 'emergency' = ANY (k.grounds) THEN 7::smallint ELSE k.purpose END AS purpose,
               CASE WHEN k.refused <> 0 THEN k.refused WHEN NOT k.admitted THEN CASE WHEN k.facility = '' THEN 6::smallint ELSE 3::smallint END
                    WHEN k.asked = 0 THEN 0::smallint
                    WHEN k.facility = '' AND (r.of_hour + k.turn > v_an_hour OR r.of_day + k.turn > v_a_day) THEN 5::smallint
                    WHEN k.may = '{}' THEN 7::smallint
                    WHEN s.told IS NULL THEN 2::smallint ELSE 1::smallint END AS result
        FROM grounded k
        LEFT JOIN LATERAL (
            -- A citizen's readings of any kind count together; refused questions count on.
            SELECT count(*) FILTER (WHERE l.asked_at > p_asked_at - interval '1 hour') AS of_hour, count(*) AS of_day
            FROM (SELECT l.asked_at FROM audit_access l
                  WHERE l.person_id = k.asked AND l.asked_at > p_asked_at - interval '1 day' AND l.asked_at <= p_asked_at
                  AND l.call IN (6, 8, 9, 10, 11) AND l.facility = '' AND l.result <> 6
                  ORDER BY l.asked_at DESC LIMIT v_a_day) l
        ) r ON k.facility = '' AND k.records IS NOT NULL
        LEFT JOIN LATERAL (SELECT disclosure_{kind}(k.records, k.may, k.facility, k.which, p_asked_at) AS told) s ON k.may <> '{}'
    ), recorded AS (
        INSERT INTO audit_access (asked_at, id, person_id, client_no, purpose, call, key_kind, result, facility, officer)
        SELECT p_asked_at, id, asked, client, purpose, v_call, kind, result, facility, officer FROM found
    ), grown AS (
        UPDATE audit_chain c SET links = v_seq, head = (
            SELECT sha256(v_previous || convert_to(
                concat_ws(E'\x1f', '1', p_chain_id, v_seq, v_link, (extract(epoch FROM p_asked_at) * 1000000)::bigint, v_count) || E'\x1e'
                || string_agg(concat_ws(E'\x1f', id, asked, client, purpose, v_call, kind, result, facility, officer) || E'\x1e', '' ORDER BY place),
                'UTF8'))
            FROM found)
        WHERE c.chain_id = p_chain_id RETURNING c.head
    ), linked AS (
        INSERT INTO audit_link (linked_at, chain_id, seq, link, row_count, previous, digest)
        SELECT p_asked_at, p_chain_id, v_seq, v_link, v_count, v_previous, head FROM grown
    )
    SELECT result, asked, convert_to(
        '{"audit_id":"' || id || '","asked":{"key":' || to_json(key) || ',"kind":"'
        || CASE kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' WHEN 4 THEN 'citizen_card' ELSE 'pin' END || '"},"found":'
        || CASE result WHEN 1 THEN 'true,"grounds":' || to_json(grounds) || ',"{name}":' || told || '}' ELSE 'false,"{name}":null}' END, 'UTF8')
    FROM found ORDER BY place;
END $$;
COMMENT ON FUNCTION published.health_{kind}_v1 IS 'ansinh health {kind} 1';
REVOKE ALL ON FUNCTION published.health_{kind}_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.health_{kind}_v1 TO ansinh_gateway;
