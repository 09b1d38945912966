-- Look-ups whose callers came through X-Road: answered, recorded and chained as all others, and what the caller said is kept under the look's number in
-- the same transaction. A function of its own, so that the look-ups without such headers pay nothing for it.
--
-- p_statements: an element a question, as JSON: client, service, message_id, request_id, user_id, issue, represented_party, security_server.

CREATE FUNCTION published.standing_xroad_v1(
    p_chain_id bigint, p_asked_at timestamptz, p_calls smallint[], p_refused smallint[],
    p_kinds smallint[], p_keys text[], p_clients integer[], p_facilities text[], p_officers text[], p_purposes smallint[], p_statements text[]
) RETURNS TABLE (result smallint, person_id bigint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH answered AS MATERIALIZED (
        SELECT a.result, a.person_id, a.answer, a.place
        FROM published.standing_v1(p_chain_id, p_asked_at, p_calls, p_refused, p_kinds, p_keys, p_clients, p_facilities, p_officers, p_purposes)
             WITH ORDINALITY AS a (result, person_id, answer, place)
    ), kept AS (
        INSERT INTO audit_xroad (asked_at, audit_id, facility, client, service, message_id, request_id, user_id, issue, represented_party, security_server)
        SELECT p_asked_at, substring(convert_from(a.answer, 'UTF8') FROM '^\{"audit_id":"([0-9]+)"')::bigint, p_facilities[a.place],
               s.client, s.service, s.message_id, s.request_id, s.user_id, s.issue, s.represented_party, s.security_server
        FROM answered a, jsonb_to_record(p_statements[a.place]::jsonb) AS s (
            client text, service text, message_id text, request_id text, user_id text, issue text, represented_party text, security_server text)
    )
    SELECT a.result, a.person_id, a.answer FROM answered a ORDER BY a.place;
END $$;
COMMENT ON FUNCTION published.standing_xroad_v1 IS 'ansinh standing through X-Road 1';
REVOKE ALL ON FUNCTION published.standing_xroad_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.standing_xroad_v1 TO ansinh_gateway;
