-- How the FHIR face is told a person's book. One call answers a batch of questions, records each in the audit and links the batch into the asking worker's
-- chain, in one transaction, as published.standing_v1 does.
--
-- Arrays, one element a question: refused (0, or 5: a ceiling is reached; it is only recorded), kind of key (0 number of the record, 1 personal number,
-- 2 social-insurance code, 3 card), key, client number, facility, officer, purpose, parts (bits: 1 cover, 2 visits, 4 diagnoses, 8 medicines, 16 services,
-- 32 results, 64 papers, 128 referrals, 256 appointments, 512 allergies), visit (0: all).
-- Rows, in the order of the questions: result (0 nobody found, 1 answered, 3 officer not on the facility's list, 5 refused by a ceiling, 7 the book is not
-- open to whoever asks), the person recorded (0 nobody), and the answer as JSON in UTF-8 with the number of its audit row.
--
-- Who somebody is and how they are insured is told to any officer on the list, as the look-up of standing does; of the rest what the table of access lets a
-- doctor see on the grounds there are (disclosure_grounds, disclosure_may); `restricted` says that there is more. Of a book the newest 500 visits are told,
-- 5,000 rows of each kind; `whole` says whether that was all. A reading through a broken glass is recorded as an emergency.

-- What a facility is called.
CREATE FUNCTION disclosure_facility_name(p_code text) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$ SELECT f.name FROM places_facility f WHERE f.code = p_code $$;
REVOKE ALL ON FUNCTION disclosure_facility_name FROM PUBLIC;

