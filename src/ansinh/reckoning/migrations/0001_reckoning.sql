-- Books around payments: what banks' statements say beside our ledger, what has to come back, what nobody collected, and sums of the ledger by day.
-- Distribution: by person_id where a row is about a payee; the rest is small and stands whole on every node.

CREATE SEQUENCE reckoning_entry_number AS bigint;
CREATE SEQUENCE reckoning_case_number AS bigint;
CREATE SEQUENCE reckoning_recovery_number AS bigint;

-- Files of banks that were looked at for statements; whatever they hold is read once.
CREATE TABLE reckoning_readfile (
    message_no bigint PRIMARY KEY,
    statements integer NOT NULL CHECK (statements >= 0),
    read_at timestamptz NOT NULL
);

-- A statement of our account at a bank as it says itself, in đồng. A missing balance stays missing: it is a case, never a guess.
CREATE TABLE reckoning_statement (
    bank text NOT NULL,
    message_no bigint NOT NULL,
    place integer NOT NULL,
    on_day date NOT NULL,
    statement text,
    account text,
    opening bigint,
    closing bigint,
    came_in bigint NOT NULL CHECK (came_in >= 0),
    went_out bigint NOT NULL CHECK (went_out >= 0),
    lines integer NOT NULL,
    unread integer NOT NULL,
    PRIMARY KEY (bank, message_no, place)
);
CREATE INDEX reckoning_statement_days ON reckoning_statement (bank, on_day);

-- Money that came to our account and names no payment of ours; it is entered in the ledger at once, explained or not.
CREATE TABLE reckoning_inflow (
    bank text NOT NULL,
    message_no bigint NOT NULL,
    line integer NOT NULL,
    booked_on date NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    reference text NOT NULL,
    words text,
    kind text NOT NULL CONSTRAINT reckoning_inflow_kind_known CHECK (kind IN ('funding', 'unexplained')),
    run_id integer,
    seal_no integer,
    entry_id bigint NOT NULL,
    PRIMARY KEY (bank, booked_on, reference, amount),
    CONSTRAINT reckoning_inflow_of_funding CHECK ((kind = 'funding') = (run_id IS NOT NULL) AND (run_id IS NULL) = (seal_no IS NULL))
);
-- What a seal was funded with comes once.
CREATE UNIQUE INDEX reckoning_inflow_one_funding ON reckoning_inflow (bank, run_id, seal_no) WHERE kind = 'funding';

-- One ledger line: plus is debit, minus is credit; the lines of an entry sum to zero.
CREATE TABLE reckoning_posting (
    month integer NOT NULL CHECK (payments_is_month(month)),
    entry_id bigint NOT NULL,
    account integer NOT NULL,
    person_id bigint NOT NULL,
    kind text NOT NULL CONSTRAINT reckoning_posting_kind_known CHECK (kind IN ('opening', 'funding', 'unexplained', 'recovery', 'recovered', 'written_off',
        'unclaimed', 'reclaimed')),
    amount bigint NOT NULL CONSTRAINT reckoning_posting_not_zero CHECK (amount <> 0),
    posted_on date NOT NULL,
    subject text NOT NULL,
    PRIMARY KEY (month, person_id, entry_id, account),
    CONSTRAINT reckoning_posting_in_its_month CHECK (month = extract(year FROM posted_on) * 100 + extract(month FROM posted_on))
) PARTITION BY LIST (month);

-- Sums of the ledger of payments, fed by a trigger with every set of postings: a month's books are read from hundreds of rows, not from millions.
CREATE TABLE reckoning_sum (
    pay_month integer NOT NULL,
    account integer NOT NULL,
    posted_on date NOT NULL,
    sum_no bigint GENERATED ALWAYS AS IDENTITY,
    debit bigint NOT NULL CHECK (debit >= 0),
    credit bigint NOT NULL CHECK (credit >= 0),
    lines bigint NOT NULL,
    PRIMARY KEY (pay_month, account, posted_on, sum_no)
);

