-- What facilities submit, and the book that grows from it. Django cannot say PARTITION BY, so everything is said here.
--
-- Raw submissions are partitioned by month (YYYYMM) and leave for packs. The book is read by person across all time and never dropped: its tables are
-- partitioned by year of admission (of a paper: of its issue), and every row of a visit's version carries the same year.

CREATE SEQUENCE healthbook_received_number AS bigint;
CREATE SEQUENCE healthbook_visit_number AS bigint;
CREATE SEQUENCE healthbook_paper_number AS bigint;
CREATE SEQUENCE healthbook_claim_number AS bigint;

-- The receipt follows from facility, kind and digest, so the same bytes have one receipt, whoever sends them how often.
-- received_no is the order of receipt; the newest accepted one of an episode is its current page. counted: the outcome under which healthbook_daily has it.
CREATE TABLE healthbook_submission (
    facility text NOT NULL,
    month integer NOT NULL,
    receipt text NOT NULL,
    received_no bigint NOT NULL DEFAULT nextval('healthbook_received_number'),
    received_at timestamptz NOT NULL,
    kind smallint NOT NULL,
    client_no integer NOT NULL,
    sha256 bytea NOT NULL,
    size integer NOT NULL,
    content bytea,
    pack text,
    pack_offset bigint,
    pack_length integer,
    state text NOT NULL DEFAULT 'received',
    tries smallint NOT NULL DEFAULT 0,
    settled_at timestamptz,
    entries smallint,
    episode text,
    version integer,
    errors jsonb,
    counted text,
    counted_delay smallint,
    CONSTRAINT healthbook_submission_state_known CHECK (state IN ('received', 'accepted', 'rejected', 'waiting', 'withdrawn', 'parked')),
    CONSTRAINT healthbook_submission_digest_whole CHECK (octet_length(sha256) = 32 AND size > 0),
    CONSTRAINT healthbook_submission_bytes_somewhere CHECK (
        (content IS NOT NULL AND pack IS NULL) OR (content IS NULL AND pack IS NOT NULL AND pack_offset >= 0 AND pack_length > 0)),
    CONSTRAINT healthbook_submission_settled CHECK ((state = 'received') OR settled_at IS NOT NULL),
    PRIMARY KEY (facility, receipt, month)
) PARTITION BY RANGE (month);
-- The bytes come compressed; the server need not try again.
ALTER TABLE healthbook_submission ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX healthbook_submission_queue ON healthbook_submission (received_no) WHERE state = 'received';

-- What a worker is reading, written before it reads: if the worker dies of it, these are the suspects.
CREATE TABLE healthbook_claim (
    claim_no bigint PRIMARY KEY DEFAULT nextval('healthbook_claim_number'),
    numbers bigint[] NOT NULL,
    claimed_at timestamptz NOT NULL
);

-- One row an episode (MA_LK) of a facility, or a paper sent alone: whose it is, how many versions it has, and which one is current.
CREATE TABLE healthbook_episode (
    facility text NOT NULL,
    episode text NOT NULL,
    person_id bigint NOT NULL,
    visit_id bigint NOT NULL,
    year smallint NOT NULL,
    versions integer NOT NULL,
    current_version integer,
    current_no bigint NOT NULL,
    current_sha256 bytea,
    withdrawn_at timestamptz,
    CONSTRAINT healthbook_episode_current_among CHECK (current_version BETWEEN 1 AND versions),
    CONSTRAINT healthbook_episode_current_or_withdrawn CHECK ((current_version IS NULL) = (withdrawn_at IS NOT NULL)),
    PRIMARY KEY (facility, episode)
) WITH (fillfactor = 90);

CREATE TABLE healthbook_visit (
    person_id bigint NOT NULL,
    year smallint NOT NULL,
    visit_id bigint NOT NULL,
    version integer NOT NULL,
    current boolean NOT NULL,
    facility text NOT NULL,
    episode text NOT NULL,
    received_no bigint NOT NULL,
    receipt text NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz,
    withdrawn_at timestamptz,
    care_kind text,
    patient_category text,
    admitted_at timestamptz NOT NULL,
    inpatient_at timestamptz,
    discharged_at timestamptz,
    days numeric(6, 1),
    result text,
    discharge_kind text,
    department text,
    doctor text,
    reason text,
    admission_diagnosis text,
    diagnosis_text text,
    main_diagnosis text,
    procedures text,
    treatment text,
    weight numeric(8, 2),
    from_facility text,
    to_facility text,
    referral_number text,
    next_visit_on date,
    card_number text,
    notes text,
    total numeric(15, 2),
    insured_total numeric(15, 2),
    fund_paid numeric(15, 2),
    patient_copaid numeric(15, 2),
    patient_paid numeric(15, 2),
    other_paid numeric(15, 2),
    sensitive text[] NOT NULL,
    CONSTRAINT healthbook_visit_current_is_open CHECK (NOT current OR (superseded_at IS NULL AND withdrawn_at IS NULL)),
    PRIMARY KEY (person_id, visit_id, version, year)
) PARTITION BY RANGE (year);
CREATE INDEX healthbook_visit_newest ON healthbook_visit (person_id, admitted_at DESC) WHERE current;
CREATE UNIQUE INDEX healthbook_visit_one_current ON healthbook_visit (person_id, visit_id, year) WHERE current;

