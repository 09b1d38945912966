-- Django cannot say PARTITION BY; everything else is what the model says.
CREATE TABLE participation_declarationline (
    employer_id bigint NOT NULL,
    month integer NOT NULL,
    version integer NOT NULL,
    line integer NOT NULL,
    raw jsonb NOT NULL,
    digest text NOT NULL,
    act text,
    person_id bigint,
    state text NOT NULL,
    found jsonb NOT NULL,
    decided_at timestamptz NOT NULL,
    withdrawn_by text,
    PRIMARY KEY (employer_id, month, version, line),
    CONSTRAINT participation_declarationline_state_known CHECK (state IN ('applied', 'unchanged', 'rejected', 'parked', 'withdrawn')),
    CONSTRAINT participation_declarationline_applied_to_whom CHECK (state <> 'applied' OR (person_id IS NOT NULL AND act IS NOT NULL))
) PARTITION BY RANGE (month);
CREATE INDEX participation_line_parked ON participation_declarationline (state) WHERE state = 'parked';
CREATE SEQUENCE participation_request_number AS bigint;
GRANT USAGE, SELECT ON SEQUENCE participation_request_number TO ansinh_app;

-- Makes the partition of a month (YYYYMM), where it is missing. Whoever runs it, partitions belong to the owner.
CREATE FUNCTION participation_ensure_month(p_month integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_name text := 'participation_declarationline_' || p_month;
BEGIN
    IF p_month % 100 NOT BETWEEN 1 AND 12 OR p_month NOT BETWEEN 190001 AND 220012 THEN
        RAISE EXCEPTION 'no month: %', p_month USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass('public.' || v_name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('participation_ensure_month'));
        EXECUTE format('CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.participation_declarationline FOR VALUES FROM (%s) TO (%s)',
            v_name, p_month, p_month + 1);
    END IF;
END $$;
REVOKE ALL ON FUNCTION participation_ensure_month(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION participation_ensure_month(integer) TO ansinh_app;
SELECT participation_ensure_month(to_char(month, 'YYYYMM')::integer)
FROM generate_series(timestamp '2024-12-01', now()::timestamp + interval '2 years', interval '1 month') AS month;
