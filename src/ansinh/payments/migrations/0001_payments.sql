-- Everything that is paid. Big tables are distributed by person_id (the payee) and partitioned: obligations by benefit month, all that hangs on
-- an order by the month it is paid in. Small tables (runs, batches, seals, messages) stand whole on every node.
-- State codes of attempts and events are those of states.py; a later one is never weaker.

-- Twelve digits of an EndToEndId hold an order's number.
CREATE SEQUENCE payments_order_number AS bigint MAXVALUE 999999999999;
CREATE SEQUENCE payments_account_number AS bigint;
CREATE SEQUENCE payments_case_number AS bigint;

CREATE FUNCTION payments_is_month(p_month integer) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN p_month BETWEEN 190001 AND 999912 AND p_month % 100 BETWEEN 1 AND 12;

-- One act of paying: a set of months, provinces and kinds, a legal act, a day.
CREATE TABLE payments_run (
    run_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_key text NOT NULL UNIQUE,
    pay_month integer NOT NULL CHECK (payments_is_month(pay_month)),
    pay_on date NOT NULL,
    rhythm text NOT NULL CHECK (rhythm IN ('monthly', 'one_off', 'unemployment')),
    months integer[] NOT NULL CHECK (cardinality(months) > 0),
    provinces text[],
    kinds text[],
    act text NOT NULL CHECK (act <> ''),
    state text NOT NULL DEFAULT 'draft' CONSTRAINT payments_run_state_known CHECK (state IN ('draft', 'building', 'built', 'checked', 'approved',
        'authorised', 'funded', 'sending', 'sent', 'settling', 'closed', 'aborted')),
    work text,
    work_error text,
    created_by text NOT NULL,
    made_by text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT payments_run_has_maker CHECK (state IN ('draft', 'aborted') OR made_by IS NOT NULL),
    CONSTRAINT payments_run_paid_in_its_month CHECK (pay_month = extract(year FROM pay_on) * 100 + extract(month FROM pay_on))
);

-- A chunk of a long step; done in the same transaction as its effect.
CREATE TABLE payments_chunk (
    subject text NOT NULL CHECK (subject IN ('run', 'message')),
    subject_id bigint NOT NULL,
    step text NOT NULL,
    chunk integer NOT NULL,
    first bigint NOT NULL,
    until bigint NOT NULL,
    row_count bigint,
    amount bigint,
    done_at timestamptz,
    PRIMARY KEY (subject, subject_id, step, chunk),
    CONSTRAINT payments_chunk_until_after_first CHECK (until > first)
);

-- What is owed: one entitlement, one component, one benefit month, one correction. order_id says which live order pays it.
CREATE TABLE payments_obligation (
    month integer NOT NULL,
    person_id bigint NOT NULL,
    entitlement_id bigint NOT NULL,
    component text NOT NULL,
    correction integer NOT NULL,
    amount bigint NOT NULL CONSTRAINT payments_obligation_not_zero CHECK (amount <> 0),
    kind text NOT NULL,
    order_id bigint,
    pay_month integer,
    voided_at timestamptz,
    PRIMARY KEY (month, person_id, entitlement_id, component, correction),
    CONSTRAINT payments_obligation_only_corrections_negative CHECK (amount > 0 OR correction > 0),
    CONSTRAINT payments_obligation_claimed_whole CHECK ((order_id IS NULL) = (pay_month IS NULL)),
    CONSTRAINT payments_obligation_void_is_free CHECK (voided_at IS NULL OR order_id IS NULL)
) PARTITION BY LIST (month);
-- Months long ago come back as corrections only; they never get a partition of their own.
CREATE TABLE payments_obligation_other PARTITION OF payments_obligation DEFAULT;
CREATE INDEX payments_obligation_due ON payments_obligation (person_id) WHERE order_id IS NULL AND voided_at IS NULL;

