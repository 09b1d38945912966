-- {name} for callers behind an X-Road security server: answered, recorded and chained as all others, and what the caller said is kept under the look's
-- number in the same transaction, with the digest of the request's body. A function of its own, so that pulls without such headers pay nothing for it.
--
-- p_statements: an element a question, as JSON: client, service, message_id, request_id, user_id, issue, represented_party, security_server, request_sha256.

CREATE FUNCTION published.eid_xroad_{kind}_v1({arguments}, p_statements text[])
RETURNS TABLE (result smallint, person_id bigint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH answered AS MATERIALIZED (
        SELECT a.result, a.person_id, a.answer, a.place FROM published.{name}({passed}) WITH ORDINALITY AS a (result, person_id, answer, place)
    ), kept AS (
        INSERT INTO audit_xroad (asked_at, audit_id, facility, client, service, message_id, request_id, user_id, issue, represented_party, security_server,
            request_sha256)
        SELECT p_asked_at, substring(convert_from(a.answer, 'UTF8') FROM '^\{"audit_id":"([0-9]+)"')::bigint, '',
               s.client, s.service, s.message_id, s.request_id, s.user_id, s.issue, s.represented_party, s.security_server, decode(s.request_sha256, 'hex')
        FROM answered a, jsonb_to_record(p_statements[a.place]::jsonb) AS s (
            client text, service text, message_id text, request_id text, user_id text, issue text, represented_party text, security_server text,
            request_sha256 text)
    )
    SELECT a.result, a.person_id, a.answer FROM answered a ORDER BY a.place;
END $$;
COMMENT ON FUNCTION published.eid_xroad_{kind}_v1 IS 'ansinh eid {kind} through X-Road 1';
REVOKE ALL ON FUNCTION published.eid_xroad_{kind}_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.eid_xroad_{kind}_v1 TO ansinh_gateway;
