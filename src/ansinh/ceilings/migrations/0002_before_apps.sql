-- Citizens read their own records through an app. The app is counted as one subject, by the new persons whose records leave; each citizen by the
-- readings of the own record, which the published functions count in the audit itself: `persons_an_hour` and `persons_a_day` are readings there.

-- A worker begins to count. Rows: its number, and for each kind (subject '') and each subject with a ceiling of its own what it may answer at first and
-- its rate; and the subjects that have used a quarter of their ceiling today: of them it may answer nothing before it speaks of them.
CREATE OR REPLACE FUNCTION published.open_tally_v1(p_now timestamptz)
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
    FROM (VALUES ('officer'), ('facility'), ('client'), ('address'), ('app')) k (kind)
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

-- A year of look-ups as in the first half of 2025 is some 100 million: twenty times the mean hour of that, and a citizen who looks every other minute.
INSERT INTO ceilings_ceiling (kind, level, subject, rate_per_second, persons_an_hour, persons_a_day, misses_an_hour, neighbours_an_hour,
    state, reason, prepared_by, prepared_at, approved_by, approved_at)
SELECT c.*, 'approved', 'mức ban đầu', 'release', '2025-01-01 00:00+00', 'security', '2025-01-01 00:00+00'
FROM (VALUES
    ('app', '*', '', 2000, 250000, 2000000, 20000, 20000),
    ('citizen', '*', '', 1, 30, 100, 1, 1)
) c (kind, level, subject, rate, an_hour, a_day, misses, neighbours);

-- How often a citizen may read the own record in an hour and in a day; nothing where nobody said.
CREATE FUNCTION ceilings_of_citizens(OUT an_hour integer, OUT a_day integer) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(max(n.persons_an_hour), 0), coalesce(max(n.persons_a_day), 0) FROM (
        SELECT c.persons_an_hour, c.persons_a_day FROM ceilings_ceiling c
        WHERE c.state = 'approved' AND c.kind = 'citizen' AND c.subject = '' ORDER BY c.approved_at DESC, c.id DESC LIMIT 1) n
$$;
