-- A message by one channel. Partitioned as messages are, by the day of the fact.
CREATE TABLE notices_attempt (
    person_id bigint NOT NULL,
    message_id uuid NOT NULL,
    kind text NOT NULL,
    fact_on date NOT NULL,
    turn smallint NOT NULL,
    state text NOT NULL,
    outcome text,
    provider_reference text,
    begun_at timestamptz NOT NULL,
    sent_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (person_id, message_id, kind, fact_on),
    CONSTRAINT notices_attempt_kind_known CHECK (kind IN ('app', 'sms', 'email', 'letter')),
    CONSTRAINT notices_attempt_state_known CHECK (state IN ('queued', 'sent', 'delivered', 'failed', 'refused')),
    CONSTRAINT notices_attempt_ended CHECK ((state IN ('queued', 'sent')) = (ended_at IS NULL))
) PARTITION BY RANGE (fact_on);
CREATE TABLE notices_attempt_before PARTITION OF notices_attempt FOR VALUES FROM (MINVALUE) TO ('2024-12-01');

-- Makes the months of messages and of attempts; returns how many months were made. Partitions belong to the owner, whoever runs it.
CREATE OR REPLACE FUNCTION notices_ensure_months(p_from date, p_until date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_month date := greatest(date_trunc('month', p_from), date '2024-12-01');
    v_table text;
    v_name text;
    v_made integer := 0;
BEGIN
    IF p_until - p_from > 366 * 20 THEN
        RAISE EXCEPTION 'twenty years of months at most, not % to %', p_from, p_until USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('notices_ensure_months'));
    WHILE v_month <= p_until LOOP
        FOREACH v_table IN ARRAY ARRAY['notices_message', 'notices_attempt'] LOOP
            v_name := v_table || to_char(v_month, '_YYYY_MM');
            IF to_regclass('public.' || v_name) IS NULL THEN
                EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
                    v_name, v_table, v_month, (v_month + interval '1 month')::date);
                v_made := v_made + (v_table = 'notices_message')::integer;
            END IF;
        END LOOP;
        v_month := v_month + interval '1 month';
    END LOOP;
    RETURN v_made;
END $$;
SELECT notices_ensure_months(date '2024-12-01', (now() + interval '3 years')::date);

-- Messages that are out by a channel already have begun it.
INSERT INTO notices_attempt (person_id, message_id, kind, fact_on, turn, state, outcome, provider_reference, begun_at, sent_at, ended_at)
SELECT person_id, message_id, kind, fact_on, 1, state, outcome, provider_reference, queued_at, sent_at, settled_at
FROM notices_message WHERE kind IS NOT NULL;