-- Where a bank and we differ, named; a person settles it, or later answers explain it.
CREATE TABLE reckoning_difference (
    bank text NOT NULL,
    on_day date NOT NULL,
    kind text NOT NULL CONSTRAINT reckoning_difference_kind_known CHECK (kind IN ('hole', 'opening_differs', 'no_balance', 'other_account', 'told_otherwise',
        'unread_part', 'paid_twice', 'returned_otherwise', 'more_left', 'less_left', 'unexplained_inflow')),
    amount bigint NOT NULL,
    reference text NOT NULL,
    case_id bigint NOT NULL DEFAULT nextval('reckoning_case_number'),
    message_no bigint,
    detail text NOT NULL,
    opened_at timestamptz NOT NULL,
    settled_at timestamptz,
    settled_by text,
    outcome text,
    PRIMARY KEY (bank, on_day, kind, amount, reference),
    UNIQUE (bank, case_id),
    CONSTRAINT reckoning_difference_settled_whole CHECK ((settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (outcome IS NULL))
);

-- What has to come back: paid for months after death, or more than was owed to somebody who is owed nothing any more.
CREATE TABLE reckoning_recovery (
    person_id bigint NOT NULL,
    recovery_id bigint NOT NULL DEFAULT nextval('reckoning_recovery_number'),
    cause text NOT NULL CONSTRAINT reckoning_recovery_cause_known CHECK (cause IN ('paid_after_death', 'overpaid')),
    fund integer NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, recovery_id)
);
-- The obligations it gathers; each is asked back once, whatever is told of it later.
CREATE TABLE reckoning_recoveryitem (
    person_id bigint NOT NULL,
    month integer NOT NULL,
    entitlement_id bigint NOT NULL,
    component text NOT NULL,
    correction integer NOT NULL,
    recovery_id bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (person_id, month, entitlement_id, component, correction),
    FOREIGN KEY (person_id, recovery_id) REFERENCES reckoning_recovery
);
-- What happened to it; each event hands on what is left, so that no đồng comes back twice. Append-only.
CREATE TABLE reckoning_recoveryevent (
    person_id bigint NOT NULL,
    recovery_id bigint NOT NULL,
    event_no smallint NOT NULL CHECK (event_no >= 0),
    event text NOT NULL CONSTRAINT reckoning_recoveryevent_known CHECK (event IN ('opened', 'demanded', 'repaid', 'write_off_asked', 'write_off_refused', 'written_off')),
    amount bigint NOT NULL CHECK (amount >= 0),
    left_before bigint NOT NULL,
    left_after bigint NOT NULL CHECK (left_after >= 0),
    reference text,
    bank text,
    officer text NOT NULL,
    asked_by text,
    asked_no smallint,
    former_no smallint GENERATED ALWAYS AS (CASE WHEN event_no > 0 THEN event_no - 1 END) STORED,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, recovery_id, event_no),
    UNIQUE (person_id, recovery_id, event_no, left_after),
    UNIQUE (person_id, recovery_id, event_no, officer),
    CONSTRAINT reckoning_recoveryevent_counts CHECK (left_after = left_before - CASE WHEN event IN ('repaid', 'written_off') THEN amount ELSE 0 END),
    CONSTRAINT reckoning_recoveryevent_money CHECK ((event IN ('opened', 'repaid', 'written_off')) = (amount > 0)),
    CONSTRAINT reckoning_recoveryevent_first CHECK ((event = 'opened') = (event_no = 0)),
    CONSTRAINT reckoning_recoveryevent_named CHECK ((event = 'repaid') = (reference IS NOT NULL)),
    CONSTRAINT reckoning_recoveryevent_two_people CHECK (event NOT IN ('written_off', 'write_off_refused') OR (asked_by IS NOT NULL AND asked_by <> officer)),
    CONSTRAINT reckoning_recoveryevent_asked_whole CHECK ((asked_by IS NULL) = (asked_no IS NULL)),
    FOREIGN KEY (person_id, recovery_id) REFERENCES reckoning_recovery,
    FOREIGN KEY (person_id, recovery_id, former_no, left_before) REFERENCES reckoning_recoveryevent (person_id, recovery_id, event_no, left_after),
    FOREIGN KEY (person_id, recovery_id, asked_no, asked_by) REFERENCES reckoning_recoveryevent (person_id, recovery_id, event_no, officer)
);
-- A receipt counts once.
CREATE UNIQUE INDEX reckoning_recoveryevent_one_receipt ON reckoning_recoveryevent (person_id, recovery_id, reference) WHERE event = 'repaid';

CREATE VIEW reckoning_recovery_now AS
SELECT r.*, e.left_after AS remaining, CASE WHEN e.left_after = 0 THEN CASE WHEN e.written_off THEN 'written_off' ELSE 'settled' END
    WHEN e.left_after < r.amount THEN 'repaid_in_part' WHEN e.demanded THEN 'demanded' ELSE 'open' END AS state, e.asked_no, e.asked_by
FROM reckoning_recovery r JOIN LATERAL (
    SELECT min(v.left_after) AS left_after, bool_or(v.event = 'demanded') AS demanded, bool_or(v.event = 'written_off') AS written_off,
        (array_agg(v.event_no ORDER BY v.event_no DESC) FILTER (WHERE v.event LIKE 'write_off%' OR v.event = 'written_off'))[1] AS asked_no,
        (array_agg(CASE WHEN v.event = 'write_off_asked' THEN v.officer END ORDER BY v.event_no DESC)
            FILTER (WHERE v.event LIKE 'write_off%' OR v.event = 'written_off'))[1] AS asked_by
    FROM reckoning_recoveryevent v WHERE v.person_id = r.person_id AND v.recovery_id = r.recovery_id
) AS e ON true;

