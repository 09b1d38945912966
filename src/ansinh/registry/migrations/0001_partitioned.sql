-- Django cannot say PARTITION BY; everything else is what the models say. Each table has a part for days outside the months that are made.
CREATE TABLE registry_former_record (
    pin varchar(12) NOT NULL,
    version integer NOT NULL,
    superseded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    valid_from date NOT NULL,
    cause text NOT NULL,
    record jsonb NOT NULL,
    PRIMARY KEY (pin, version, superseded_at)
) PARTITION BY RANGE (superseded_at);
CREATE TABLE registry_former_record_other PARTITION OF registry_former_record DEFAULT;

CREATE TABLE registry_feed_message (
    message_no uuid NOT NULL,
    received_at timestamptz NOT NULL,
    channel text NOT NULL,
    sha256 text NOT NULL,
    events integer NOT NULL,
    new integer NOT NULL,
    repeated integer NOT NULL,
    parked integer NOT NULL,
    PRIMARY KEY (message_no, received_at),
    CONSTRAINT registry_feed_message_channel_known CHECK (channel IN ('page', 'asked_again', 'notified'))
) PARTITION BY RANGE (received_at);
CREATE TABLE registry_feed_message_other PARTITION OF registry_feed_message DEFAULT;

CREATE TABLE registry_event (
    event_id text NOT NULL,
    told_on date NOT NULL,
    feed_no bigint NOT NULL,
    pin varchar(12),
    sequence integer,
    kind text,
    happened_on date,
    state text NOT NULL,
    reason text,
    attempts smallint NOT NULL,
    body bytea NOT NULL,
    signature text NOT NULL,
    message_no uuid NOT NULL,
    received_at timestamptz NOT NULL,
    settled_at timestamptz,
    former jsonb,
    withdrawn_by text,
    PRIMARY KEY (event_id, told_on),
    CONSTRAINT registry_event_state_known CHECK (state IN ('waiting', 'applied', 'contained', 'parked', 'undone')),
    CONSTRAINT registry_event_parked_why CHECK (
        (state = 'parked' AND reason IN ('signature', 'unreadable', 'unlike_its_cover', 'other_person', 'sequence_taken', 'field_not_of_kind',
            'cancelled_number', 'impossible_day', 'withdrawal_disagrees', 'not_in_record', 'refused_by_database'))
        OR (state <> 'parked' AND reason IS NULL)),
    CONSTRAINT registry_event_read_unless_parked CHECK (
        state = 'parked' OR (pin IS NOT NULL AND sequence IS NOT NULL AND kind IS NOT NULL))
) PARTITION BY RANGE (told_on);
CREATE INDEX registry_event_feed_no ON registry_event (feed_no);
CREATE INDEX registry_event_of_pin ON registry_event (pin, sequence);
CREATE INDEX registry_event_waiting ON registry_event (pin) WHERE state = 'waiting';
CREATE INDEX registry_event_parked ON registry_event (feed_no) WHERE state = 'parked';
CREATE TABLE registry_event_other PARTITION OF registry_event DEFAULT;

CREATE TABLE registry_announcement (
    pin varchar(12) NOT NULL,
    announcement_no bigint NOT NULL,
    announced_on date NOT NULL,
    fact text NOT NULL,
    event_id text NOT NULL,
    happened_on date NOT NULL,
    other_pin varchar(12),
    changed jsonb NOT NULL,
    PRIMARY KEY (pin, announcement_no, announced_on)
) PARTITION BY RANGE (announced_on);
CREATE INDEX registry_announcement_order ON registry_announcement (announcement_no);
CREATE TABLE registry_announcement_other PARTITION OF registry_announcement DEFAULT;

-- Makes the months of all four from that of p_from up to that of p_until; returns how many were made. Partitions belong to the owner, whoever runs it.
CREATE FUNCTION registry_ensure_months(p_from date, p_until date) RETURNS integer
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
    PERFORM pg_advisory_xact_lock(hashtext('registry_ensure_months'));
    WHILE v_month <= p_until LOOP
        FOREACH v_table IN ARRAY ARRAY['registry_former_record', 'registry_feed_message', 'registry_event', 'registry_announcement'] LOOP
            v_name := v_table || to_char(v_month, '_YYYY_MM');
            IF to_regclass('public.' || v_name) IS NULL THEN
                EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
                    v_name, v_table, v_month, (v_month + interval '1 month')::date);
                v_made := v_made + 1;
            END IF;
        END LOOP;
        v_month := v_month + interval '1 month';
    END LOOP;
    RETURN v_made;
END $$;
REVOKE ALL ON FUNCTION registry_ensure_months(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_ensure_months(date, date) TO ansinh_app;

-- The invented nation's lived months; whoever reads the feed makes those of its own days first.
SELECT registry_ensure_months(date '2025-05-01', date '2025-10-31');

-- What higher rooms read: the people the register knows now, with the moment each record was learned. Columns may be added, never changed.
CREATE VIEW registry_people_v1 AS
SELECT pin, old_number, full_name, sex, birth_year, birth_month, birth_day, commune, province, household, father_pin, mother_pin, spouse_pin,
       registered_on, died_on, replaces, version, valid_from, recorded_at
FROM registry_person WHERE cancelled_on IS NULL;
