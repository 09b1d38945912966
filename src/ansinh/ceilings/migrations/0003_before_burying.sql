-- A worker that is dead for certain gives back what it had leased and not used, and what it used without having spoken of it is counted. Both are read
-- from the audit: an answer left only after its row was committed, so what the audit shows after the death is never less than what was answered.
-- `p_opened_by`: how the dead worker signed its chains.
--
-- Called by the successor, which its supervisor begins only once the dead one was reaped. Nothing is taken back from a worker whose chain is unknown, nor
-- where reading the audit would take long: then what was leased counts as used, until the hour and the day are over.
-- Of an address the audit says nothing: no more was used of it than of all together. What is counted together with others, and what apps ask, stays used.
-- Returns how many tallies changed; null when nothing could be known.
CREATE FUNCTION published.bury_worker_v1(p_worker bigint, p_now timestamptz, p_opened_by text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_nestloop = off AS $$
DECLARE
    v_rows_max CONSTANT bigint := 400000;
    v_far CONSTANT interval := interval '8 days';
    v_day CONSTANT date := (p_now AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_hour CONSTANT timestamptz := date_trunc('hour', p_now);
    v_chains bigint[];
    v_until timestamptz;
    v_from timestamptz;
    v_hour_from timestamptz;
    v_first bigint;
    v_last bigint;
    v_rows bigint;
    v_kinds text[];
    v_subjects text[];
    v_facilities text[];
    v_used_day bigint[];
    v_used_hour bigint[];
    v_all_day bigint;
    v_all_hour bigint;
BEGIN
    SELECT array_agg(c.chain_id) INTO v_chains FROM audit_chain c WHERE c.opened_by = p_opened_by;
    IF v_chains IS NULL OR NOT EXISTS (SELECT FROM ceilings_worker w WHERE w.worker_no = p_worker) THEN
        RETURN NULL;
    END IF;
    SELECT max(l.linked_at) INTO v_until FROM audit_link l WHERE l.chain_id = ANY (v_chains);
    -- The nation's clock, which dates the audit, may stand on another day, however long a worker lives; the hours of the day are the same.
    IF (v_until AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <> v_day AND v_until BETWEEN p_now - v_far AND p_now + v_far THEN
        v_until := NULL;
    END IF;
    v_from := date_trunc('day', v_until AT TIME ZONE 'Asia/Ho_Chi_Minh') AT TIME ZONE 'Asia/Ho_Chi_Minh';
    v_hour_from := v_from + ((v_hour AT TIME ZONE 'Asia/Ho_Chi_Minh') - (v_day::timestamp));
    SELECT min(l.link), max(l.link) INTO v_first, v_last FROM audit_link l
    WHERE l.chain_id = ANY (v_chains) AND l.linked_at BETWEEN v_from AND v_until;
    IF v_last - v_first > v_rows_max THEN
        RETURN NULL;
    END IF;
    SELECT sum(l.row_count) INTO v_rows FROM audit_link l WHERE l.link BETWEEN v_first AND v_last;
    IF v_rows > v_rows_max THEN
        RETURN NULL;
    END IF;

    WITH read AS MATERIALIZED (
        SELECT a.facility, a.officer, a.client_no, a.person_id, min(a.asked_at) AS first_at
        FROM audit_access a
        WHERE a.asked_at BETWEEN v_from AND v_until AND a.id >= v_first << 10 AND a.id < (v_last + 1) << 10 AND a.result IN (1, 2) AND a.facility <> ''
        AND a.id >> 10 IN (SELECT l.link FROM audit_link l WHERE l.chain_id = ANY (v_chains) AND l.linked_at BETWEEN v_from AND v_until)
        GROUP BY a.facility, a.officer, a.client_no, a.person_id
    ), by_subject AS (
        SELECT 'officer' AS kind, 'officer ' || facility || ' ' || officer AS subject, facility, count(DISTINCT person_id) AS day,
               count(DISTINCT person_id) FILTER (WHERE first_at >= v_hour_from) AS hour FROM read GROUP BY facility, officer
        UNION ALL
        SELECT 'facility', 'facility ' || facility, facility, count(*), count(*) FILTER (WHERE first_at >= v_hour_from) FROM read GROUP BY facility
        UNION ALL
        SELECT 'client', 'client ' || client_no, max(facility), count(*), count(*) FILTER (WHERE first_at >= v_hour_from) FROM read GROUP BY client_no
    )
    SELECT array_agg(kind), array_agg(subject), array_agg(facility), array_agg(day), array_agg(hour),
           coalesce(sum(day) FILTER (WHERE kind = 'officer'), 0), coalesce(sum(hour) FILTER (WHERE kind = 'officer'), 0)
    INTO v_kinds, v_subjects, v_facilities, v_used_day, v_used_hour, v_all_day, v_all_hour FROM by_subject;

    PERFORM pg_advisory_xact_lock(hashtext('ceilings_tally'));
    WITH known AS (
        SELECT t.subject, coalesce(u.day, 0) AS day, coalesce(u.hour, 0) AS hour
        FROM ceilings_tally t
        LEFT JOIN unnest(v_subjects, v_used_day, v_used_hour) AS u (subject, day, hour) ON u.subject = t.subject
        WHERE t.worker_no = p_worker AND t.day = v_day AND t.kind IN ('officer', 'facility', 'client') AND right(t.subject, 8) <> '(others)'
    ), settled AS (
        UPDATE ceilings_tally t SET held_day = known.day, held_hour = known.hour, hour_at = v_hour,
            misses = CASE WHEN t.hour_at = v_hour THEN t.misses ELSE 0 END, neighbours = CASE WHEN t.hour_at = v_hour THEN t.neighbours ELSE 0 END,
            refused = CASE WHEN t.hour_at = v_hour THEN t.refused ELSE 0 END
        FROM known WHERE t.subject = known.subject AND t.day = v_day AND t.worker_no = p_worker
        RETURNING 1
    ), bounded AS (
        UPDATE ceilings_tally t SET held_day = least(t.held_day, v_all_day),
            held_hour = CASE WHEN t.hour_at = v_hour THEN least(t.held_hour, v_all_hour) ELSE t.held_hour END
        WHERE t.worker_no = p_worker AND t.day = v_day AND t.kind = 'address'
        RETURNING 1
    ), never_spoken_of AS (
        INSERT INTO ceilings_tally (subject, day, worker_no, kind, facility, held_day, hour_at, held_hour, misses, neighbours, refused)
        SELECT u.subject, v_day, p_worker, u.kind, u.facility, u.day, v_hour, u.hour, 0, 0, 0
        FROM unnest(v_kinds, v_subjects, v_facilities, v_used_day, v_used_hour) AS u (kind, subject, facility, day, hour)
        WHERE NOT EXISTS (SELECT FROM ceilings_tally t WHERE t.subject = u.subject AND t.day = v_day AND t.worker_no = p_worker)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM settled) + (SELECT count(*) FROM bounded) + (SELECT count(*) FROM never_spoken_of) INTO v_rows;
    -- Nothing is kept ready for it any more, and should it speak once more it is refused.
    DELETE FROM ceilings_worker w WHERE w.worker_no = p_worker;
    RETURN v_rows;
END $$;
REVOKE ALL ON FUNCTION published.bury_worker_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.bury_worker_v1 TO ansinh_gateway;
COMMENT ON FUNCTION published.bury_worker_v1 IS 'ansinh bury worker 1';
