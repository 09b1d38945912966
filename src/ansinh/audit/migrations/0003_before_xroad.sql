-- What a caller behind an X-Road security server said of a look-up (X-Road message protocol for REST 1.0): statements of the client, kept with the
-- audit row they came with, believed by nobody for anything. Few look-ups carry them, so they have a table of their own and cost the others nothing.

CREATE TABLE audit_xroad (
    asked_at timestamptz NOT NULL,
    audit_id bigint NOT NULL,
    facility text NOT NULL,
    client text NOT NULL,
    service text,
    message_id text NOT NULL,
    request_id text,
    user_id text,
    issue text,
    represented_party text,
    security_server text,
    PRIMARY KEY (facility, asked_at, audit_id)
) PARTITION BY RANGE (asked_at);
CREATE INDEX audit_xroad_by_id ON audit_xroad (audit_id);
CREATE TRIGGER audit_xroad_append_only BEFORE UPDATE OR DELETE ON audit_xroad FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_xroad_kept BEFORE TRUNCATE ON audit_xroad FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
REVOKE ALL ON audit_xroad FROM PUBLIC, ansinh_app, ansinh_gateway;
GRANT SELECT ON audit_xroad TO ansinh_app;

-- As before, with one table more.
CREATE OR REPLACE FUNCTION audit_ensure_months(p_from date, p_until date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_month date := date_trunc('month', p_from);
    v_table text;
    v_name text;
    v_made integer := 0;
BEGIN
    IF p_until - p_from > 366 * 20 THEN
        RAISE EXCEPTION 'twenty years of months at most, not % to %', p_from, p_until USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('audit_ensure_months'));
    WHILE v_month <= p_until LOOP
        FOREACH v_table IN ARRAY ARRAY['audit_act', 'audit_access', 'audit_link', 'audit_head', 'audit_xroad'] LOOP
            v_name := v_table || to_char(v_month, '_YYYY_MM');
            CONTINUE WHEN to_regclass('public.' || v_name) IS NOT NULL;
            EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)', v_name, v_table,
                to_char(v_month, 'YYYY-MM-01 00:00:00+00'), to_char(v_month + interval '1 month', 'YYYY-MM-01 00:00:00+00'));
            EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, ansinh_app, ansinh_gateway', v_name);
            EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse_change()',
                v_table || '_kept', v_name);
            v_made := v_made + 1;
        END LOOP;
        v_month := v_month + interval '1 month';
    END LOOP;
    RETURN v_made;
END $$;

SELECT audit_ensure_months(date '2024-12-01', (now() + interval '2 years')::date);
