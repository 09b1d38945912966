-- Django cannot say PARTITION BY; everything else is what the model says.
CREATE TABLE notices_message (
    person_id bigint NOT NULL,
    message_id uuid NOT NULL,
    fact_on date NOT NULL,
    fact text NOT NULL,
    template text NOT NULL,
    parameters jsonb NOT NULL,
    state text NOT NULL,
    outcome text,
    kind text,
    address text,
    language varchar(2),
    provider_reference text,
    attempts smallint NOT NULL,
    queued_at timestamptz NOT NULL,
    next_attempt_at timestamptz,
    sent_at timestamptz,
    settled_at timestamptz,
    PRIMARY KEY (person_id, message_id, fact_on),
    CONSTRAINT notices_message_fact_once UNIQUE (person_id, fact, template, fact_on),
    CONSTRAINT notices_message_state_known CHECK (state IN ('queued', 'sent', 'delivered', 'failed', 'refused')),
    CONSTRAINT notices_message_settled_or_due CHECK (
        (state IN ('queued', 'sent') AND settled_at IS NULL AND next_attempt_at IS NOT NULL)
        OR (state NOT IN ('queued', 'sent') AND settled_at IS NOT NULL AND next_attempt_at IS NULL AND address IS NULL)),
    CONSTRAINT notices_message_sent_when CHECK (state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL)
) PARTITION BY RANGE (fact_on);

CREATE INDEX notices_message_due ON notices_message (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- Facts older than the platform share one partition.
CREATE TABLE notices_message_before PARTITION OF notices_message FOR VALUES FROM (MINVALUE) TO ('2024-12-01');

-- Makes the months from that of p_from up to that of p_until; returns how many were made. Partitions belong to the owner, whoever runs it.
CREATE FUNCTION notices_ensure_months(p_from date, p_until date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_month date := greatest(date_trunc('month', p_from), date '2024-12-01');
    v_name text;
    v_made integer := 0;
BEGIN
    IF p_until - p_from > 366 * 20 THEN
        RAISE EXCEPTION 'twenty years of months at most, not % to %', p_from, p_until USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('notices_ensure_months'));
    WHILE v_month <= p_until LOOP
        v_name := 'notices_message' || to_char(v_month, '_YYYY_MM');
        IF to_regclass('public.' || v_name) IS NULL THEN
            EXECUTE format('CREATE TABLE public.%I PARTITION OF public.notices_message FOR VALUES FROM (%L) TO (%L)',
                v_name, v_month, (v_month + interval '1 month')::date);
            v_made := v_made + 1;
        END IF;
        v_month := v_month + interval '1 month';
    END LOOP;
    RETURN v_made;
END $$;
REVOKE ALL ON FUNCTION notices_ensure_months(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notices_ensure_months(date, date) TO ansinh_app;

SELECT notices_ensure_months(date '2024-12-01', (now() + interval '3 years')::date);