-- Money for one payee in one run. paying and paid are read from the live attempt; the column holds what only an order can be.
CREATE TABLE payments_order (
    pay_month integer NOT NULL,
    person_id bigint NOT NULL,
    run_id integer NOT NULL,
    order_id bigint NOT NULL,
    amount bigint NOT NULL CONSTRAINT payments_order_positive CHECK (amount > 0),
    province text NOT NULL,
    commune text,
    urban boolean NOT NULL,
    state text NOT NULL DEFAULT 'open' CONSTRAINT payments_order_state_known CHECK (state IN ('open', 'withheld', 'released')),
    PRIMARY KEY (pay_month, person_id, run_id)
) PARTITION BY LIST (pay_month);

-- One try to pay an order to one frozen destination, on one line of one batch. Nothing but ended ever changes, and that once.
CREATE TABLE payments_attempt (
    pay_month integer NOT NULL,
    order_id bigint NOT NULL,
    attempt_no smallint NOT NULL CHECK (attempt_no BETWEEN 1 AND 99),
    person_id bigint NOT NULL,
    run_id integer NOT NULL,
    batch_id bigint NOT NULL,
    line integer NOT NULL CHECK (line > 0),
    channel text NOT NULL CONSTRAINT payments_attempt_channel_known CHECK (channel IN ('account', 'cash', 'home')),
    partner text NOT NULL,
    account text,
    holder text NOT NULL,
    amount bigint NOT NULL CONSTRAINT payments_attempt_positive CHECK (amount > 0),
    ended smallint CONSTRAINT payments_attempt_ending_known CHECK (ended IN (20, 40, 50, 60, 61)),
    PRIMARY KEY (pay_month, order_id, attempt_no, person_id),
    CONSTRAINT payments_attempt_one_line UNIQUE (pay_month, batch_id, line, person_id),
    CONSTRAINT payments_attempt_account_where_needed CHECK ((channel = 'account') = (account IS NOT NULL))
) PARTITION BY LIST (pay_month);
CREATE UNIQUE INDEX payments_attempt_one_live ON payments_attempt (pay_month, order_id, person_id) WHERE ended IS NULL;

-- Attempts that travel in one message to one bank or one province's post. message_id never changes between tries.
CREATE TABLE payments_batch (
    batch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id integer NOT NULL REFERENCES payments_run,
    pay_month integer NOT NULL,
    round smallint NOT NULL,
    channel text NOT NULL CHECK (channel IN ('account', 'cash', 'home')),
    partner text NOT NULL,
    number integer NOT NULL,
    message_id text NOT NULL CHECK (length(message_id) <= 35),
    lines integer NOT NULL DEFAULT 0 CHECK (lines BETWEEN 0 AND 50000),
    amount bigint NOT NULL DEFAULT 0 CHECK (amount >= 0),
    digest bytea,
    seal_no integer,
    state text NOT NULL DEFAULT 'new' CONSTRAINT payments_batch_state_known CHECK (state IN ('new', 'sealed', 'ready', 'sending', 'sent', 'unknown',
        'acknowledged', 'answered', 'refused', 'cancelled')),
    state_at timestamptz NOT NULL,
    tries smallint NOT NULL DEFAULT 0,
    tried_at timestamptz,
    not_known smallint NOT NULL DEFAULT 0,
    UNIQUE (run_id, round, partner, number),
    UNIQUE (partner, message_id),
    CONSTRAINT payments_batch_sealed_has_digest CHECK (state IN ('new', 'cancelled') OR (digest IS NOT NULL AND seal_no IS NOT NULL)),
    CONSTRAINT payments_batch_tried_when CHECK (state IN ('new', 'sealed', 'ready', 'cancelled') OR tries > 0)
);
CREATE INDEX payments_batch_on_its_way ON payments_batch (state) WHERE state IN ('sending', 'unknown');

CREATE TABLE payments_batchevent (
    batch_id bigint NOT NULL REFERENCES payments_batch,
    event_no bigint GENERATED ALWAYS AS IDENTITY,
    event text NOT NULL,
    try_no smallint NOT NULL,
    detail text,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (batch_id, event_no)
);