-- The parts of a book as JSON. p_records: the record, then those merged into it; p_may: what may be seen of it; p_facility: who asks, and sees what is its own.
CREATE FUNCTION disclosure_fhir(p_records bigint[], p_may text[], p_facility text, p_parts integer, p_visit bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    v_visits_max CONSTANT integer := 500;
    v_rows_max CONSTANT integer := 5000;
    v_person CONSTANT bigint := p_records[1];
    v_own CONSTANT boolean := 'own' = ANY (p_may);
    v_all CONSTANT boolean := 'book' = ANY (p_may);
    v_restricted boolean := p_parts > 1 AND NOT v_all;
    v_book jsonb := '{}';
    v_numbers bigint[];
    v_rows jsonb;
    v_whole boolean := true;
BEGIN
    SELECT jsonb_build_object('person', jsonb_build_object(
        'person_id', p.person_id, 'full_name', p.full_name, 'sex', p.sex, 'died_on', p.died_on,
        'born', p.birth_year || coalesce('-' || lpad(p.birth_month::text, 2, '0') || coalesce('-' || lpad(p.birth_day::text, 2, '0'), ''), ''),
        'recorded_at', p.recorded_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', 'address', s.address,
        'pin', (SELECT i.value FROM people_identifier i WHERE i.person_id = p.person_id AND i.scheme = 'pin' AND i.valid_until IS NULL LIMIT 1),
        'si_code', (SELECT i.value FROM people_identifier i WHERE i.person_id = p.person_id AND i.scheme = 'si_code' AND i.valid_until IS NULL LIMIT 1)),
        'cover', CASE WHEN p_parts & 1 <> 0 AND s.person_id IS NOT NULL THEN jsonb_build_object(
            'object_code', s.object_code, 'level', s.level, 'facility', s.facility, 'facility_name', disclosure_facility_name(s.facility),
            'valid_from', s.valid_from, 'valid_until', s.valid_until, 'status', s.status, 'card_number', s.card_number,
            'temporary_number', s.temporary_number, 'address', s.address,
            'recorded_at', s.valid_from::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') END)
    INTO v_book
    FROM people_person p LEFT JOIN cards_standing s ON s.person_id = p.person_id WHERE p.person_id = v_person;

    IF p_parts & (2 | 4 | 8 | 16 | 32) <> 0 THEN
        SELECT coalesce(jsonb_agg(to_jsonb(v) - 'year' - 'person_id' ORDER BY v.admitted_at DESC, v.visit_id), '[]'), array_agg(v.visit_id)
        INTO v_rows, v_numbers
        FROM (
            SELECT v.person_id, v.year, v.visit_id, v.version, v.facility, v.episode, v.admitted_at, v.recorded_at,
                   disclosure_facility_name(v.facility) AS facility_name, v.care_kind, v.inpatient_at, v.discharged_at, v.result, v.discharge_kind,
                   v.department, v.doctor, v.reason, v.diagnosis_text, v.main_diagnosis, v.weight, v.next_visit_on, v.sensitive
            FROM healthbook_visit v
            WHERE v.person_id = ANY (p_records) AND v.current AND (p_visit = 0 OR v.visit_id = p_visit)
              AND ((v_own AND v.facility = p_facility) OR (v_all AND v.sensitive <@ p_may))
            ORDER BY v.admitted_at DESC LIMIT v_visits_max
        ) v;
        v_restricted := v_restricted OR EXISTS (SELECT FROM healthbook_visit v WHERE v.person_id = ANY (p_records) AND v.current
            AND NOT ((v_own AND v.facility = p_facility) OR (v_all AND v.sensitive <@ p_may)));
        v_whole := jsonb_array_length(v_rows) < v_visits_max;
        v_book := v_book || jsonb_build_object('visits', v_rows);
    END IF;
    IF p_parts & 4 <> 0 THEN
        SELECT coalesce(jsonb_agg(to_jsonb(d)), '[]') INTO v_rows FROM (
            SELECT d.visit_id, d.position, d.icd10, d.main, d.traditional, d.sensitive,
                   (SELECT t.title_en FROM places_diagnosis t WHERE t.code IN (d.icd10, left(d.icd10, 3) || '.' || substr(d.icd10, 4)) LIMIT 1) AS title
            FROM healthbook_visit v JOIN healthbook_diagnosis d USING (person_id, visit_id, version, year)
            WHERE v.person_id = ANY (p_records) AND v.current AND v.visit_id = ANY (v_numbers)
            ORDER BY v.admitted_at DESC, d.position LIMIT v_rows_max
        ) d;
        v_whole := v_whole AND jsonb_array_length(v_rows) < v_rows_max;
        v_book := v_book || jsonb_build_object('diagnoses', v_rows);
    END IF;
    IF p_parts & 8 <> 0 THEN
        SELECT coalesce(jsonb_agg(to_jsonb(m)), '[]') INTO v_rows FROM (
            SELECT m.visit_id, m.position, m.code, m.name, m.strength, m.form, m.route, m.dose, m.usage, m.quantity, m.unit, m.ordered_at, m.prescriber
            FROM healthbook_visit v JOIN healthbook_medicine m USING (person_id, visit_id, version, year)
            WHERE v.person_id = ANY (p_records) AND v.current AND v.visit_id = ANY (v_numbers)
            ORDER BY v.admitted_at DESC, m.position LIMIT v_rows_max
        ) m;
        v_whole := v_whole AND jsonb_array_length(v_rows) < v_rows_max;
        v_book := v_book || jsonb_build_object('medicines', v_rows);
    END IF;
    IF p_parts & 16 <> 0 THEN
        SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') INTO v_rows FROM (
            SELECT s.visit_id, s.position, s.code, s.name, s.group_code, s.ordered_at, s.done_at, s.resulted_at, s.practitioner
            FROM healthbook_visit v JOIN healthbook_service s USING (person_id, visit_id, version, year)
            WHERE v.person_id = ANY (p_records) AND v.current AND v.visit_id = ANY (v_numbers) AND NOT s.material
            ORDER BY v.admitted_at DESC, s.position LIMIT v_rows_max
        ) s;
        v_whole := v_whole AND jsonb_array_length(v_rows) < v_rows_max;
        v_book := v_book || jsonb_build_object('services', v_rows);
    END IF;
    IF p_parts & 32 <> 0 THEN
        SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') INTO v_rows FROM (
            SELECT r.visit_id, r.position, r.service_code, r.index_code, r.index_name, r.value, r.unit, r.description, r.conclusion, r.resulted_at, r.reader
            FROM healthbook_visit v JOIN healthbook_result r USING (person_id, visit_id, version, year)
            WHERE v.person_id = ANY (p_records) AND v.current AND v.visit_id = ANY (v_numbers)
            ORDER BY v.admitted_at DESC, r.position LIMIT v_rows_max
        ) r;
        v_whole := v_whole AND jsonb_array_length(v_rows) < v_rows_max;
        v_book := v_book || jsonb_build_object('results', v_rows);
    END IF;
    IF p_parts & 64 <> 0 THEN
        SELECT coalesce(jsonb_agg(to_jsonb(p)), '[]') INTO v_rows FROM (
            SELECT p.paper_id, p.kind, p.facility, disclosure_facility_name(p.facility) AS facility_name, p.signed, p.recorded_at, p.number, p.issued_on,
                   CASE WHEN EXISTS (
                       SELECT FROM healthbook_visit v WHERE v.person_id = p.person_id AND v.visit_id = p.visit_id AND v.current
                       AND ((v_own AND v.facility = p_facility) OR (v_all AND v.sensitive <@ p_may))) THEN p.visit_id ELSE 0 END AS visit_id,
                   CASE WHEN p.kind IN ('discharge', 'summary') THEN p.content ELSE '{}' END AS content
            FROM healthbook_paper p
            WHERE p.person_id = ANY (p_records) AND p.current
              AND ((v_own AND p.facility = p_facility) OR ('papers' = ANY (p_may) AND (p.sensitive IS NULL OR p.sensitive = ANY (p_may))))
            ORDER BY p.recorded_at DESC LIMIT v_visits_max
        ) p;
        v_whole := v_whole AND jsonb_array_length(v_rows) < v_visits_max;
        v_book := v_book || jsonb_build_object('papers', v_rows);
    END IF;
    IF p_parts & 128 <> 0 THEN
        SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') INTO v_rows FROM (
            SELECT r.referral_id, r.facility, disclosure_facility_name(r.facility) AS facility_name, r.number, r.issued_on, r.valid_until, r.reach, r.state,
                   r.recorded_at, r.to_facility, disclosure_facility_name(r.to_facility) AS to_facility_name, r.main_diagnosis, r.diagnosis_text, r.doctor,
                   (SELECT v.visit_id FROM healthbook_episode e JOIN healthbook_visit v ON v.person_id = e.person_id AND v.visit_id = e.visit_id AND v.current
                    WHERE e.facility = r.facility AND e.episode = r.episode AND e.person_id = r.person_id
                    AND ((v_own AND v.facility = p_facility) OR (v_all AND v.sensitive <@ p_may)) LIMIT 1) AS visit_id
            FROM referrals_referral r
            WHERE r.person_id = ANY (p_records) 
              AND ((v_own AND p_facility IN (r.facility, r.to_facility)) OR ('referrals' = ANY (p_may) AND r.sensitive <@ p_may))
            ORDER BY r.issued_on DESC LIMIT v_visits_max
        ) r;
        v_book := v_book || jsonb_build_object('referrals', v_rows);
    END IF;
    IF p_parts & 256 <> 0 THEN
        SELECT coalesce(jsonb_agg(to_jsonb(a)), '[]') INTO v_rows FROM (
            SELECT a.appointment_id, a.facility, disclosure_facility_name(a.facility) AS facility_name, a.number, a.issued_on, a.due_on, a.valid_until,
                   a.state, a.recorded_at, a.main_diagnosis, a.diagnosis_text, a.doctor
            FROM referrals_appointment a
            WHERE a.person_id = ANY (p_records) 
              AND ((v_own AND a.facility = p_facility) OR ('appointments' = ANY (p_may) AND a.sensitive <@ p_may))
            ORDER BY a.due_on DESC LIMIT v_visits_max
        ) a;
        v_book := v_book || jsonb_build_object('appointments', v_rows);
    END IF;
    IF p_parts & 512 <> 0 THEN
        SELECT coalesce(jsonb_agg(to_jsonb(a)), '[]') INTO v_rows FROM (
            SELECT a.allergy_id, a.statement, a.recorded_at, a.facility, disclosure_facility_name(a.facility) AS facility_name, a.substance, a.code
            FROM healthbook_allergy a
            WHERE a.person_id = ANY (p_records) AND a.withdrawn_at IS NULL AND (v_all OR (v_own AND a.facility = p_facility)) ORDER BY a.recorded_at DESC LIMIT v_visits_max
        ) a;
        v_book := v_book || jsonb_build_object('allergies', v_rows);
    END IF;
    RETURN v_book || jsonb_build_object('whole', v_whole, 'restricted', v_restricted);
