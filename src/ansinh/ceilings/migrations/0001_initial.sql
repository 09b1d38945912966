-- How gateways count together without asking each other: each worker says now and then what it counted, and is told how many more new persons it may
-- answer of each subject before it must speak again (its lease). What is leased counts as answered, so all workers together never pass a ceiling.
-- Persons are counted once a day for each officer; what that adds up to is a facility's, a client's, an address's count.

-- Restraints are append-only; what is in force is written from them, by nobody else.
CREATE TRIGGER ceilings_restraint_append_only BEFORE UPDATE OR DELETE ON ceilings_restraint FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER ceilings_restraint_kept BEFORE TRUNCATE ON ceilings_restraint FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

-- A step is in force at once, and told at once to those who answer for the subject. Word of it names nobody.
CREATE FUNCTION ceilings_put_in_force() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO ceilings_in_force AS held (subject, restraint_no, step, cause, began_at, until, refused_then)
    VALUES (NEW.subject, NEW.restraint_no, NEW.step, NEW.cause, NEW.began_at, NEW.until, coalesce((NEW.figures->>'refused')::bigint, 0))
    ON CONFLICT (subject) DO UPDATE SET restraint_no = EXCLUDED.restraint_no, step = EXCLUDED.step, cause = EXCLUDED.cause,
        began_at = EXCLUDED.began_at, until = EXCLUDED.until, refused_then = EXCLUDED.refused_then;
    IF NEW.step <> 'lifted' THEN
        INSERT INTO ceilings_alert (restraint_no, audience, kind, facility, step, cause, raised_at)
        SELECT NEW.restraint_no, a, NEW.kind, NEW.facility, NEW.step, NEW.cause, NEW.began_at
        FROM unnest(CASE WHEN NEW.facility = '' THEN ARRAY['agency'] ELSE ARRAY['agency', 'facility'] END) a;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ceilings_restraint_in_force AFTER INSERT ON ceilings_restraint FOR EACH ROW EXECUTE FUNCTION ceilings_put_in_force();

REVOKE ALL ON ceilings_restraint, ceilings_in_force, ceilings_worker, ceilings_tally, ceilings_alert FROM PUBLIC, ansinh_app, ansinh_gateway;
GRANT SELECT, INSERT ON ceilings_restraint TO ansinh_app;
GRANT SELECT ON ceilings_in_force, ceilings_worker, ceilings_tally TO ansinh_app;
GRANT SELECT, UPDATE ON ceilings_alert TO ansinh_app;

-- Who is an officer of a facility, a client or a facility is held to the ceiling of its facility's level; one named by itself to its own.
CREATE FUNCTION ceilings_of(p_kind text, p_subject text, p_facility text) RETURNS SETOF ceilings_ceiling
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT c.* FROM ceilings_ceiling c
    WHERE c.state = 'approved' AND c.kind = p_kind AND (c.subject = p_subject OR (c.subject = '' AND c.level IN
        ('*', coalesce((SELECT f.level FROM places_facility f WHERE f.code = p_facility), 'basic'))))
    ORDER BY c.subject <> '' DESC, c.approved_at DESC, c.id DESC LIMIT 1
$$;

-- A share of a ceiling: small enough that sixteen workers leave half of it.
CREATE FUNCTION ceilings_share(p_day integer, p_hour integer) RETURNS bigint LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT greatest(3, least(p_day, p_hour) / 32)::bigint
$$;

-- The ceilings that hold for a kind, one for each level of facilities.
CREATE FUNCTION ceilings_by_level(p_kind text) RETURNS SETOF ceilings_ceiling LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT n.* FROM (VALUES ('primary'), ('basic'), ('specialised')) l (level), LATERAL (
        SELECT c.* FROM ceilings_ceiling c WHERE c.state = 'approved' AND c.kind = p_kind AND c.subject = '' AND c.level IN ('*', l.level)
        ORDER BY c.approved_at DESC, c.id DESC LIMIT 1) n
$$;

-- What every worker may answer of a subject it never spoke of: the least share of the ceilings of the kind, or the subject's own.
CREATE FUNCTION ceilings_first(p_kind text, p_subject text) RETURNS bigint LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(
        (SELECT ceilings_share(c.persons_a_day, c.persons_an_hour) FROM ceilings_ceiling c
            WHERE p_subject <> '' AND c.state = 'approved' AND c.kind = p_kind AND c.subject = p_subject ORDER BY c.approved_at DESC, c.id DESC LIMIT 1),
        (SELECT min(ceilings_share(n.persons_a_day, n.persons_an_hour)) FROM ceilings_by_level(p_kind) n))
$$;

