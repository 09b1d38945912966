-- Django cannot say PARTITION BY; everything else is what the model says.
CREATE TABLE signin_citizenentry (
    person_id bigint NOT NULL,
    entered_at timestamptz NOT NULL,
    entry_id uuid NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    level smallint NOT NULL,
    device text NOT NULL,
    PRIMARY KEY (person_id, entered_at, entry_id),
    CONSTRAINT signin_citizenentry_kind_known CHECK (kind IN ('sign_in', 'step_up')),
    CONSTRAINT signin_citizenentry_channel_known CHECK (channel IN ('portal', 'app')),
    CONSTRAINT signin_citizenentry_level_known CHECK (level IN (1, 2))
) PARTITION BY RANGE (entered_at);

CREATE INDEX signin_citizenentry_when ON signin_citizenentry (entered_at);

-- Makes the month of a moment, by the calendar in UTC, unless it is there. Whoever enters asks for it; only the first of a month waits for the lock.
CREATE FUNCTION signin_ensure_month(p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_month timestamp := date_trunc('month', p_at AT TIME ZONE 'UTC');
    v_name text := 'signin_citizenentry' || to_char(v_month, '_YYYY_MM');
BEGIN
    IF to_regclass('public.' || v_name) IS NOT NULL THEN
        RETURN;
    END IF;
    IF p_at NOT BETWEEN '2024-11-30 00:00:00+00' AND now() + interval '3 years' THEN
        RAISE EXCEPTION 'nobody signs in at %', p_at USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('signin_ensure_month'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.signin_citizenentry FOR VALUES FROM (%L) TO (%L)',
        v_name, to_char(v_month, 'YYYY-MM-01 00:00:00+00'), to_char(v_month + interval '1 month', 'YYYY-MM-01 00:00:00+00'));
END $$;
REVOKE ALL ON FUNCTION signin_ensure_month(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION signin_ensure_month(timestamptz) TO ansinh_app;

SELECT signin_ensure_month(month) FROM generate_series(timestamptz '2024-12-01 00:00:00+00', now() + interval '2 years', interval '1 month') AS month;
