-- published.eid_{kind}_v1: how the e-ID app is told of the citizen it asks for. One call answers a batch of questions, records each in the audit and links the
-- batch into the asking worker's chain, in one transaction, as published.book_v1 does.
--
-- Arrays, one element a question: refused (0, or 5: a ceiling is reached; it is only recorded), kind of key (1 personal number, 2 social-insurance code),
-- key, client number, the personal number of the citizen the app asks for, purpose.
-- Rows, in the order of the questions: result (0 nobody found, 1 answered, 2 known and nothing there, 5 refused by a ceiling, 6 not the asker's own), the person
-- recorded (0 nobody), and the answer as JSON in UTF-8, which carries the key it was asked for and the number of its audit row.
--
-- A citizen reads what is theirs and nothing else: nothing is put together unless both numbers lead to one person. How often they have asked for a kind in the
-- last hour and the last day is counted in the audit itself, under the ceilings of citizens.

CREATE FUNCTION published.eid_{kind}_v1(
    p_chain_id bigint, p_asked_at timestamptz, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], p_citizens text[],
    p_purposes smallint[]
) RETURNS TABLE (result smallint, person_id bigint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_call CONSTANT smallint := {call};
    v_today CONSTANT date := (p_asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
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
        SELECT q.place, q.refused, q.kind, q.key, q.client, q.purpose, n.asked, n.asker, n.asked = n.asker AND (q.citizen = q.key OR n.asked <> 0) AS own,
               row_number() OVER (PARTITION BY n.asked ORDER BY q.place) AS turn
        FROM unnest(p_refused, p_kinds, p_keys, p_clients, p_citizens, p_purposes)
             WITH ORDINALITY AS q (refused, kind, key, client, citizen, purpose, place)
        LEFT JOIN LATERAL (
            SELECT h.person_id FROM people_identifier h
            WHERE h.scheme = CASE q.kind WHEN 2 THEN 'si_code' ELSE 'pin' END
            AND h.value = q.key AND h.resolves AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
        ) i ON true
        LEFT JOIN LATERAL (SELECT a.person_id FROM people_alias a WHERE a.alias_person_id = i.person_id LIMIT 1) a ON true
        LEFT JOIN LATERAL (
            SELECT coalesce((SELECT o.person_id FROM people_alias o WHERE o.alias_person_id = h.person_id LIMIT 1), h.person_id) AS person_id
            FROM people_identifier h
            WHERE q.citizen <> q.key AND h.scheme = 'pin' AND h.value = q.citizen AND h.resolves AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
        ) b ON true
        CROSS JOIN LATERAL (SELECT coalesce(a.person_id, i.person_id, 0) AS asked,
            CASE WHEN q.citizen = q.key THEN coalesce(a.person_id, i.person_id, 0) ELSE coalesce(b.person_id, 0) END AS asker) n
    ), found AS MATERIALIZED (
        SELECT k.place, k.kind, k.key, k.client, k.purpose, k.asked, (v_link << 10) | (k.place - 1) AS id, 'person ' || k.asker AS officer, s.told,
               CASE WHEN k.refused <> 0 THEN k.refused WHEN NOT k.own THEN 6::smallint WHEN k.asked = 0 THEN 0::smallint
                    WHEN r.of_hour + k.turn > v_an_hour OR r.of_day + k.turn > v_a_day THEN 5::smallint
                    WHEN s.told IS NULL THEN 2::smallint ELSE 1::smallint END AS result
        FROM known k
        LEFT JOIN LATERAL (
            -- Refused questions count on, so that never more rows are read than may be asked in a day.
            SELECT count(*) FILTER (WHERE l.asked_at > p_asked_at - interval '1 hour') AS of_hour, count(*) AS of_day
            FROM (SELECT l.asked_at FROM audit_access l
                  WHERE l.person_id = k.asked AND l.asked_at > p_asked_at - interval '1 day' AND l.asked_at <= p_asked_at
                  AND l.call = v_call AND l.result <> 6
                  ORDER BY l.asked_at DESC LIMIT v_a_day) l
        ) r ON k.own AND k.asked <> 0
        LEFT JOIN LATERAL (
{told}
        ) s ON k.own AND k.asked <> 0 AND k.refused = 0
    ), recorded AS (
        INSERT INTO audit_access (asked_at, id, person_id, client_no, purpose, call, key_kind, result, facility, officer)
        SELECT p_asked_at, id, asked, client, purpose, v_call, kind, result, '', officer FROM found
    ), grown AS (
        UPDATE audit_chain c SET links = v_seq, head = (
            SELECT sha256(v_previous || convert_to(
                concat_ws(E'\x1f', '1', p_chain_id, v_seq, v_link, (extract(epoch FROM p_asked_at) * 1000000)::bigint, v_count) || E'\x1e'
                || string_agg(concat_ws(E'\x1f', id, asked, client, purpose, v_call, kind, result, '', officer) || E'\x1e', '' ORDER BY place),
                'UTF8'))
            FROM found)
        WHERE c.chain_id = p_chain_id RETURNING c.head
    ), linked AS (
        INSERT INTO audit_link (linked_at, chain_id, seq, link, row_count, previous, digest)
        SELECT p_asked_at, p_chain_id, v_seq, v_link, v_count, v_previous, head FROM grown
    )
    SELECT result, asked, convert_to(
        '{"audit_id":"' || id || '","asked":{"key":' || to_json(key) || ',"kind":' || CASE kind WHEN 2 THEN '"si_code"' ELSE '"pin"' END
        || '},"found":' || CASE result WHEN 1 THEN 'true,"{kind}":' || told || '}' ELSE 'false,"{kind}":null}' END, 'UTF8')
    FROM found ORDER BY place;
END $$;
COMMENT ON FUNCTION published.eid_{kind}_v1 IS 'ansinh eid {kind} 1';
REVOKE ALL ON FUNCTION published.eid_{kind}_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.eid_{kind}_v1 TO ansinh_gateway;
