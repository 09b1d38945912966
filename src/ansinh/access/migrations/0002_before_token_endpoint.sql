-- What the gateway's token endpoint asks (RFC 6749 section 4.4 with RFC 7523): a client's public keys, and once it has proved itself, the right to a token.
-- It sees no table, so a gateway taken over can list no clients: it must name one.

-- No row: there is no such client, or it is not let in.
CREATE FUNCTION published.client_keys_v1(p_client_id text)
RETURNS TABLE (client_no bigint, facility text, scope text, rate_per_second integer, public_keys text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.client_no, c.facility::text, c.scope, c.rate_per_second, c.public_keys::text
    FROM access_client c WHERE c.client_id = p_client_id AND c.state = 'active'
$$;
COMMENT ON FUNCTION published.client_keys_v1 IS 'ansinh client keys 1';

-- Remembers the assertion until it would have expired, and leaves the audit line of the token. False: it was used before, or the client has been
-- suspended meanwhile; then no token may be given. The primary key decides between two who come at once. p_now is the real moment, whatever day a nation lives.
CREATE FUNCTION published.grant_token_v1(p_client_id text, p_jti text, p_expires_at timestamptz, p_kid text, p_now timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_client_no bigint;
BEGIN
    SELECT c.client_no INTO v_client_no FROM access_client c WHERE c.client_id = p_client_id AND c.state = 'active' FOR SHARE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM access_assertionseen s WHERE s.expires_at < p_now;
    INSERT INTO access_assertionseen (client_id, jti, expires_at) VALUES (p_client_id, p_jti, p_expires_at) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO audit_act (act, actor_kind, actor_reference, reason, outcome, facts)
    VALUES ('access.grant_token', 'client', p_client_id, 'client_credentials', 'done', jsonb_build_object('client', v_client_no, 'key', p_kid));
    RETURN true;
END $$;
COMMENT ON FUNCTION published.grant_token_v1 IS 'ansinh grant token 1';

REVOKE ALL ON FUNCTION published.client_keys_v1, published.grant_token_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.client_keys_v1, published.grant_token_v1 TO ansinh_gateway;