-- Money nobody collected for months: taken off the lists and owed until it is claimed; then it is paid as an obligation of its own.
CREATE TABLE reckoning_unclaimed (
    person_id bigint NOT NULL,
    month integer NOT NULL,
    entitlement_id bigint NOT NULL,
    component text NOT NULL,
    correction integer NOT NULL,
    amount bigint NOT NULL CHECK (amount <> 0),
    kind text NOT NULL,
    province text NOT NULL,
    commune text,
    urban boolean NOT NULL,
    set_aside_at timestamptz NOT NULL,
    claimed_at timestamptz,
    claimed_by text,
    pay_month integer CHECK (payments_is_month(pay_month)),
    PRIMARY KEY (person_id, month, entitlement_id, component, correction),
    CONSTRAINT reckoning_unclaimed_claimed_whole CHECK ((claimed_at IS NULL) = (claimed_by IS NULL) AND (claimed_at IS NULL) = (pay_month IS NULL))
);
CREATE INDEX reckoning_unclaimed_claimed ON reckoning_unclaimed (pay_month, person_id) WHERE pay_month IS NOT NULL;

-- What payments takes from here: claimed money, under correction numbers that no freeze of benefits reaches.
CREATE VIEW reckoning_owed_v1 AS
SELECT person_id, entitlement_id, component, month, correction + 1000000 AS correction, amount, kind, province, commune, urban, pay_month AS frozen_in
FROM reckoning_unclaimed WHERE pay_month IS NOT NULL;

-- A message that was handed over and should not be carried out: asked before the partner is called, answered after.
CREATE TABLE reckoning_recall (
    batch_id bigint PRIMARY KEY REFERENCES payments_batch,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    reason text NOT NULL,
    outcome text CONSTRAINT reckoning_recall_outcome_known CHECK (outcome IN ('confirmed', 'too_late', 'unknown')),
    told_at timestamptz,
    message_no bigint REFERENCES payments_message,
    CONSTRAINT reckoning_recall_told_whole CHECK ((outcome IS NULL) = (told_at IS NULL))
);

-- Statements name what came back by the bank's own reference.
CREATE INDEX reckoning_returns ON payments_event (bank_reference) WHERE kind = 50;

CREATE FUNCTION reckoning_sum_up() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.reckoning_sum (pay_month, account, posted_on, debit, credit, lines)
    SELECT pay_month, account, (posted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
        coalesce(-sum(amount) FILTER (WHERE amount < 0), 0), count(*)
    FROM fresh GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;
CREATE TRIGGER reckoning_posting_sums AFTER INSERT ON payments_posting REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION reckoning_sum_up();
INSERT INTO reckoning_sum (pay_month, account, posted_on, debit, credit, lines)
SELECT pay_month, account, (posted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
    coalesce(-sum(amount) FILTER (WHERE amount < 0), 0), count(*)
FROM payments_posting GROUP BY 1, 2, 3;

CREATE FUNCTION reckoning_entries_are_zero() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_entry bigint;
BEGIN
    SELECT entry_id INTO v_entry FROM fresh GROUP BY entry_id HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not sum to zero', v_entry USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reckoning_posting_zero AFTER INSERT ON reckoning_posting REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION reckoning_entries_are_zero();

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['readfile', 'statement', 'inflow', 'posting', 'sum', 'recovery', 'recoveryitem', 'recoveryevent'] LOOP
        EXECUTE format('CREATE TRIGGER reckoning_%1$s_append_only BEFORE UPDATE OR DELETE ON reckoning_%1$s FOR EACH ROW EXECUTE FUNCTION payments_refuse_change()',
            v_table);
        EXECUTE format('CREATE TRIGGER reckoning_%1$s_kept BEFORE TRUNCATE ON reckoning_%1$s FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change()', v_table);
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON reckoning_%s FROM ansinh_app', v_table);
    END LOOP;
END $$;
REVOKE UPDATE, DELETE, TRUNCATE ON reckoning_difference, reckoning_unclaimed, reckoning_recall FROM ansinh_app;
GRANT UPDATE (settled_at, settled_by, outcome) ON reckoning_difference TO ansinh_app;
GRANT UPDATE (claimed_at, claimed_by, pay_month) ON reckoning_unclaimed TO ansinh_app;
GRANT UPDATE (outcome, told_at, message_no) ON reckoning_recall TO ansinh_app;
GRANT USAGE, SELECT ON SEQUENCE reckoning_entry_number, reckoning_case_number, reckoning_recovery_number TO ansinh_app;

-- Makes the partition of a month of the ledger; returns whether it had to.
CREATE FUNCTION reckoning_ensure_month(p_month integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_name text := 'reckoning_posting_' || p_month;
BEGIN
    IF NOT payments_is_month(p_month) OR p_month NOT BETWEEN 202001 AND 212412 THEN
        RAISE EXCEPTION '% is no month of our books', p_month USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('reckoning_ensure_month'));
    IF to_regclass('public.' || v_name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.reckoning_posting FOR VALUES IN (%s)', v_name, p_month);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, ansinh_app, ansinh_gateway', v_name);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION reckoning_ensure_month(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reckoning_ensure_month(integer) TO ansinh_app;