-- What was approved: the chained digests of a round's batches. Approvals are rows of their own, so that nothing here ever changes.
CREATE TABLE payments_seal (
    run_id integer NOT NULL REFERENCES payments_run,
    seal_no integer NOT NULL,
    round smallint NOT NULL,
    seal bytea NOT NULL CHECK (length(seal) = 32),
    batches integer NOT NULL,
    lines bigint NOT NULL,
    amount bigint NOT NULL,
    made_by text NOT NULL,
    sealed_by text NOT NULL,
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (run_id, seal_no),
    UNIQUE (run_id, seal_no, made_by, sealed_by)
);

-- Who made it, who approved it (step 1), who authorised it (step 2): three people. made_by, sealed_by and first_by are held to the truth by foreign keys.
CREATE TABLE payments_approval (
    run_id integer NOT NULL,
    seal_no integer NOT NULL,
    step smallint NOT NULL CHECK (step IN (1, 2)),
    officer text NOT NULL,
    made_by text NOT NULL,
    sealed_by text NOT NULL,
    first_by text,
    first_step smallint GENERATED ALWAYS AS (CASE WHEN step = 2 THEN 1 END) STORED,
    signature text NOT NULL,
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (run_id, seal_no, step),
    UNIQUE (run_id, seal_no, step, officer),
    CONSTRAINT payments_approval_not_by_maker CHECK (officer <> made_by AND officer <> sealed_by),
    CONSTRAINT payments_approval_not_by_first CHECK (officer <> first_by),
    CONSTRAINT payments_approval_second_names_first CHECK ((step = 2) = (first_by IS NOT NULL)),
    FOREIGN KEY (run_id, seal_no, made_by, sealed_by) REFERENCES payments_seal (run_id, seal_no, made_by, sealed_by),
    FOREIGN KEY (run_id, seal_no, first_step, first_by) REFERENCES payments_approval (run_id, seal_no, step, officer)
);

-- Money set aside at a bank, or handed to the post, for what a seal sends there.
CREATE TABLE payments_funding (
    run_id integer NOT NULL,
    seal_no integer NOT NULL,
    partner text NOT NULL,
    needed bigint NOT NULL CHECK (needed >= 0),
    available bigint NOT NULL,
    earmarked_by text NOT NULL,
    earmarked_at timestamptz NOT NULL,
    PRIMARY KEY (run_id, seal_no, partner),
    CONSTRAINT payments_funding_enough CHECK (available >= needed),
    FOREIGN KEY (run_id, seal_no) REFERENCES payments_seal
);

-- Exact bytes sent or received; body is deflated (zlib), sha256 is of the bytes themselves.
CREATE TABLE payments_message (
    message_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    direction text NOT NULL CHECK (direction IN ('out', 'in')),
    partner text NOT NULL,
    message_id text NOT NULL,
    batch_id bigint REFERENCES payments_batch,
    version smallint NOT NULL DEFAULT 1,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    size_bytes bigint NOT NULL,
    lines integer NOT NULL,
    amount bigint,
    body bytea NOT NULL,
    kept_at timestamptz NOT NULL,
    CONSTRAINT payments_message_once UNIQUE (partner, direction, sha256),
    CONSTRAINT payments_message_of_batch CHECK ((direction = 'out') = (batch_id IS NOT NULL))
);
ALTER TABLE payments_message ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX payments_message_one_version ON payments_message (batch_id, version) WHERE direction = 'out';

-- Lines of answers as read, until they are matched. Logged on purpose: a crash of the server must not lose them.
CREATE TABLE payments_answer (
    message_no bigint NOT NULL,
    line integer NOT NULL,
    end_to_end_id text,
    kind smallint NOT NULL,
    reason text,
    amount bigint,
    bank_reference text NOT NULL,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (message_no, line)
);

