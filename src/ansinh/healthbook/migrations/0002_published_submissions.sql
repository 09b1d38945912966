-- How the gateway takes submissions, and tells what became of one.
--
-- submit_v1: one call takes a batch in one commit. Arrays, one element a submission: kind, facility, receipt, client number, digest, length of the bytes,
-- the bytes compressed (zstd). Rows in their order: when it was received first, and whether it was here already.
--
-- The receipt follows from the bytes, so whoever sends them again, at once or later, gets the same one and nothing is kept twice. What is sent again is
-- judged again where that may change something: it was refused, waits, was withdrawn, or another version is current since; it then counts as the newest.

CREATE FUNCTION published.submit_v1(
    p_received_at timestamptz, p_kinds smallint[], p_facilities text[], p_receipts text[], p_clients integer[], p_digests bytea[], p_sizes integer[],
    p_contents bytea[]
) RETURNS TABLE (received_at timestamptz, again boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_count CONSTANT integer := cardinality(p_receipts);
    v_day CONSTANT date := (p_received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_month CONSTANT integer := to_char(v_day, 'YYYYMM')::integer;
    v_month_before CONSTANT integer := to_char(v_day - interval '1 month', 'YYYYMM')::integer;
    v_taken integer;
BEGIN
    IF v_count NOT BETWEEN 1 AND 256 THEN
        RAISE EXCEPTION 'a batch holds 1 to 256 submissions, not %', v_count USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- In the order of the key, so that two workers with the same bytes wait for each other in one direction only.
    INSERT INTO healthbook_submission (facility, month, receipt, received_at, kind, client_no, sha256, size, content)
    SELECT q.facility, v_month, q.receipt, p_received_at, q.kind, q.client, q.digest, q.size, q.content
    FROM unnest(p_kinds, p_facilities, p_receipts, p_clients, p_digests, p_sizes, p_contents) AS q (kind, facility, receipt, client, digest, size, content)
    WHERE NOT EXISTS (
        SELECT FROM healthbook_submission s WHERE s.facility = q.facility AND s.receipt = q.receipt AND s.month = v_month_before)
    ORDER BY q.facility, q.receipt
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_taken = ROW_COUNT;
    IF v_taken = v_count THEN
        RETURN QUERY SELECT p_received_at, false FROM generate_series(1, v_count);
        RETURN;
    END IF;
    UPDATE healthbook_submission s SET state = 'received', settled_at = NULL, received_no = nextval('healthbook_received_number')
    FROM unnest(p_facilities, p_receipts) AS q (facility, receipt)
    WHERE s.facility = q.facility AND s.receipt = q.receipt AND s.month IN (v_month, v_month_before)
    AND (s.state IN ('rejected', 'waiting', 'withdrawn') OR (s.state = 'accepted' AND s.kind <> 0 AND EXISTS (
        SELECT FROM healthbook_episode e
        WHERE e.facility = s.facility AND e.episode = s.episode AND e.current_no > s.received_no AND e.current_sha256 IS DISTINCT FROM s.sha256)));
    RETURN QUERY
    SELECT s.received_at, s.received_at < p_received_at
    FROM unnest(p_facilities, p_receipts) WITH ORDINALITY AS q (facility, receipt, place)
    CROSS JOIN LATERAL (
        SELECT o.received_at FROM healthbook_submission o
        WHERE o.facility = q.facility AND o.receipt = q.receipt AND o.month IN (v_month, v_month_before) ORDER BY o.month LIMIT 1
    ) s
    ORDER BY q.place;
END $$;
COMMENT ON FUNCTION published.submit_v1 IS 'ansinh submissions 1';
REVOKE ALL ON FUNCTION published.submit_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.submit_v1 TO ansinh_gateway;

-- What became of a submission, told to the facility that sent it and nobody else. It names no person; the errors carry no values of theirs.
CREATE FUNCTION published.submission_v1(p_facility text, p_receipt text)
RETURNS TABLE (kind smallint, state text, received_at timestamptz, settled_at timestamptz, episode text, version integer, current boolean, entries smallint,
    size integer, sha256 bytea, errors text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT s.kind, s.state, s.received_at, s.settled_at, s.episode, s.version, e.current_version = s.version, s.entries, s.size, s.sha256, s.errors::text
    FROM healthbook_submission s
    LEFT JOIN healthbook_episode e ON e.facility = s.facility AND e.episode = s.episode
    WHERE s.facility = p_facility AND s.receipt = p_receipt
    ORDER BY s.month DESC LIMIT 1
$$;
COMMENT ON FUNCTION published.submission_v1 IS 'ansinh submission 1';
REVOKE ALL ON FUNCTION published.submission_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.submission_v1 TO ansinh_gateway;
