-- How a health book is told. The functions here say what may be told (disclosure_may) and put it together (disclosure_summary and so on) for records of one
-- person; 0003 publishes them to the gateway, where every call is recorded. Whoever tells gives what may be seen: nothing else leaves.

CREATE FUNCTION disclosure_may(p_who text, p_grounds text[], p_hidden text[], p_consents text[]) RETURNS text[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(r.what), '{}') FROM disclosure_rule r
    WHERE r.who = p_who AND r.circumstance = ANY (p_grounds) AND (r.answer = 'yes' OR (r.answer = 'unless_hidden' AND r.what <> ALL (p_hidden))
        OR (r.answer = 'if_consented' AND r.what = ANY (p_consents)))
$$;

-- On which grounds a facility's officer reads about a person at a moment. Two days after arrival a check-in that nobody closed is none any more, of an inpatient
-- 180 days. Clocks may differ by an hour; whoever arrives later than that is not here.
CREATE FUNCTION disclosure_grounds(p_records bigint[], p_facility text, p_officer text, p_purpose smallint, p_at timestamptz) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    v_treating CONSTANT boolean := p_purpose IN (1, 3);
    v_grounds text[] := '{}';
BEGIN
    IF v_treating AND EXISTS (SELECT FROM healthbook_checkin c WHERE c.person_id = ANY (p_records) AND c.facility = p_facility AND c.closed_at IS NULL
            AND c.arrived_at > p_at - CASE WHEN c.inpatient_at IS NULL THEN interval '2 days' ELSE interval '180 days' END
            AND c.arrived_at < p_at + interval '1 hour') THEN
        v_grounds := v_grounds || 'checked_in'::text;
    END IF;
    IF v_treating AND EXISTS (SELECT FROM disclosure_consent c WHERE c.person_id = ANY (p_records) AND c.facility = p_facility AND c.withdrawn_at IS NULL
            AND c.valid_until > p_at) THEN
        v_grounds := v_grounds || 'consented'::text;
    END IF;
    IF v_treating AND EXISTS (SELECT FROM disclosure_glass g WHERE g.person_id = ANY (p_records) AND g.facility = p_facility AND g.officer = p_officer
            AND g.open_until > p_at) THEN
        v_grounds := v_grounds || 'emergency'::text;
    END IF;
    IF EXISTS (SELECT FROM healthbook_visit v WHERE v.person_id = ANY (p_records) AND v.current AND v.facility = p_facility)
            OR EXISTS (SELECT FROM healthbook_paper h WHERE h.person_id = ANY (p_records) AND h.current AND h.facility = p_facility) THEN
        v_grounds := v_grounds || CASE WHEN v_treating THEN 'treated_here' ELSE 'other_purpose' END::text;
    END IF;
    RETURN CASE WHEN v_grounds = '{}' THEN '{no_ground}'::text[] ELSE v_grounds END;
END $$;