-- What happened to an attempt. effect: 1 counts, 2 stored and weaker than what is known, 3 cannot be: opened a case.
CREATE TABLE payments_event (
    pay_month integer NOT NULL,
    order_id bigint NOT NULL,
    attempt_no smallint NOT NULL,
    kind smallint NOT NULL CONSTRAINT payments_event_kind_known CHECK (kind IN (10, 20, 30, 40, 50, 60)),
    bank_reference text NOT NULL,
    person_id bigint NOT NULL,
    effect smallint NOT NULL CHECK (effect IN (1, 2, 3)),
    reason text,
    amount bigint NOT NULL,
    message_no bigint,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (pay_month, order_id, attempt_no, kind, bank_reference, person_id)
) PARTITION BY LIST (pay_month);

-- One ledger line. An entry is the lines of one kind of one attempt (attempt 0: of the order itself); its lines sum to zero.
CREATE TABLE payments_posting (
    pay_month integer NOT NULL,
    order_id bigint NOT NULL,
    attempt_no smallint NOT NULL,
    kind smallint NOT NULL CONSTRAINT payments_posting_kind_known CHECK (kind BETWEEN 1 AND 10),
    account integer NOT NULL,
    person_id bigint NOT NULL,
    run_id integer NOT NULL,
    amount bigint NOT NULL CONSTRAINT payments_posting_not_zero CHECK (amount <> 0),
    posted_at timestamptz NOT NULL,
    PRIMARY KEY (pay_month, order_id, attempt_no, kind, account, person_id)
) PARTITION BY LIST (pay_month);

-- Where a payee is paid, with history in half-open months. The newest confirmed one has no end. checked_name is the payee's name when the holder's was
-- last found to be the same; as long as it is theirs, nothing is compared again.
CREATE TABLE payments_account (
    person_id bigint NOT NULL,
    account_id bigint NOT NULL,
    bank text NOT NULL CONSTRAINT payments_account_bin CHECK (bank ~ '^[0-9]{6}$'),
    account text NOT NULL CONSTRAINT payments_account_form CHECK (account ~ '^[0-9A-Za-z]{4,34}$'),
    holder text NOT NULL CHECK (holder <> ''),
    checked_name text,
    relation text NOT NULL DEFAULT 'own' CONSTRAINT payments_account_relation_known CHECK (relation IN ('own', 'guardian', 'proxy')),
    from_month integer NOT NULL CHECK (payments_is_month(from_month)),
    until_month integer CHECK (payments_is_month(until_month)),
    filed_at timestamptz NOT NULL,
    filed_by text NOT NULL,
    code_digest bytea,
    code_until timestamptz,
    code_misses smallint NOT NULL DEFAULT 0,
    confirmed_at timestamptz,
    stopped_at timestamptz,
    stop_reason text,
    source text,
    PRIMARY KEY (person_id, account_id),
    CONSTRAINT payments_account_ends_after_start CHECK (until_month >= from_month),
    CONSTRAINT payments_account_stopped_why CHECK ((stopped_at IS NULL) = (stop_reason IS NULL))
);
CREATE UNIQUE INDEX payments_account_one_current ON payments_account (person_id)
    WHERE confirmed_at IS NOT NULL AND stopped_at IS NULL AND until_month IS NULL;
CREATE INDEX payments_account_shared ON payments_account (account, bank);

CREATE TABLE payments_load (
    source text PRIMARY KEY,
    row_count bigint NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now()
);

-- What a run's checks found about one payee.
CREATE TABLE payments_finding (
    person_id bigint NOT NULL,
    run_id integer NOT NULL,
    kind text NOT NULL CONSTRAINT payments_finding_kind_known CHECK (kind IN ('new', 'gone', 'changed', 'dead', 'shared_account', 'never_paid_before',
        'name_differs', 'nothing_to_pay')),
    order_id bigint,
    amount bigint,
    amount_before bigint,
    detail text,
    withheld boolean NOT NULL DEFAULT false,
    found_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, run_id, kind)
);
CREATE INDEX payments_finding_of_run ON payments_finding (run_id, kind);

