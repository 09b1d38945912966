-- How an officer of a facility breaks the glass: from then on, for four hours, this officer reads the whole book of this person. The patient is told at once: the
-- notice is written by the same statement as the glass. The data-protection officer judges each afterwards (disclosure_glass).
--
-- Arrays, one element a question: refused (0 or 5), kind of key, key, client number, facility, officer, reason.
-- Rows, in the order of the questions: result (0 nobody found, 1 opened, or open already, 3 officer not on the facility's list, 5 refused by a ceiling), the person
-- recorded, and the answer as JSON with the number of the audit row and until when it is open.

CREATE FUNCTION published.health_glass_v1(
    p_chain_id bigint, p_asked_at timestamptz, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], p_facilities text[],
    p_officers text[], p_reasons text[]
) RETURNS TABLE (result smallint, person_id bigint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_call CONSTANT smallint := 12;
    v_purpose CONSTANT smallint := 7;
    v_open_for CONSTANT interval := interval '4 hours';
    v_count CONSTANT integer := cardinality(p_keys);
    v_link bigint;
    v_seq bigint;
    v_previous bytea;
BEGIN
    IF v_count NOT BETWEEN 1 AND 1024 THEN
        RAISE EXCEPTION 'a batch holds 1 to 1024 questions, not %', v_count USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT c.links + 1, c.head INTO STRICT v_seq, v_previous FROM audit_chain c WHERE c.chain_id = p_chain_id;
    v_link := nextval('audit_link_number');

    RETURN QUERY
    WITH known AS MATERIALIZED (
        SELECT q.place, q.refused, q.kind, q.key, q.client, q.facility, q.officer, q.reason, (v_link << 10) | (q.place - 1) AS id,
               coalesce(a.person_id, i.person_id, 0) AS asked,
               EXISTS (SELECT FROM access_facilityofficer o WHERE o.facility = q.facility AND o.officer = q.officer AND o.active) AS listed
        FROM unnest(p_refused, p_kinds, p_keys, p_clients, p_facilities, p_officers, p_reasons)
             WITH ORDINALITY AS q (refused, kind, key, client, facility, officer, reason, place)
        LEFT JOIN LATERAL (
            SELECT h.person_id FROM people_identifier h
            WHERE h.scheme = CASE q.kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' ELSE 'pin' END
            AND h.value = q.key AND h.resolves AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
        ) i ON true
        LEFT JOIN LATERAL (SELECT a.person_id FROM people_alias a WHERE a.alias_person_id = i.person_id LIMIT 1) a ON true
    ), found AS MATERIALIZED (
        SELECT k.*, g.open_until AS open_already,
               CASE WHEN k.refused <> 0 THEN k.refused WHEN NOT k.listed THEN 3::smallint WHEN k.asked = 0 THEN 0::smallint ELSE 1::smallint END AS result,
               row_number() OVER (PARTITION BY k.asked, k.facility, k.officer, k.refused, k.listed ORDER BY k.place) AS turn
        FROM known k
        LEFT JOIN LATERAL (
            SELECT max(g.open_until) AS open_until FROM disclosure_glass g
            WHERE g.person_id = k.asked AND g.facility = k.facility AND g.officer = k.officer AND g.open_until > p_asked_at
        ) g ON true
    ), broken AS (
        INSERT INTO disclosure_glass (person_id, facility, officer, opened_at, open_until, reason, audit_id)
        SELECT asked, facility, officer, p_asked_at, p_asked_at + v_open_for, reason, id FROM found
        WHERE result = 1 AND open_already IS NULL AND turn = 1
        RETURNING disclosure_glass.person_id, facility, officer, open_until
    ), told AS (
        INSERT INTO notices_message (person_id, message_id, fact_on, fact, template, parameters, state, attempts, queued_at, next_attempt_at)
        SELECT b.person_id, gen_random_uuid(), (p_asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'disclosure.glass:' || k.id, 'health_book_opened',
               jsonb_build_object('facility', left(coalesce(p.name, b.facility), 100),
                                  'opened_at', to_char(p_asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY')),
               'queued', 0, p_asked_at, p_asked_at
        FROM broken b JOIN found k ON k.asked = b.person_id AND k.facility = b.facility AND k.officer = b.officer AND k.result = 1 AND k.turn = 1
        LEFT JOIN places_facility p ON p.code = b.facility
    ), recorded AS (
        INSERT INTO audit_access (asked_at, id, person_id, client_no, purpose, call, key_kind, result, facility, officer)
        SELECT p_asked_at, id, asked, client, v_purpose, v_call, kind, result, facility, officer FROM found
    ), grown AS (
        UPDATE audit_chain c SET links = v_seq, head = (
            SELECT sha256(v_previous || convert_to(
                concat_ws(E'\x1f', '1', p_chain_id, v_seq, v_link, (extract(epoch FROM p_asked_at) * 1000000)::bigint, v_count) || E'\x1e'
                || string_agg(concat_ws(E'\x1f', id, asked, client, v_purpose, v_call, kind, result, facility, officer) || E'\x1e', '' ORDER BY place),
                'UTF8'))
            FROM found)
        WHERE c.chain_id = p_chain_id RETURNING c.head
    ), linked AS (
        INSERT INTO audit_link (linked_at, chain_id, seq, link, row_count, previous, digest)
        SELECT p_asked_at, p_chain_id, v_seq, v_link, v_count, v_previous, head FROM grown
    )
    SELECT result, asked, convert_to(
        '{"audit_id":"' || id || '","asked":{"key":' || to_json(key) || ',"kind":"'
        || CASE kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' WHEN 4 THEN 'citizen_card' ELSE 'pin' END || '"},"found":' || (result = 1)
        || ',"open_until":' || coalesce(to_json(CASE WHEN result = 1 THEN disclosure_moment(coalesce(open_already, p_asked_at + v_open_for)) END)::text, 'null')
        || '}', 'UTF8')
    FROM found ORDER BY place;
END $$;
COMMENT ON FUNCTION published.health_glass_v1 IS 'ansinh health glass 1';
REVOKE ALL ON FUNCTION published.health_glass_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.health_glass_v1 TO ansinh_gateway;