END $$;
REVOKE ALL ON FUNCTION disclosure_fhir FROM PUBLIC;

CREATE FUNCTION published.fhir_book_v1(
    p_chain_id bigint, p_asked_at timestamptz, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], p_facilities text[],
    p_officers text[], p_purposes smallint[], p_parts integer[], p_visits bigint[]
) RETURNS TABLE (result smallint, person_id bigint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_call CONSTANT smallint := 20;
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
        SELECT q.*, (v_link << 10) | (q.place - 1) AS id, coalesce(a.person_id, i.person_id, 0) AS asked, o.listed
        FROM unnest(p_refused, p_kinds, p_keys, p_clients, p_facilities, p_officers, p_purposes, p_parts, p_visits)
             WITH ORDINALITY AS q (refused, kind, key, client, facility, officer, asked_for, parts, visit, place)
        LEFT JOIN LATERAL (
            SELECT true AS listed FROM access_facilityofficer f WHERE f.facility = q.facility AND f.officer = q.officer AND f.active LIMIT 1
        ) o ON true
        LEFT JOIN LATERAL (
            SELECT h.person_id FROM people_identifier h
            WHERE q.kind <> 0 AND h.scheme = CASE q.kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' ELSE 'pin' END
            AND h.value = q.key AND h.resolves AND h.scheme IN ('pin', 'si_code', 'card')
            UNION ALL
            SELECT p.person_id FROM people_person p WHERE q.kind = 0 AND p.person_id = CASE WHEN q.kind = 0 THEN q.key::bigint END
            LIMIT 1
        ) i ON true
        LEFT JOIN LATERAL (SELECT a.person_id FROM people_alias a WHERE a.alias_person_id = i.person_id LIMIT 1) a ON true
    ), grounded AS MATERIALIZED (
        SELECT k.*, e.records, g.grounds, disclosure_may('doctor', g.grounds,
            ARRAY(SELECT s.what FROM disclosure_restriction s WHERE s.person_id = ANY (e.records) AND s.shown_at IS NULL),
            ARRAY(SELECT c.what FROM disclosure_consent c WHERE c.person_id = ANY (e.records) AND c.facility = k.facility
                  AND c.withdrawn_at IS NULL AND c.valid_until > p_asked_at)) AS may
        FROM known k
        CROSS JOIN LATERAL (SELECT CASE WHEN k.listed AND k.asked <> 0 AND k.refused = 0 THEN
            ARRAY(SELECT k.asked UNION ALL SELECT o.alias_person_id FROM people_alias o WHERE o.person_id = k.asked) END AS records) e
        CROSS JOIN LATERAL (SELECT CASE WHEN e.records IS NULL OR k.parts = 1 THEN '{}' ELSE
            disclosure_grounds(e.records, k.facility, k.officer, k.asked_for, p_asked_at) END AS grounds) g
    ), found AS MATERIALIZED (
        SELECT k.*, CASE WHEN 'emergency' = ANY (k.grounds) THEN 7::smallint ELSE k.asked_for END AS purpose,
               CASE WHEN k.refused <> 0 THEN k.refused WHEN k.listed IS NULL THEN 3::smallint WHEN k.asked = 0 THEN 0::smallint
                    WHEN k.parts <> 1 AND k.may = '{}' THEN 7::smallint ELSE 1::smallint END AS result
        FROM grounded k
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
    SELECT result, asked, convert_to('{"audit_id":"' || id || '","book":' || CASE result WHEN 1 THEN
        disclosure_fhir(records, may, facility, parts, visit)
        ELSE 'null' END || '}', 'UTF8')
    FROM found ORDER BY place;
END $$;
COMMENT ON FUNCTION published.fhir_book_v1 IS 'ansinh book for FHIR 1';
REVOKE ALL ON FUNCTION published.fhir_book_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.fhir_book_v1 TO ansinh_gateway;