-- What no rule may decide: a person does.
CREATE TABLE payments_case (
    person_id bigint NOT NULL,
    case_id bigint NOT NULL DEFAULT nextval('payments_case_number'),
    kind text NOT NULL,
    run_id integer,
    pay_month integer,
    order_id bigint,
    attempt_no smallint,
    message_no bigint,
    line integer,
    detail text NOT NULL,
    amount bigint,
    opened_at timestamptz NOT NULL,
    settled_at timestamptz,
    settled_by text,
    outcome text,
    PRIMARY KEY (person_id, case_id),
    CONSTRAINT payments_case_settled_whole CHECK ((settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX payments_case_open ON payments_case (kind) WHERE settled_at IS NULL;
CREATE UNIQUE INDEX payments_case_once ON payments_case (person_id, message_no, line, kind) WHERE message_no IS NOT NULL;

-- Figures published with a closed run, tied to its seal.
CREATE TABLE payments_indicator (
    run_id integer NOT NULL,
    seal_no integer NOT NULL,
    key text NOT NULL,
    province text NOT NULL,
    counted bigint NOT NULL,
    total bigint NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (run_id, seal_no, key, province),
    FOREIGN KEY (run_id, seal_no) REFERENCES payments_seal
);

-- EndToEndId: period, order, attempt, check character (the number they form, modulo 23, as a letter: no slip of one digit and no swap of neighbours passes).
CREATE FUNCTION payments_end_to_end_id(p_pay_month integer, p_order_id bigint, p_attempt_no smallint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN 'AS' || p_pay_month || lpad(p_order_id::text, 12, '0') || lpad(p_attempt_no::text, 2, '0')
    || substr('ABCDEFGHJKLMNPQRSTUVWXY', 1 + (((p_pay_month % 23) * 12 + (p_order_id % 23) * 8 + p_attempt_no) % 23)::integer, 1);

-- Where an attempt stands: its end, else its strongest event, else its batch.
CREATE VIEW payments_attempt_now AS
SELECT a.*, coalesce(a.ended,
    (SELECT max(e.kind) FROM payments_event e WHERE e.pay_month = a.pay_month AND e.order_id = a.order_id AND e.attempt_no = a.attempt_no
        AND e.person_id = a.person_id AND e.effect = 1),
    CASE b.state WHEN 'sending' THEN 2 WHEN 'unknown' THEN 3 WHEN 'sent' THEN 4 WHEN 'acknowledged' THEN 4 WHEN 'answered' THEN 4 ELSE 1 END)::smallint
    AS state
FROM payments_attempt a JOIN payments_batch b USING (batch_id);

CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION payments_entries_are_zero() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_order bigint;
BEGIN
    SELECT order_id INTO v_order FROM fresh GROUP BY order_id, attempt_no, kind HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the entry of order % does not sum to zero', v_order USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

-- An obligation passes from no order to one, and from a released order to none; never from one to another.
CREATE FUNCTION payments_obligation_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.order_id IS NOT NULL AND NEW.order_id IS DISTINCT FROM OLD.order_id THEN
        IF NEW.order_id IS NOT NULL OR NOT EXISTS (SELECT FROM public.payments_order o WHERE o.pay_month = OLD.pay_month
            AND o.person_id = OLD.person_id AND o.order_id = OLD.order_id AND o.state = 'released') THEN
            RAISE EXCEPTION 'the obligation of order % is not released', OLD.order_id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION payments_attempt_ends_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.ended IS NOT NULL AND NEW.ended IS DISTINCT FROM OLD.ended THEN
        RAISE EXCEPTION 'attempt % of order % has ended', OLD.attempt_no, OLD.order_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payments_posting_zero AFTER INSERT ON payments_posting REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION payments_entries_are_zero();
CREATE TRIGGER payments_obligation_moves BEFORE UPDATE OF order_id ON payments_obligation FOR EACH ROW EXECUTE FUNCTION payments_obligation_moves();
CREATE TRIGGER payments_attempt_ends_once BEFORE UPDATE OF ended ON payments_attempt FOR EACH ROW EXECUTE FUNCTION payments_attempt_ends_once();

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['event', 'posting', 'message', 'seal', 'approval', 'batchevent', 'funding', 'indicator'] LOOP
        EXECUTE format('CREATE TRIGGER payments_%1$s_append_only BEFORE UPDATE OR DELETE ON payments_%1$s FOR EACH ROW EXECUTE FUNCTION payments_refuse_change()', v_table);
        EXECUTE format('CREATE TRIGGER payments_%1$s_kept BEFORE TRUNCATE ON payments_%1$s FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change()', v_table);
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON payments_%s FROM ansinh_app', v_table);
    END LOOP;
END $$;

-- Of the rest, only what may change can be changed.
REVOKE UPDATE, DELETE ON payments_run, payments_obligation, payments_order, payments_attempt, payments_batch, payments_case, payments_account,
    payments_load, payments_chunk FROM ansinh_app;
REVOKE ALL ON payments_obligation_other FROM ansinh_app;
GRANT UPDATE (state, work, work_error, made_by, changed_at) ON payments_run TO ansinh_app;
GRANT UPDATE (order_id, pay_month, voided_at) ON payments_obligation TO ansinh_app;
GRANT UPDATE (state) ON payments_order TO ansinh_app;
GRANT UPDATE (ended) ON payments_attempt TO ansinh_app;
GRANT UPDATE (lines, amount, digest, seal_no, state, state_at, tries, tried_at, not_known) ON payments_batch TO ansinh_app;
GRANT UPDATE (row_count, amount, done_at) ON payments_chunk TO ansinh_app;
GRANT UPDATE (settled_at, settled_by, outcome) ON payments_case TO ansinh_app;
GRANT UPDATE (checked_name, until_month, code_digest, code_until, code_misses, confirmed_at, stopped_at, stop_reason) ON payments_account TO ansinh_app;
GRANT USAGE, SELECT ON SEQUENCE payments_order_number, payments_account_number, payments_case_number TO ansinh_app;

-- Makes the partitions of a pay month, and those of benefit months from December 2024, when this system began, up to p_benefit_until; returns how many.
CREATE FUNCTION payments_ensure_months(p_pay_month integer, p_benefit_until integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_table text;
    v_name text;
    v_day date := date '2024-12-01';
    v_last date := to_date(p_benefit_until::text, 'YYYYMM');
    v_made integer := 0;
BEGIN
    IF NOT payments_is_month(p_pay_month) OR NOT payments_is_month(p_benefit_until) OR v_last > date '2124-01-01' THEN
        RAISE EXCEPTION 'not months: %, %', p_pay_month, p_benefit_until USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('payments_ensure_months'));
    FOREACH v_table IN ARRAY ARRAY['payments_order', 'payments_attempt', 'payments_event', 'payments_posting'] LOOP
        v_name := v_table || '_' || p_pay_month;
        CONTINUE WHEN to_regclass('public.' || v_name) IS NOT NULL;
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES IN (%s)', v_name, v_table, p_pay_month);
        EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, ansinh_app, ansinh_gateway', v_name);
        v_made := v_made + 1;
    END LOOP;
    WHILE v_day <= v_last LOOP
        v_name := 'payments_obligation_' || to_char(v_day, 'YYYYMM');
        IF to_regclass('public.' || v_name) IS NULL THEN
            EXECUTE format('CREATE TABLE public.%I PARTITION OF public.payments_obligation FOR VALUES IN (%s)', v_name, to_char(v_day, 'YYYYMM'));
            EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, ansinh_app, ansinh_gateway', v_name);
            v_made := v_made + 1;
        END IF;
        v_day := v_day + interval '1 month';
    END LOOP;
    RETURN v_made;
END $$;
REVOKE ALL ON FUNCTION payments_ensure_months(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments_ensure_months(integer, integer) TO ansinh_app;