CREATE TABLE healthbook_diagnosis (
    person_id bigint NOT NULL,
    year smallint NOT NULL,
    visit_id bigint NOT NULL,
    version integer NOT NULL,
    position smallint NOT NULL,
    icd10 text NOT NULL,
    main boolean NOT NULL,
    traditional boolean NOT NULL,
    sensitive text,
    PRIMARY KEY (person_id, visit_id, version, position, year)
) PARTITION BY RANGE (year);

CREATE TABLE healthbook_medicine (
    person_id bigint NOT NULL,
    year smallint NOT NULL,
    visit_id bigint NOT NULL,
    version integer NOT NULL,
    position smallint NOT NULL,
    code text,
    name text,
    strength text,
    form text,
    route text,
    dose text,
    usage text,
    quantity numeric(15, 3),
    unit text,
    ordered_at timestamptz,
    prescriber text,
    amount numeric(15, 2),
    fund_paid numeric(15, 2),
    PRIMARY KEY (person_id, visit_id, version, position, year)
) PARTITION BY RANGE (year);

CREATE TABLE healthbook_service (
    person_id bigint NOT NULL,
    year smallint NOT NULL,
    visit_id bigint NOT NULL,
    version integer NOT NULL,
    position smallint NOT NULL,
    code text,
    material boolean NOT NULL,
    name text,
    group_code text,
    quantity numeric(15, 3),
    unit text,
    ordered_at timestamptz,
    done_at timestamptz,
    resulted_at timestamptz,
    practitioner text,
    amount numeric(15, 2),
    fund_paid numeric(15, 2),
    PRIMARY KEY (person_id, visit_id, version, position, year)
) PARTITION BY RANGE (year);

CREATE TABLE healthbook_result (
    person_id bigint NOT NULL,
    year smallint NOT NULL,
    visit_id bigint NOT NULL,
    version integer NOT NULL,
    position smallint NOT NULL,
    service_code text,
    index_code text,
    index_name text,
    value text,
    unit text,
    description text,
    conclusion text,
    resulted_at timestamptz,
    reader text,
    PRIMARY KEY (person_id, visit_id, version, position, year)
) PARTITION BY RANGE (year);

CREATE TABLE healthbook_progress (
    person_id bigint NOT NULL,
    year smallint NOT NULL,
    visit_id bigint NOT NULL,
    version integer NOT NULL,
    position smallint NOT NULL,
    noted_at timestamptz,
    text text,
    stage text,
    consultation text,
    surgery text,
    practitioner text,
    PRIMARY KEY (person_id, visit_id, version, position, year)
) PARTITION BY RANGE (year);

-- A paper that came in an encounter file has that visit's number and version; one sent alone has a number of its own (visit_id of its episode).
CREATE TABLE healthbook_paper (
    person_id bigint NOT NULL,
    year smallint NOT NULL,
    paper_id bigint NOT NULL,
    kind text NOT NULL,
    number text,
    facility text NOT NULL,
    episode text,
    visit_id bigint NOT NULL,
    version integer NOT NULL,
    current boolean NOT NULL,
    issued_on date,
    signed boolean NOT NULL,
    content jsonb NOT NULL,
    sensitive text,
    receipt text NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz,
    withdrawn_at timestamptz,
    CONSTRAINT healthbook_paper_current_is_open CHECK (NOT current OR (superseded_at IS NULL AND withdrawn_at IS NULL)),
    PRIMARY KEY (person_id, paper_id, year)
) PARTITION BY RANGE (year);
CREATE INDEX healthbook_paper_of_visit ON healthbook_paper (person_id, visit_id, version);

-- Somebody is at a facility now: the newest check-in message of an episode, until its encounter file closes it.
CREATE TABLE healthbook_checkin (
    person_id bigint NOT NULL,
    year smallint NOT NULL,
    facility text NOT NULL,
    episode text NOT NULL,
    arrived_at timestamptz NOT NULL,
    inpatient_at timestamptz,
    care_kind text,
    patient_category text,
    reason text,
    received_no bigint NOT NULL,
    receipt text NOT NULL,
    recorded_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (person_id, facility, episode, year)
) PARTITION BY RANGE (year);

-- Sound submissions about somebody not known for sure, entry by entry; `said` is what the facility says of the person.
CREATE TABLE healthbook_unplaced (
    facility text NOT NULL,
    receipt text NOT NULL,
    entry smallint NOT NULL,
    month integer NOT NULL,
    episode text NOT NULL,
    said jsonb NOT NULL,
    reason text NOT NULL,
    candidate bigint,
    state text NOT NULL,
    person_id bigint,
    opened_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    CONSTRAINT healthbook_unplaced_state_known CHECK (state IN ('open', 'placed', 'dismissed')),
    CONSTRAINT healthbook_unplaced_decided CHECK ((state = 'open') = (decided_at IS NULL)),
    CONSTRAINT healthbook_unplaced_with_whom CHECK (state <> 'placed' OR person_id IS NOT NULL),
    PRIMARY KEY (facility, receipt, entry)
);
CREATE INDEX healthbook_unplaced_open ON healthbook_unplaced (opened_at) WHERE state = 'open';