-- A moment as machines and people here read it: on the clock of Viet Nam.
CREATE FUNCTION disclosure_moment(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT to_char(p_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI"+07:00"') $$;

-- The newest twenty visits, what the person has been treated for, the medicines of the last 120 days, allergies; how many visits are withheld is told, nothing
-- of them.
CREATE FUNCTION disclosure_summary(p_records bigint[], p_may text[], p_facility text, p_which bigint, p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_told_max CONSTANT integer := 20;
    v_seen_max CONSTANT integer := 500;
BEGIN
    RETURN (
        WITH visit AS MATERIALIZED (
            SELECT v.person_id, v.year, v.visit_id, v.version, v.facility, v.admitted_at, v.discharged_at, v.care_kind, v.main_diagnosis, v.diagnosis_text,
                v.result, v.department, v.doctor, v.next_visit_on, v.recorded_at, v.sensitive,
                (v.facility = p_facility AND 'own' = ANY (p_may)) OR ('book' = ANY (p_may) AND v.sensitive <@ p_may) AS shown
            FROM healthbook_visit v WHERE v.person_id = ANY (p_records) AND v.current ORDER BY v.admitted_at DESC LIMIT v_seen_max
        ), told AS MATERIALIZED (
            SELECT * FROM visit WHERE shown ORDER BY admitted_at DESC, visit_id DESC LIMIT v_told_max
        ), medicine AS (
            SELECT m.name, m.strength, m.dose, m.usage, m.quantity, m.unit, m.prescriber, t.facility, t.visit_id, coalesce(m.ordered_at, t.admitted_at) AS ordered_at
            FROM told t JOIN healthbook_medicine m ON m.person_id = t.person_id AND m.visit_id = t.visit_id AND m.version = t.version AND m.year = t.year
            WHERE t.admitted_at > p_at - interval '120 days' ORDER BY ordered_at DESC, m.position LIMIT 30
        ), problem AS (
            SELECT d.icd10, count(*) AS times, min(v.admitted_at) AS first_at, max(v.admitted_at) AS last_at
            FROM visit v JOIN healthbook_diagnosis d ON d.person_id = v.person_id AND d.visit_id = v.visit_id AND d.version = v.version AND d.year = v.year
            WHERE v.shown AND NOT d.traditional GROUP BY d.icd10 ORDER BY last_at DESC, d.icd10 LIMIT 30
        )
        SELECT json_build_object(
            'visits', (SELECT coalesce(json_agg(json_build_object('visit', t.visit_id::text, 'facility', t.facility, 'facility_name', f.name,
                'admitted_at', disclosure_moment(t.admitted_at), 'discharged_at', disclosure_moment(t.discharged_at), 'care_kind', t.care_kind,
                'diagnosis', t.main_diagnosis, 'diagnosis_text', t.diagnosis_text, 'result', t.result, 'department', t.department, 'doctor', t.doctor,
                'next_visit_on', t.next_visit_on, 'recorded_at', disclosure_moment(t.recorded_at), 'sensitive', to_json(t.sensitive))
                ORDER BY t.admitted_at DESC, t.visit_id DESC), '[]') FROM told t LEFT JOIN places_facility f ON f.code = t.facility),
            'visits_left_out', greatest((SELECT count(*) FROM visit WHERE shown) - v_told_max, 0),
            'withheld', (SELECT count(*) FROM visit WHERE NOT shown),
            'problems', (SELECT coalesce(json_agg(json_build_object('code', p.icd10, 'title', x.title_en, 'times', p.times,
                'first_at', disclosure_moment(p.first_at), 'last_at', disclosure_moment(p.last_at)) ORDER BY p.last_at DESC, p.icd10), '[]')
                FROM problem p LEFT JOIN places_diagnosis x ON x.code = p.icd10),
            'medicines', (SELECT coalesce(json_agg(json_build_object('name', m.name, 'strength', m.strength, 'dose', m.dose, 'usage', m.usage,
                'quantity', m.quantity, 'unit', m.unit, 'prescriber', m.prescriber, 'facility', m.facility, 'visit', m.visit_id::text,
                'ordered_at', disclosure_moment(m.ordered_at)) ORDER BY m.ordered_at DESC), '[]') FROM medicine m),
            -- Three answers that must not be taken for one another: known ones, none known, and not asked.
            'allergies', (SELECT json_build_object('asked', count(*) > 0, 'none_known', coalesce(bool_or(a.statement = 'none_known'), false),
                'known', coalesce(json_agg(a.substance ORDER BY a.recorded_at DESC) FILTER (WHERE a.statement = 'allergy'), '[]'))
                FROM healthbook_allergy a WHERE a.person_id = ANY (p_records) AND a.withdrawn_at IS NULL
                AND ('book' = ANY (p_may) OR ('own' = ANY (p_may) AND a.facility = p_facility))),
            'last_here_at', (SELECT disclosure_moment(max(v.admitted_at)) FROM visit v WHERE v.facility = p_facility)
        )::text WHERE EXISTS (SELECT FROM visit)
    );
END $$;

-- One visit whole: its current version, and when it was recorded and changed. Nothing when it may not be seen.
CREATE FUNCTION disclosure_visit(p_records bigint[], p_may text[], p_facility text, p_which bigint, p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_lines_max CONSTANT integer := 500;
BEGIN
    RETURN (
        SELECT json_build_object('visit', v.visit_id::text, 'version', v.version, 'facility', v.facility, 'facility_name', f.name, 'episode', v.episode,
            'admitted_at', disclosure_moment(v.admitted_at), 'inpatient_at', disclosure_moment(v.inpatient_at),
            'discharged_at', disclosure_moment(v.discharged_at), 'days', v.days, 'care_kind', v.care_kind, 'category', v.patient_category,
            'result', v.result, 'discharge_kind', v.discharge_kind, 'department', v.department, 'doctor', v.doctor, 'reason', v.reason,
            'admission_diagnosis', v.admission_diagnosis, 'diagnosis', v.main_diagnosis, 'diagnosis_text', v.diagnosis_text, 'procedures', v.procedures,
            'treatment', v.treatment, 'weight', v.weight, 'next_visit_on', v.next_visit_on, 'notes', v.notes, 'total', v.total, 'fund_paid', v.fund_paid,
            'patient_copaid', v.patient_copaid, 'patient_paid', v.patient_paid, 'recorded_at', disclosure_moment(v.recorded_at),
            'sensitive', to_json(v.sensitive),
            'versions', (SELECT json_agg(json_build_object('version', o.version, 'recorded_at', disclosure_moment(o.recorded_at)) ORDER BY o.version)
                FROM healthbook_visit o WHERE o.person_id = v.person_id AND o.visit_id = v.visit_id AND o.year = v.year),
            'diagnoses', (SELECT coalesce(json_agg(json_build_object('code', d.icd10, 'title', x.title_en, 'main', d.main) ORDER BY d.position), '[]')
                FROM healthbook_diagnosis d LEFT JOIN places_diagnosis x ON x.code = d.icd10
                WHERE d.person_id = v.person_id AND d.visit_id = v.visit_id AND d.version = v.version AND d.year = v.year AND d.position < v_lines_max),
            'medicines', (SELECT coalesce(json_agg(json_build_object('name', m.name, 'strength', m.strength, 'route', m.route, 'dose', m.dose,
                'usage', m.usage, 'quantity', m.quantity, 'unit', m.unit, 'prescriber', m.prescriber, 'ordered_at', disclosure_moment(m.ordered_at))
                ORDER BY m.position), '[]') FROM healthbook_medicine m
                WHERE m.person_id = v.person_id AND m.visit_id = v.visit_id AND m.version = v.version AND m.year = v.year AND m.position < v_lines_max),
            'services', (SELECT coalesce(json_agg(json_build_object('code', s.code, 'name', s.name, 'quantity', s.quantity, 'unit', s.unit,
                'done_at', disclosure_moment(s.done_at), 'practitioner', s.practitioner) ORDER BY s.position), '[]') FROM healthbook_service s
                WHERE s.person_id = v.person_id AND s.visit_id = v.visit_id AND s.version = v.version AND s.year = v.year AND s.position < v_lines_max),
            'results', (SELECT coalesce(json_agg(json_build_object('service', r.service_code, 'index', r.index_name, 'value', r.value, 'unit', r.unit,
                'description', r.description, 'conclusion', r.conclusion, 'resulted_at', disclosure_moment(r.resulted_at), 'reader', r.reader)
                ORDER BY r.position), '[]') FROM healthbook_result r
                WHERE r.person_id = v.person_id AND r.visit_id = v.visit_id AND r.version = v.version AND r.year = v.year AND r.position < v_lines_max),
            'course', (SELECT coalesce(json_agg(json_build_object('noted_at', disclosure_moment(c.noted_at), 'text', c.text, 'stage', c.stage,
                'consultation', c.consultation, 'surgery', c.surgery, 'practitioner', c.practitioner) ORDER BY c.position), '[]')
                FROM healthbook_progress c
                WHERE c.person_id = v.person_id AND c.visit_id = v.visit_id AND c.version = v.version AND c.year = v.year AND c.position < v_lines_max)
        )::text
        FROM healthbook_visit v LEFT JOIN places_facility f ON f.code = v.facility
        WHERE v.person_id = ANY (p_records) AND v.visit_id = p_which AND v.current
        AND ((v.facility = p_facility AND 'own' = ANY (p_may)) OR ('book' = ANY (p_may) AND v.sensitive <@ p_may))
        LIMIT 1
    );
END $$;

-- The newest fifty papers without their text; with p_which, that one with it.
CREATE FUNCTION disclosure_papers(p_records bigint[], p_may text[], p_facility text, p_which bigint, p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_agg(json_build_object('paper', p.paper_id::text, 'kind', p.kind, 'number', p.number, 'issued_on', p.issued_on, 'facility', p.facility,
            'facility_name', f.name, 'visit', p.visit_id::text, 'signed', p.signed, 'content', CASE WHEN p_which <> 0 THEN p.content END)
            ORDER BY p.issued_on DESC NULLS LAST, p.paper_id DESC)::text
        FROM (
            SELECT * FROM healthbook_paper h WHERE h.person_id = ANY (p_records) AND h.current AND p_which IN (0, h.paper_id)
            AND ((h.facility = p_facility AND 'own' = ANY (p_may)) OR ('papers' = ANY (p_may) AND (h.sensitive IS NULL OR h.sensitive = ANY (p_may))))
            ORDER BY h.issued_on DESC NULLS LAST, h.paper_id DESC LIMIT 50
        ) p LEFT JOIN places_facility f ON f.code = p.facility
    );
END $$;

-- Referral papers as they stand on the day: issued, used (when and where), withdrawn, expired.
CREATE FUNCTION disclosure_referrals(p_records bigint[], p_may text[], p_facility text, p_which bigint, p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_today CONSTANT date := (p_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
BEGIN
    RETURN (
        SELECT json_agg(json_build_object('issuer', r.facility, 'issuer_name', f.name, 'number', r.number, 'to', r.to_facility, 'to_name', t.name,
            'issued_on', r.issued_on, 'valid_until', r.valid_until, 'reach', r.reach, 'path', r.path, 'diagnosis', r.main_diagnosis,
            'diagnosis_text', r.diagnosis_text, 'doctor', r.doctor,
            'standing', CASE WHEN r.state = 'issued' AND v_today > r.valid_until THEN 'expired' ELSE r.state END,
            'uses', (SELECT coalesce(json_agg(json_build_object('facility', u.facility, 'facility_name', p.name, 'used_at', disclosure_moment(u.used_at))
                ORDER BY u.used_at), '[]') FROM referrals_use u LEFT JOIN places_facility p ON p.code = u.facility
                WHERE u.person_id = r.person_id AND u.referral_id = r.referral_id AND u.released_at IS NULL))
            ORDER BY r.issued_on DESC, r.referral_id DESC)::text
        FROM (
            SELECT * FROM referrals_referral h WHERE h.person_id = ANY (p_records)
            AND (('own' = ANY (p_may) AND p_facility IN (h.facility, h.to_facility)) OR ('referrals' = ANY (p_may) AND h.sensitive <@ p_may))
            ORDER BY h.issued_on DESC, h.referral_id DESC LIMIT 50
        ) r LEFT JOIN places_facility f ON f.code = r.facility LEFT JOIN places_facility t ON t.code = r.to_facility
    );
END $$;

-- Appointments as they stand on the day: booked, kept, withdrawn, missed.
CREATE FUNCTION disclosure_appointments(p_records bigint[], p_may text[], p_facility text, p_which bigint, p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_today CONSTANT date := (p_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
BEGIN
    RETURN (
        SELECT json_agg(json_build_object('facility', a.facility, 'facility_name', f.name, 'number', a.number, 'issued_on', a.issued_on, 'due_on', a.due_on,
            'valid_until', a.valid_until, 'diagnosis', a.main_diagnosis, 'diagnosis_text', a.diagnosis_text, 'doctor', a.doctor,
            'standing', CASE WHEN a.state = 'booked' AND v_today > a.valid_until THEN 'missed' ELSE a.state END)
            ORDER BY a.due_on DESC, a.appointment_id DESC)::text
        FROM (
            SELECT * FROM referrals_appointment h WHERE h.person_id = ANY (p_records)
            AND ((h.facility = p_facility AND 'own' = ANY (p_may)) OR ('appointments' = ANY (p_may) AND h.sensitive <@ p_may))
            ORDER BY h.due_on DESC, h.appointment_id DESC LIMIT 50
        ) a LEFT JOIN places_facility f ON f.code = a.facility
    );
END $$;

REVOKE ALL ON FUNCTION disclosure_may(text, text[], text[], text[]), disclosure_moment(timestamptz),
    disclosure_grounds(bigint[], text, text, smallint, timestamptz),
    disclosure_summary(bigint[], text[], text, bigint, timestamptz), disclosure_visit(bigint[], text[], text, bigint, timestamptz),
    disclosure_papers(bigint[], text[], text, bigint, timestamptz), disclosure_referrals(bigint[], text[], text, bigint, timestamptz),
    disclosure_appointments(bigint[], text[], text, bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION disclosure_may(text, text[], text[], text[]), disclosure_moment(timestamptz),
    disclosure_grounds(bigint[], text, text, smallint, timestamptz),
    disclosure_summary(bigint[], text[], text, bigint, timestamptz), disclosure_visit(bigint[], text[], text, bigint, timestamptz),
    disclosure_papers(bigint[], text[], text, bigint, timestamptz), disclosure_referrals(bigint[], text[], text, bigint, timestamptz),
    disclosure_appointments(bigint[], text[], text, bigint, timestamptz) TO ansinh_app;
-- Glasses are broken at the gateway only, and afterwards only judged.
REVOKE ALL ON disclosure_glass FROM ansinh_app;
GRANT SELECT ON disclosure_glass TO ansinh_app;
GRANT UPDATE (judged_by, judged_at, finding) ON disclosure_glass TO ansinh_app;
-- The table of access changes with a release alone.
REVOKE INSERT, UPDATE, DELETE ON disclosure_rule FROM ansinh_app;
