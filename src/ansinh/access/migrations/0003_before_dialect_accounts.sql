-- Sign-in at the compatible door, as the gateway asks for it. It never learns more than one account's hash at a time, and only by its name.

-- How long somebody must wait after so many wrong passwords in a row: nothing up to the limit, then 1, 2, 4, 8 and at most 15 minutes.
CREATE FUNCTION access_shut_seconds(p_failures integer, p_limit integer) RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN p_failures < p_limit THEN 0 ELSE least(900, 60 * (1 << least(p_failures - p_limit, 4))) END
$$;

-- What is known of a user name: whether its facility exists, the account (none: null), whether it may be used from this address ('' unknown), and how many
-- seconds nobody is heard under this name or from this address. Moments are the database's own: guessing is slowed in real time.
CREATE FUNCTION published.dialect_account_v1(p_username text, p_address text)
RETURNS TABLE (facility_known boolean, client_no integer, facility text, password_hash text, usable boolean, sandbox boolean, wait_seconds integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM places_facility f WHERE f.code = left(p_username, 5)) OR a.client_no IS NOT NULL,
        a.client_no::integer, a.facility::text, a.password_hash,
        coalesce(a.state = 'open' AND c.state = 'active' AND (jsonb_array_length(a.networks) = 0 OR EXISTS (
            SELECT FROM jsonb_array_elements_text(a.networks) n WHERE pg_input_is_valid(p_address, 'inet') AND p_address::inet <<= n::inet)), false),
        coalesce(a.sandbox, false),
        coalesce((SELECT ceil(extract(epoch FROM max(s.shut_until) - now()))::integer FROM access_dialectfailure s
            WHERE s.subject IN ('account ' || p_username, 'address ' || p_address, 'pair ' || p_username || ' ' || p_address) AND s.shut_until > now()), 0)
    FROM (VALUES (1)) one LEFT JOIN access_dialectaccount a ON a.username = p_username LEFT JOIN access_client c ON c.client_no = a.client_no
$$;
REVOKE ALL ON FUNCTION published.dialect_account_v1(text, text) FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.dialect_account_v1(text, text) TO ansinh_gateway;

-- Counts an attempt, before its answer leaves; returns how many seconds nobody will be heard now. Five wrong passwords in a row of one account from one
-- address shut both together; thirty of an account from anywhere shut the account, fifty from an address whatever the account shut the address.
-- A right password clears what concerns the account, never the address. A row not touched for a day is forgotten.
CREATE FUNCTION published.dialect_attempt_v1(p_username text, p_address text, p_right boolean) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_wait integer;
BEGIN
    IF p_right THEN
        DELETE FROM access_dialectfailure WHERE subject IN ('account ' || p_username, 'pair ' || p_username || ' ' || p_address);
        RETURN 0;
    END IF;
    WITH counted AS (
        INSERT INTO access_dialectfailure AS s (subject, failures, last_at, shut_until)
        SELECT w.subject, 1, now(), NULL
        FROM (VALUES ('account ' || p_username, 30), ('address ' || p_address, 50), ('pair ' || p_username || ' ' || p_address, 5)) AS w (subject, lim)
        ORDER BY w.subject
        ON CONFLICT (subject) DO UPDATE SET last_at = now(),
            failures = CASE WHEN s.last_at < now() - interval '1 day' THEN 1 ELSE s.failures + 1 END,
            shut_until = now() + make_interval(secs => nullif(access_shut_seconds(
                CASE WHEN s.last_at < now() - interval '1 day' THEN 1 ELSE s.failures + 1 END,
                CASE split_part(s.subject, ' ', 1) WHEN 'account' THEN 30 WHEN 'address' THEN 50 ELSE 5 END), 0))
        RETURNING s.shut_until
    )
    SELECT coalesce(ceil(extract(epoch FROM max(shut_until) - now()))::integer, 0) INTO v_wait FROM counted;
    DELETE FROM access_dialectfailure WHERE subject IN (
        SELECT old.subject FROM access_dialectfailure old WHERE old.last_at < now() - interval '1 day' LIMIT 50 FOR UPDATE SKIP LOCKED);
    RETURN v_wait;
END $$;
REVOKE ALL ON FUNCTION published.dialect_attempt_v1(text, text, boolean) FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.dialect_attempt_v1(text, text, boolean) TO ansinh_gateway;