-- A worker begins to count. Rows: its number, and for each kind (subject '') and each subject with a ceiling of its own what it may answer at first and
-- its rate; and the subjects that have used a quarter of their ceiling today: of them it may answer nothing before it speaks of them.
CREATE FUNCTION published.open_tally_v1(p_now timestamptz)
RETURNS TABLE (worker bigint, kind text, subject text, first bigint, rate integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_worker bigint;
    v_day CONSTANT date := (p_now AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_hour CONSTANT timestamptz := date_trunc('hour', p_now);
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ceilings_tally'));
    INSERT INTO ceilings_worker (opened_at, seen_at) VALUES (p_now, p_now) RETURNING worker_no INTO v_worker;
    DELETE FROM ceilings_tally t WHERE t.day < v_day - 7;
    DELETE FROM ceilings_worker w WHERE w.seen_at < p_now - interval '7 days';
    RETURN QUERY
    SELECT v_worker, k.kind, '', ceilings_first(k.kind, ''), (SELECT min(c.rate_per_second) FROM ceilings_by_level(k.kind) c)
    FROM (VALUES ('officer'), ('facility'), ('client'), ('address')) k (kind)
    UNION ALL
    SELECT v_worker, o.kind, o.subject, ceilings_first(o.kind, o.subject), (SELECT rate_per_second FROM ceilings_of(o.kind, o.subject, ''))
    FROM (SELECT DISTINCT c.kind, c.subject FROM ceilings_ceiling c WHERE c.subject <> '' AND c.state = 'approved' LIMIT 20000) o
    UNION ALL
    SELECT v_worker, u.kind, u.subject, 0, c.rate_per_second
    FROM (SELECT t.kind, t.subject, max(t.facility) AS facility, sum(t.held_day) AS day, coalesce(sum(t.held_hour) FILTER (WHERE t.hour_at = v_hour), 0) AS hour
          FROM ceilings_tally t WHERE t.day = v_day GROUP BY t.kind, t.subject) u
    CROSS JOIN LATERAL ceilings_of(u.kind, u.subject, u.facility) c
    WHERE u.day * 4 >= c.persons_a_day OR u.hour * 4 >= c.persons_an_hour;
END $$;

-- A worker says what it counted of some subjects today and in this hour, what it keeps of its lease, and how much it wants at least (below 0: nothing); it hears its new leases
-- (at least what it keeps), the ceilings it holds to itself, and every restraint in force (lease null). Steps are taken here, where all counts meet.
CREATE FUNCTION published.exchange_tallies_v1(
    p_worker bigint, p_now timestamptz, p_kinds text[], p_subjects text[], p_facilities text[], p_day bigint[], p_hour bigint[],
    p_kept bigint[], p_wanted bigint[], p_misses bigint[], p_neighbours bigint[], p_refused bigint[]
) RETURNS TABLE (subject text, lease bigint, rate integer, misses integer, neighbours integer, step text, cause text, until timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_day CONSTANT date := (p_now AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_hour CONSTANT timestamptz := date_trunc('hour', p_now);
    v_live bigint[];
    v_refused_max CONSTANT integer := 100;
BEGIN
    IF cardinality(p_subjects) > 5000 THEN
        RAISE EXCEPTION 'at most 5000 subjects, not %', cardinality(p_subjects) USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ceilings_tally'));
    UPDATE ceilings_worker w SET seen_at = greatest(w.seen_at, p_now) WHERE w.worker_no = p_worker;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'worker % never began to count', p_worker USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT array_agg(w.worker_no) INTO v_live FROM ceilings_worker w WHERE w.seen_at > p_now - interval '10 minutes' AND w.worker_no <> p_worker;
    v_live := coalesce(v_live, '{}');

    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT q.*, c.rate_per_second, c.persons_a_day, c.persons_an_hour, c.misses_an_hour, c.neighbours_an_hour,
               ceilings_first(q.kind, q.subject) AS first, ceilings_share(c.persons_a_day, c.persons_an_hour) AS share, o.*
        FROM unnest(p_kinds, p_subjects, p_facilities, p_day, p_hour, p_kept, p_wanted, p_misses, p_neighbours, p_refused)
             AS q (kind, subject, facility, used_day, used_hour, kept, wanted, missed, near, refused)
        CROSS JOIN LATERAL ceilings_of(q.kind, q.subject, q.facility) c
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(t.held_day), 0)::bigint AS others_day, coalesce(sum(t.held_hour) FILTER (WHERE t.hour_at = v_hour), 0)::bigint AS others_hour,
                   coalesce(sum(t.misses) FILTER (WHERE t.hour_at = v_hour), 0)::bigint AS others_missed,
                   coalesce(sum(t.neighbours) FILTER (WHERE t.hour_at = v_hour), 0)::bigint AS others_near,
                   coalesce(sum(t.refused) FILTER (WHERE t.hour_at = v_hour), 0)::bigint AS others_refused,
                   count(*) FILTER (WHERE t.worker_no = ANY (v_live)) AS spoke_day,
                   count(*) FILTER (WHERE t.worker_no = ANY (v_live) AND t.hour_at = v_hour) AS spoke_hour
            FROM ceilings_tally t WHERE t.subject = q.subject AND t.day = v_day AND t.worker_no <> p_worker
        ) o
    ), left_over AS MATERIALIZED (
        -- For every worker that has not spoken of the subject yet, its first share is kept ready: it may be using it.
        SELECT a.*, persons_a_day - others_day - used_day - first * (least(cardinality(v_live), 16) - least(spoke_day, 16)) AS rest_day,
               persons_an_hour - others_hour - used_hour - first * (least(cardinality(v_live), 16) - least(spoke_hour, 16)) AS rest_hour
        FROM asked a
    ), granted AS MATERIALIZED (
        -- A share of what is left, too: a worker that dies takes its lease with it, and however many die, something is left for those who live.
        SELECT l.*, CASE WHEN wanted < 0 THEN l.kept ELSE greatest(l.kept,
            least(greatest(least(share, least(rest_day, rest_hour) / 32), 3, wanted), rest_day, rest_hour), 0) END AS lease FROM left_over l
    ), told AS (
        INSERT INTO ceilings_tally AS t (subject, day, worker_no, kind, facility, held_day, hour_at, held_hour, misses, neighbours, refused)
        SELECT subject, v_day, p_worker, kind, facility, used_day + lease, v_hour, used_hour + lease, missed, near, refused FROM granted ORDER BY subject
        ON CONFLICT (subject, day, worker_no) DO UPDATE SET held_day = EXCLUDED.held_day, hour_at = EXCLUDED.hour_at, held_hour = EXCLUDED.held_hour,
            misses = EXCLUDED.misses, neighbours = EXCLUDED.neighbours, refused = EXCLUDED.refused
        RETURNING t.subject
    ), weighed AS MATERIALIZED (
        SELECT g.*, others_missed + missed AS all_missed, others_near + near AS all_near, others_refused + g.refused AS all_refused,
               others_day + used_day AS all_day, others_hour + used_hour AS all_hour,
               CASE WHEN f.step = 'slow' AND f.until <= p_now THEN NULL WHEN f.step <> 'lifted' THEN f.step END AS step_now,
               CASE WHEN f.began_at >= v_hour THEN f.cause END AS cause_now, f.began_at, f.refused_then
        FROM granted g LEFT JOIN ceilings_in_force f ON f.subject = g.subject
    ), judged AS MATERIALIZED (
        SELECT w.*, j.step AS next_step, j.cause AS next_cause, j.until AS next_until FROM weighed w CROSS JOIN LATERAL (
            SELECT v.step, v.cause, v.until FROM (VALUES
                (3, 'suspend', 'went_on', NULL::timestamptz, step_now = 'challenge'
                    AND all_refused - CASE WHEN began_at >= v_hour THEN refused_then ELSE 0 END >= v_refused_max),
                (2, 'challenge', 'misses', NULL, all_missed >= 2 * misses_an_hour),
                (2, 'challenge', 'sequential', NULL, all_near >= 2 * neighbours_an_hour),
                (2, 'challenge', 'persons_a_day', NULL, greatest(wanted, 1) > rest_day AND w.refused > 0 AND lease = 0 AND all_day * 2 >= persons_a_day),
                (1, 'slow', 'persons_an_hour', v_hour + interval '1 hour',
                    greatest(wanted, 1) > rest_hour AND w.refused > 0 AND lease = 0 AND all_hour * 2 >= persons_an_hour),
                (1, 'slow', 'misses', p_now + interval '1 minute', all_missed >= misses_an_hour AND cause_now IS DISTINCT FROM 'misses'),
                (1, 'slow', 'sequential', p_now + interval '1 minute', all_near >= neighbours_an_hour AND cause_now IS DISTINCT FROM 'sequential'),
                -- Not who was refused because a new worker had no lease yet.
                (1, 'slow', 'rate', p_now + interval '1 minute', w.refused >= v_refused_max AND w.kept > 0 AND cause_now IS NULL)
            ) v (grade, step, cause, until, so)
            WHERE v.so AND v.grade > CASE coalesce(step_now, '') WHEN 'slow' THEN 1 WHEN 'challenge' THEN 2 WHEN 'suspend' THEN 3 ELSE 0 END
            ORDER BY v.grade DESC LIMIT 1
        ) j
    ), taken AS (
        INSERT INTO ceilings_restraint (subject, kind, facility, step, cause, figures, began_at, until, by_whom, reason)
        SELECT subject, kind, facility, next_step, next_cause, jsonb_build_object('persons_a_day', all_day, 'persons_an_hour', all_hour,
            'misses', all_missed, 'neighbours', all_near, 'refused', all_refused), p_now, next_until, 'gateway', next_cause
        FROM judged ORDER BY subject
    )
    SELECT g.subject, g.lease, g.rate_per_second, g.misses_an_hour, g.neighbours_an_hour, j.next_step, j.next_cause, j.next_until
    FROM granted g LEFT JOIN judged j ON j.subject = g.subject
    UNION ALL
    SELECT f.subject, NULL, NULL, NULL, NULL, f.step, f.cause, f.until FROM ceilings_in_force f
    WHERE f.step IN ('challenge', 'suspend') OR (f.step = 'slow' AND f.until > p_now)
    LIMIT 20000;
END $$;

-- Begins a subject's counts anew once a restraint is lifted: a row of nobody's takes back what all workers hold.
CREATE FUNCTION ceilings_forgive(p_subject text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_day CONSTANT date := (p_now AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_hour CONSTANT timestamptz := date_trunc('hour', p_now);
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ceilings_tally'));
    INSERT INTO ceilings_tally AS t (subject, day, worker_no, kind, facility, held_day, hour_at, held_hour, misses, neighbours, refused)
    SELECT p_subject, v_day, 0, max(kind), max(facility), -sum(held_day), v_hour, -coalesce(sum(held_hour) FILTER (WHERE hour_at = v_hour), 0),
        -coalesce(sum(misses) FILTER (WHERE hour_at = v_hour), 0), -coalesce(sum(neighbours) FILTER (WHERE hour_at = v_hour), 0),
        -coalesce(sum(refused) FILTER (WHERE hour_at = v_hour), 0)
    FROM ceilings_tally WHERE subject = p_subject AND day = v_day AND worker_no <> 0 HAVING count(*) > 0
    ON CONFLICT (subject, day, worker_no) DO UPDATE SET held_day = EXCLUDED.held_day, hour_at = EXCLUDED.hour_at, held_hour = EXCLUDED.held_hour,
        misses = EXCLUDED.misses, neighbours = EXCLUDED.neighbours, refused = EXCLUDED.refused;
END $$;

REVOKE ALL ON FUNCTION published.open_tally_v1, published.exchange_tallies_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.open_tally_v1, published.exchange_tallies_v1 TO ansinh_gateway;
REVOKE ALL ON FUNCTION ceilings_put_in_force() FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION ceilings_forgive(text, timestamptz) TO ansinh_app;
COMMENT ON FUNCTION published.open_tally_v1 IS 'ansinh open tally 1';
COMMENT ON FUNCTION published.exchange_tallies_v1 IS 'ansinh exchange tallies 1';

-- The first ceilings: at least three times what the busiest invented facility of each level needs on a Monday, so that a morning is never stopped
-- (docs/decisions/0013-ceilings-by-leases.md says how they were found). Changed only by rows that two people agree to.
INSERT INTO ceilings_ceiling (kind, level, subject, rate_per_second, persons_an_hour, persons_a_day, misses_an_hour, neighbours_an_hour,
    state, reason, prepared_by, prepared_at, approved_by, approved_at)
SELECT c.*, 'approved', 'mức ban đầu', 'release', '2025-01-01 00:00+00', 'security', '2025-01-01 00:00+00'
FROM (VALUES
    ('officer', 'primary', '', 5, 60, 300, 20, 20),
    ('officer', 'basic', '', 10, 200, 1000, 30, 40),
    ('officer', 'specialised', '', 10, 400, 2000, 60, 80),
    ('facility', 'primary', '', 20, 200, 800, 60, 60),
    ('facility', 'basic', '', 100, 2000, 10000, 300, 200),
    ('facility', 'specialised', '', 400, 6000, 30000, 800, 600),
    ('client', 'primary', '', 20, 200, 800, 60, 60),
    ('client', 'basic', '', 100, 2000, 10000, 300, 200),
    ('client', 'specialised', '', 400, 6000, 30000, 800, 600),
    ('address', '*', '', 400, 20000, 100000, 3000, 2000),
    -- The screens of this machine, behind which the clerks of all small facilities sit.
    ('address', '*', 'address 127.0.0.1', 4000, 400000, 2000000, 40000, 20000),
    ('address', '*', 'address ::1', 4000, 400000, 2000000, 40000, 20000)
) c (kind, level, subject, rate, an_hour, a_day, misses, neighbours);
