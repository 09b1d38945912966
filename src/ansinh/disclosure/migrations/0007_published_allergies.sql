-- How a facility writes down what a patient there answers about allergies. Only where the patient is checked in, or in an emergency that was opened.
--
-- Arrays, one element a statement: refused (0 or 5), kind of key, key, client number, facility, officer, statement, substance, code. Statements:
--   allergy     allergic to the substance; `code` is of the medicine catalogue or empty. Said again as it stands, nothing changes; with another code it is
--               written anew. Takes the place of "none known".
--   none_known  asked, and none is known. Said while allergies are known, nothing is written: they are taken back one by one first.
--   refuted     not allergic to the substance after all: its row is taken back.
--   not_asked   what was written was a mistake: all of it is taken back, and nobody has asked.
-- Rows, in the order of the statements: result (0 nobody found, 1 answered, 3 officer not on the facility's list, 5 refused by a ceiling, 7 no ground), the
-- person recorded, and the answer as JSON: audit number, outcome (recorded, unchanged, contradicts_known) and the allergies as they then stand.

CREATE FUNCTION disclosure_state_allergy(
    p_person bigint, p_facility text, p_officer text, p_statement text, p_substance text, p_code text, p_at timestamptz
) RETURNS text
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_records CONSTANT bigint[] := ARRAY(SELECT p_person UNION SELECT a.alias_person_id FROM people_alias a WHERE a.person_id = p_person);
    v_changed integer := 0;
BEGIN
    -- Statements about one person come one after the other.
    PERFORM pg_advisory_xact_lock(hashtext('healthbook_allergy'), (p_person % 2000000000)::integer);
    IF p_statement = 'none_known' AND EXISTS (
            SELECT FROM healthbook_allergy a WHERE a.person_id = ANY (v_records) AND a.statement = 'allergy' AND a.withdrawn_at IS NULL) THEN
        RETURN 'contradicts_known';
    END IF;
    IF p_statement IN ('allergy', 'none_known') AND EXISTS (
            SELECT FROM healthbook_allergy a WHERE a.person_id = ANY (v_records) AND a.statement = p_statement AND a.withdrawn_at IS NULL
            AND lower(coalesce(a.substance, '')) = lower(coalesce(p_substance, '')) AND coalesce(a.code, '') = coalesce(p_code, coalesce(a.code, ''))) THEN
        RETURN 'unchanged';
    END IF;
    UPDATE healthbook_allergy a SET withdrawn_at = p_at, withdrawn_facility = p_facility, withdrawn_officer = p_officer
    WHERE a.person_id = ANY (v_records) AND a.withdrawn_at IS NULL AND CASE p_statement
        WHEN 'not_asked' THEN true
        WHEN 'none_known' THEN false
        WHEN 'refuted' THEN a.statement = 'allergy' AND lower(a.substance) = lower(p_substance)
        ELSE a.statement = 'none_known' OR lower(a.substance) = lower(p_substance) END;
    GET DIAGNOSTICS v_changed = ROW_COUNT;
    IF p_statement IN ('allergy', 'none_known') THEN
        INSERT INTO healthbook_allergy (person_id, allergy_id, statement, substance, code, facility, officer, recorded_at)
        VALUES (p_person, nextval('healthbook_allergy_number'), p_statement, p_substance, p_code, p_facility, p_officer, p_at);
        v_changed := v_changed + 1;
    END IF;
    RETURN CASE WHEN v_changed > 0 THEN 'recorded' ELSE 'unchanged' END;
END $$;

CREATE FUNCTION disclosure_allergies(p_person bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT json_build_object('asked', count(*) > 0, 'none_known', coalesce(bool_or(a.statement = 'none_known'), false),
        'known', coalesce(json_agg(json_build_object('substance', a.substance, 'code', a.code, 'facility', a.facility,
            'recorded_at', disclosure_moment(a.recorded_at)) ORDER BY a.recorded_at DESC, a.allergy_id DESC) FILTER (WHERE a.statement = 'allergy'), '[]'))::text
    FROM healthbook_allergy a WHERE a.withdrawn_at IS NULL
    AND a.person_id IN (SELECT p_person UNION SELECT l.alias_person_id FROM people_alias l WHERE l.person_id = p_person)
$$;

CREATE FUNCTION published.health_allergy_v1(
    p_chain_id bigint, p_asked_at timestamptz, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], p_facilities text[],
    p_officers text[], p_statements text[], p_substances text[], p_codes text[]
) RETURNS TABLE (result smallint, person_id bigint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_call CONSTANT smallint := 15;
    v_purpose CONSTANT smallint := 1;
    v_count CONSTANT integer := cardinality(p_keys);
    v_link bigint;
    v_seq bigint;
    v_previous bytea;
    v_asked bigint[] := '{}';
    v_results smallint[] := '{}';
    v_outcomes text[] := array_fill(NULL::text, ARRAY[cardinality(p_keys)]);
    v_told text[] := '{}';
    v_one record;
BEGIN
    IF v_count NOT BETWEEN 1 AND 1024 THEN
        RAISE EXCEPTION 'a batch holds 1 to 1024 statements, not %', v_count USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT c.links + 1, c.head INTO STRICT v_seq, v_previous FROM audit_chain c WHERE c.chain_id = p_chain_id;
    v_link := nextval('audit_link_number');

    WITH known AS (
        SELECT q.*, coalesce(a.person_id, i.person_id, 0) AS asked,
               EXISTS (SELECT FROM access_facilityofficer o WHERE o.facility = q.facility AND o.officer = q.officer AND o.active) AS listed
        FROM unnest(p_refused, p_kinds, p_keys, p_facilities, p_officers) WITH ORDINALITY AS q (refused, kind, key, facility, officer, place)
        LEFT JOIN LATERAL (
            SELECT h.person_id FROM people_identifier h
            WHERE h.scheme = CASE q.kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' ELSE 'pin' END
            AND h.value = q.key AND h.resolves AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
        ) i ON true
        LEFT JOIN LATERAL (SELECT a.person_id FROM people_alias a WHERE a.alias_person_id = i.person_id LIMIT 1) a ON true
    )
    SELECT array_agg(asked ORDER BY place), array_agg((CASE WHEN refused <> 0 THEN refused WHEN NOT listed THEN 3 WHEN asked = 0 THEN 0
        WHEN disclosure_grounds(ARRAY(SELECT k.asked UNION SELECT l.alias_person_id FROM people_alias l WHERE l.person_id = k.asked), facility, officer,
            v_purpose, p_asked_at) && '{checked_in,emergency}'::text[] THEN 1 ELSE 7 END)::smallint ORDER BY place)
    INTO v_asked, v_results FROM known k;

    -- Person by person in one order for all workers, of one person in the order of the statements.
    FOR v_one IN SELECT place FROM unnest(v_asked, v_results) WITH ORDINALITY AS q (asked, result, place) WHERE result = 1 ORDER BY asked, place LOOP
        v_outcomes[v_one.place] := disclosure_state_allergy(v_asked[v_one.place], p_facilities[v_one.place], p_officers[v_one.place],
            p_statements[v_one.place], nullif(p_substances[v_one.place], ''), nullif(p_codes[v_one.place], ''), p_asked_at);
    END LOOP;

    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT q.*, (v_link << 10) | (q.place - 1) AS id
        FROM unnest(v_asked, v_results, v_outcomes, p_kinds, p_keys, p_clients, p_facilities, p_officers)
             WITH ORDINALITY AS q (asked, result, outcome, kind, key, client, facility, officer, place)
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
        || ',"outcome":' || coalesce(to_json(outcome)::text, 'null')
        || ',"allergies":' || CASE WHEN result = 1 THEN disclosure_allergies(asked) ELSE 'null' END || '}', 'UTF8')
    FROM found ORDER BY place;
END $$;
COMMENT ON FUNCTION published.health_allergy_v1 IS 'ansinh health allergy 1';
REVOKE ALL ON FUNCTION published.health_allergy_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.health_allergy_v1 TO ansinh_gateway;
