-- The first hours of December in Viet Nam are November's last in UTC.
CREATE TABLE signin_citizenentry_before PARTITION OF signin_citizenentry FOR VALUES FROM (MINVALUE) TO ('2024-12-01 00:00:00+00');

CREATE OR REPLACE FUNCTION signin_ensure_month(p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_month timestamp := date_trunc('month', p_at AT TIME ZONE 'UTC');
    v_name text := 'signin_citizenentry' || to_char(v_month, '_YYYY_MM');
BEGIN
    IF v_month < timestamp '2024-12-01' OR to_regclass('public.' || v_name) IS NOT NULL THEN
        RETURN;
    END IF;
    IF p_at > now() + interval '3 years' THEN
        RAISE EXCEPTION 'nobody signs in at %', p_at USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('signin_ensure_month'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.signin_citizenentry FOR VALUES FROM (%L) TO (%L)',
        v_name, to_char(v_month, 'YYYY-MM-01 00:00:00+00'), to_char(v_month + interval '1 month', 'YYYY-MM-01 00:00:00+00'));
END $$;
