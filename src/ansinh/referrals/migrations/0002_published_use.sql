-- How a facility checks a referral paper a patient shows, and uses it for a visit, in one call. Answers a batch of questions, records each in the audit and links
-- the batch into the asking worker's chain, in one transaction, as published.standing_v1 does.
--
-- Arrays, one element a question: refused (0 or 5), kind of key, key, client number, facility, officer, issuer of the paper and its number (both empty: the newest
-- one this facility can use), the visit it is used for (empty: it is only checked).
-- Rows, in the order of the questions: result (0 nobody found, 1 usable, or used now, 3 officer not on the facility's list, 5 refused by a ceiling, 8 not usable),
-- the person recorded, and the answer as JSON with the verdict (states.Verdict, in its order), and of a used paper when and where.
--
-- Papers that are to be used are locked first, in one order, and judged by a statement that begins after that: of two facilities that use one paper at once, the
-- second sees the first. What still slips through meets a unique index.

CREATE FUNCTION published.referral_v1(
    p_chain_id bigint, p_asked_at timestamptz, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], p_facilities text[],
    p_officers text[], p_issuers text[], p_numbers text[], p_episodes text[]
) RETURNS TABLE (result smallint, person_id bigint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_purpose CONSTANT smallint := 3;
    v_today CONSTANT date := (p_asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_count CONSTANT integer := cardinality(p_keys);
    v_asked bigint[];
    v_link bigint;
    v_seq bigint;
    v_previous bytea;
BEGIN
    IF v_count NOT BETWEEN 1 AND 1024 THEN
        RAISE EXCEPTION 'a batch holds 1 to 1024 questions, not %', v_count USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT c.links + 1, c.head INTO STRICT v_seq, v_previous FROM audit_chain c WHERE c.chain_id = p_chain_id;
    v_link := nextval('audit_link_number');
    SELECT array_agg(coalesce(a.person_id, i.person_id, 0) ORDER BY q.place) INTO v_asked
    FROM unnest(p_kinds, p_keys) WITH ORDINALITY AS q (kind, key, place)
    LEFT JOIN LATERAL (
        SELECT h.person_id FROM people_identifier h
        WHERE h.scheme = CASE q.kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' ELSE 'pin' END
        AND h.value = q.key AND h.resolves AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
    ) i ON true
    LEFT JOIN LATERAL (SELECT a.person_id FROM people_alias a WHERE a.alias_person_id = i.person_id LIMIT 1) a ON true;
    PERFORM FROM referrals_referral r
    WHERE r.person_id IN (SELECT w.asked FROM unnest(v_asked, p_episodes) w (asked, episode) WHERE w.episode <> ''
                          UNION SELECT o.alias_person_id FROM unnest(v_asked, p_episodes) w (asked, episode) JOIN people_alias o ON o.person_id = w.asked
                          WHERE w.episode <> '')
    ORDER BY r.person_id, r.referral_id FOR UPDATE;

    RETURN QUERY
    WITH known AS MATERIALIZED (
        SELECT q.*, (v_link << 10) | (q.place - 1) AS id, CASE WHEN q.episode = '' THEN 13::smallint ELSE 14::smallint END AS call,
               q.refused = 0 AND q.asked <> 0
               AND EXISTS (SELECT FROM access_facilityofficer o WHERE o.facility = q.facility AND o.officer = q.officer AND o.active) AS admitted,
               CASE WHEN q.refused <> 0 THEN q.refused
                    WHEN NOT EXISTS (SELECT FROM access_facilityofficer o WHERE o.facility = q.facility AND o.officer = q.officer AND o.active)
                    THEN 3::smallint ELSE 0::smallint END AS stopped
        FROM unnest(p_refused, p_kinds, p_keys, p_clients, p_facilities, p_officers, p_issuers, p_numbers, p_episodes, v_asked)
             WITH ORDINALITY AS q (refused, kind, key, client, facility, officer, issuer, number, episode, asked, place)
    ), judged AS MATERIALIZED (
        SELECT k.*, r.owner, r.referral_id, r.reach, r.told, u.used_at, u.used_in, u.used_for, u.used_name,
               coalesce(u.here, false) AS here, coalesce(u.uses, 0) AS uses,
               CASE WHEN r.owner IS NULL THEN 'unknown' WHEN u.here THEN 'usable' WHEN r.state = 'withdrawn' THEN 'withdrawn'
                    WHEN u.used_in IS NOT NULL AND (r.reach = 'once' OR u.used_in <> k.facility) THEN 'used'
                    WHEN r.to_facility IS NOT NULL AND r.to_facility <> k.facility THEN 'other_facility'
                    WHEN v_today < r.issued_on THEN 'not_yet' WHEN v_today > r.valid_until THEN 'expired' ELSE 'usable' END AS alone
        FROM known k
        LEFT JOIN LATERAL (
            SELECT h.person_id AS owner, h.referral_id, h.state, h.reach, h.to_facility, h.issued_on, h.valid_until,
                json_build_object('issuer', h.facility, 'issuer_name', f.name, 'number', h.number, 'to', h.to_facility, 'issued_on', h.issued_on,
                    'valid_until', h.valid_until, 'reach', h.reach, 'path', h.path, 'category', CASE WHEN h.path = 'right' THEN '1.3' END,
                    'from_level', f.level, 'diagnosis', h.main_diagnosis, 'diagnosis_text', h.diagnosis_text, 'doctor', h.doctor)::text AS told
            FROM referrals_referral h LEFT JOIN places_facility f ON f.code = h.facility
            WHERE h.person_id IN (SELECT k.asked UNION ALL SELECT o.alias_person_id FROM people_alias o WHERE o.person_id = k.asked)
            AND CASE WHEN k.number <> '' THEN h.facility = k.issuer AND h.number = k.number ELSE h.to_facility IS NULL OR h.to_facility = k.facility END
            ORDER BY h.state = 'withdrawn', h.state = 'used', v_today > h.valid_until, h.issued_on DESC, h.referral_id DESC LIMIT 1
        ) r ON k.admitted
        LEFT JOIN LATERAL (
            SELECT (array_agg(v.used_at ORDER BY v.used_at, v.use_no))[1] AS used_at, (array_agg(v.facility ORDER BY v.used_at, v.use_no))[1] AS used_in,
                (array_agg(v.episode ORDER BY v.used_at, v.use_no))[1] AS used_for, (array_agg(p.name ORDER BY v.used_at, v.use_no))[1] AS used_name,
                coalesce(bool_or(k.episode <> '' AND v.facility = k.facility AND v.episode = k.episode), false) AS here, count(*) AS uses
            FROM referrals_use v LEFT JOIN places_facility p ON p.code = v.facility
            WHERE v.person_id = r.owner AND v.referral_id = r.referral_id AND v.released_at IS NULL
        ) u ON r.owner IS NOT NULL
    ), found AS MATERIALIZED (
        -- Of those who would use one paper in this very batch, the first does; the others see it used, but for the same visit asked twice.
        SELECT j.*, first_value(j.facility) OVER w AS first_facility,
               CASE WHEN j.alone = 'usable' AND j.would_use AND NOT (j.facility = first_value(j.facility) OVER w
                        AND (j.reach = 'year' OR j.episode = first_value(j.episode) OVER w)) THEN 'used' ELSE j.alone END AS verdict
        FROM (SELECT t.*, t.alone = 'usable' AND NOT t.here AND t.episode <> '' AND t.admitted AS would_use FROM judged t) j
        WINDOW w AS (PARTITION BY j.owner, j.referral_id, j.would_use ORDER BY j.place)
    ), answered AS MATERIALIZED (
        SELECT f.*, CASE WHEN f.stopped <> 0 THEN f.stopped WHEN f.asked = 0 THEN 0::smallint WHEN f.verdict = 'usable' THEN 1::smallint ELSE 8::smallint END AS result
        FROM found f
    ), used AS (
        INSERT INTO referrals_use (person_id, referral_id, use_no, reach, facility, episode, officer, used_at)
        SELECT n.owner, n.referral_id,
            (SELECT coalesce(max(x.use_no), 0) FROM referrals_use x WHERE x.person_id = n.owner AND x.referral_id = n.referral_id)
                + row_number() OVER (PARTITION BY n.owner, n.referral_id ORDER BY n.place),
            n.reach, n.facility, n.episode, n.officer, p_asked_at
        FROM (SELECT DISTINCT ON (owner, referral_id, facility, episode) * FROM answered
              WHERE result = 1 AND episode <> '' AND NOT here ORDER BY owner, referral_id, facility, episode, place) n
        RETURNING referrals_use.person_id, referrals_use.referral_id
    ), marked AS (
        UPDATE referrals_referral r SET state = 'used' FROM used WHERE r.person_id = used.person_id AND r.referral_id = used.referral_id AND r.state = 'issued'
    ), recorded AS (
        INSERT INTO audit_access (asked_at, id, person_id, client_no, purpose, call, key_kind, result, facility, officer)
        SELECT p_asked_at, id, asked, client, v_purpose, call, kind, result, facility, officer FROM answered
    ), grown AS (
        UPDATE audit_chain c SET links = v_seq, head = (
            SELECT sha256(v_previous || convert_to(
                concat_ws(E'\x1f', '1', p_chain_id, v_seq, v_link, (extract(epoch FROM p_asked_at) * 1000000)::bigint, v_count) || E'\x1e'
                || string_agg(concat_ws(E'\x1f', id, asked, client, v_purpose, call, kind, result, facility, officer) || E'\x1e', '' ORDER BY place),
                'UTF8'))
            FROM answered)
        WHERE c.chain_id = p_chain_id RETURNING c.head
    ), linked AS (
        INSERT INTO audit_link (linked_at, chain_id, seq, link, row_count, previous, digest)
        SELECT p_asked_at, p_chain_id, v_seq, v_link, v_count, v_previous, head FROM grown
    )
    SELECT result, asked, convert_to(
        '{"audit_id":"' || id || '","asked":{"key":' || to_json(key) || ',"kind":"'
        || CASE kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' WHEN 4 THEN 'citizen_card' ELSE 'pin' END || '"},"found":'
        || (result IN (1, 8) AND owner IS NOT NULL) || ',"verdict":' || CASE WHEN result IN (1, 8) THEN to_json(verdict)::text ELSE 'null' END
        || ',"used":' || CASE WHEN result = 1 AND episode <> '' THEN json_build_object('facility', facility, 'episode', episode, 'used_at',
                to_char((CASE WHEN here THEN used_at ELSE p_asked_at END) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI"+07:00"'))::text
            WHEN result = 8 AND verdict = 'used' THEN json_build_object('facility', coalesce(used_in, first_facility), 'facility_name', used_name, 'used_at',
                to_char(coalesce(used_at, p_asked_at) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI"+07:00"'))::text
            ELSE 'null' END
        || ',"paper":' || CASE WHEN result IN (1, 8) THEN coalesce(told, 'null') ELSE 'null' END || '}', 'UTF8')
    FROM answered ORDER BY place;
END $$;
COMMENT ON FUNCTION published.referral_v1 IS 'ansinh referral 1';
REVOKE ALL ON FUNCTION published.referral_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.referral_v1 TO ansinh_gateway;