-- Counted in the commit that settles a submission. delay: hours from discharge to receipt, in bands (0 under one, 1 under six, 2 under a day, 3 under
-- three days, 4 under seven, 5 more; -1 no discharge said).
CREATE TABLE healthbook_daily (
    facility text NOT NULL,
    day date NOT NULL,
    kind smallint NOT NULL,
    outcome text NOT NULL,
    delay smallint NOT NULL,
    submissions bigint NOT NULL,
    delay_hours bigint NOT NULL,
    CONSTRAINT healthbook_daily_not_negative CHECK (submissions >= 0),
    PRIMARY KEY (facility, day, kind, outcome, delay)
) WITH (fillfactor = 70);

-- A pack of raw bytes moved out: where it lies, and its digest.
CREATE TABLE healthbook_pack (
    pack text PRIMARY KEY,
    month integer NOT NULL,
    members integer NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    packed_at timestamptz NOT NULL
);

-- Makes the partition of a month (YYYYMM) of submissions, where it is missing. Whoever runs it, partitions belong to the owner.
CREATE FUNCTION healthbook_ensure_month(p_month integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_name text := 'healthbook_submission_' || p_month;
BEGIN
    IF p_month % 100 NOT BETWEEN 1 AND 12 OR p_month NOT BETWEEN 200001 AND 220012 THEN
        RAISE EXCEPTION 'no month: %', p_month USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass('public.' || v_name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('healthbook_ensure_month'));
        EXECUTE format('CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.healthbook_submission FOR VALUES FROM (%s) TO (%s)',
            v_name, p_month, p_month + 1);
        EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, ansinh_app, ansinh_gateway', v_name);
    END IF;
END $$;

-- Makes the partitions of a year of the book, where they are missing.
CREATE FUNCTION healthbook_ensure_year(p_year integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_table text;
    v_name text;
BEGIN
    IF p_year NOT BETWEEN 1990 AND 2200 THEN
        RAISE EXCEPTION 'no year of care: %', p_year USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass('public.healthbook_checkin_' || p_year) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('healthbook_ensure_year'));
    FOREACH v_table IN ARRAY ARRAY['visit', 'diagnosis', 'medicine', 'service', 'result', 'progress', 'paper', 'checkin'] LOOP
        v_name := 'healthbook_' || v_table || '_' || p_year;
        CONTINUE WHEN to_regclass('public.' || v_name) IS NOT NULL;
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%s) TO (%s)', v_name, 'healthbook_' || v_table, p_year, p_year + 1);
        EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, ansinh_app, ansinh_gateway', v_name);
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION healthbook_ensure_month(integer), healthbook_ensure_year(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION healthbook_ensure_month(integer), healthbook_ensure_year(integer) TO ansinh_app;

SELECT healthbook_ensure_month(to_char(month, 'YYYYMM')::integer)
FROM generate_series(timestamp '2024-12-01', now()::timestamp + interval '1 year', interval '1 month') AS month;
SELECT healthbook_ensure_year(year) FROM generate_series(2024, extract(year FROM now())::integer + 1) AS year;

-- Nothing of the book is rewritten or deleted: a row may only stop being current. Raw bytes may only move to a pack.
REVOKE ALL ON healthbook_submission, healthbook_visit, healthbook_diagnosis, healthbook_medicine, healthbook_service, healthbook_result,
    healthbook_progress, healthbook_paper, healthbook_checkin, healthbook_unplaced, healthbook_episode, healthbook_pack FROM PUBLIC, ansinh_app, ansinh_gateway;
GRANT SELECT, INSERT ON healthbook_submission, healthbook_visit, healthbook_diagnosis, healthbook_medicine, healthbook_service, healthbook_result,
    healthbook_progress, healthbook_paper, healthbook_checkin, healthbook_unplaced, healthbook_episode, healthbook_pack TO ansinh_app;
GRANT UPDATE (content, pack, pack_offset, pack_length, state, tries, settled_at, entries, episode, version, errors, counted, counted_delay) ON healthbook_submission TO ansinh_app;
GRANT UPDATE (current, superseded_at, withdrawn_at) ON healthbook_visit TO ansinh_app;
GRANT UPDATE (current, superseded_at, withdrawn_at) ON healthbook_paper TO ansinh_app;
GRANT UPDATE (arrived_at, inpatient_at, care_kind, patient_category, reason, received_no, receipt, recorded_at, closed_at) ON healthbook_checkin TO ansinh_app;
GRANT UPDATE (state, person_id, candidate, reason, decided_by, decided_at) ON healthbook_unplaced TO ansinh_app;
GRANT UPDATE ON healthbook_episode TO ansinh_app;
