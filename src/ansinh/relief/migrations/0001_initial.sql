-- Emergencies: what was declared and approved, and what it did to payments. Everything but an emergency's state and whether its area is in force is
-- written once. What a move did to money stands in payments; here stands why.

CREATE TABLE relief_emergency (
    emergency_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_key text NOT NULL UNIQUE,
    name text NOT NULL CHECK (name <> ''),
    act text NOT NULL CHECK (act <> ''),
    months integer[] NOT NULL CONSTRAINT relief_emergency_months_few CHECK (cardinality(months) <= 12),
    to_account boolean NOT NULL,
    otherwise text NOT NULL CONSTRAINT relief_emergency_otherwise_known CHECK (otherwise IN ('cash', 'home')),
    from_on date NOT NULL,
    until_on date NOT NULL,
    state text NOT NULL DEFAULT 'declared' CONSTRAINT relief_emergency_state_known CHECK (state IN ('declared', 'approved', 'withdrawn', 'ended')),
    declared_by text NOT NULL,
    declared_at timestamptz NOT NULL,
    approved_by text,
    approved_at timestamptz,
    ended_by text,
    ended_at timestamptz,
    CONSTRAINT relief_emergency_ends_after_start CHECK (until_on > from_on),
    CONSTRAINT relief_emergency_does_something CHECK (cardinality(months) > 0 OR to_account OR otherwise = 'home'),
    CONSTRAINT relief_emergency_two_people CHECK (approved_by <> declared_by),
    CONSTRAINT relief_emergency_approved_whole CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CONSTRAINT relief_emergency_in_force_is_approved CHECK (state NOT IN ('approved', 'ended') OR approved_by IS NOT NULL),
    CONSTRAINT relief_emergency_ended_whole CHECK ((ended_by IS NULL) = (state IN ('declared', 'approved')) AND (ended_by IS NULL) = (ended_at IS NULL))
);

-- A province named whole stands here with all its communes and with an empty one, so that two emergencies in force never cover the same place.
CREATE TABLE relief_area (
    emergency_id integer NOT NULL REFERENCES relief_emergency,
    province text NOT NULL,
    commune text NOT NULL DEFAULT '',
    in_force boolean NOT NULL DEFAULT false,
    PRIMARY KEY (emergency_id, province, commune)
);
CREATE UNIQUE INDEX relief_area_one_in_force ON relief_area (province, commune) WHERE in_force;

CREATE TABLE relief_run (
    emergency_id integer NOT NULL REFERENCES relief_emergency,
    run_id integer NOT NULL,
    opened boolean NOT NULL,
    joined_by text NOT NULL,
    joined_at timestamptz NOT NULL,
    PRIMARY KEY (emergency_id, run_id)
);
CREATE INDEX relief_run_of ON relief_run (run_id);

CREATE TABLE relief_recall (
    emergency_id integer NOT NULL REFERENCES relief_emergency,
    batch_id bigint NOT NULL,
    run_id integer NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (emergency_id, batch_id)
);

CREATE TABLE relief_diversion (
    emergency_id integer NOT NULL REFERENCES relief_emergency,
    diversion_no integer NOT NULL,
    run_id integer NOT NULL,
    round smallint NOT NULL,
    back boolean NOT NULL,
    to_account integer NOT NULL CHECK (to_account >= 0),
    to_account_amount bigint NOT NULL,
    to_home integer NOT NULL CHECK (to_home >= 0),
    to_home_amount bigint NOT NULL,
    to_cash integer NOT NULL CHECK (to_cash >= 0),
    to_cash_amount bigint NOT NULL,
    done_by text NOT NULL,
    done_at timestamptz NOT NULL,
    PRIMARY KEY (emergency_id, diversion_no)
);

CREATE TABLE relief_move (
    pay_month integer NOT NULL,
    order_id bigint NOT NULL,
    attempt_no smallint NOT NULL,
    person_id bigint NOT NULL,
    emergency_id integer NOT NULL,
    diversion_no integer NOT NULL,
    channel_before text NOT NULL,
    channel text NOT NULL CONSTRAINT relief_move_channel_known CHECK (channel IN ('account', 'cash', 'home')),
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (pay_month, order_id, attempt_no, person_id)
) PARTITION BY LIST (pay_month);

CREATE TABLE relief_list (
    emergency_id integer NOT NULL REFERENCES relief_emergency,
    batch_id bigint NOT NULL,
    run_id integer NOT NULL,
    message_id text NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    signature text NOT NULL,
    lines integer NOT NULL,
    amount bigint NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (emergency_id, batch_id)
);

-- An emergency goes forward only: what was withdrawn or ended stays so, and nothing is approved twice.
CREATE FUNCTION relief_goes_forward() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (('declared', 'approved'), ('declared', 'withdrawn'), ('approved', 'withdrawn'),
        ('approved', 'ended')) OR OLD.approved_by IS NOT NULL AND NEW.approved_by IS DISTINCT FROM OLD.approved_by THEN
        RAISE EXCEPTION 'emergency % cannot go from % to %', OLD.emergency_id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER relief_emergency_goes_forward BEFORE UPDATE ON relief_emergency FOR EACH ROW EXECUTE FUNCTION relief_goes_forward();

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['run', 'recall', 'diversion', 'move', 'list'] LOOP
        EXECUTE format('CREATE TRIGGER relief_%1$s_append_only BEFORE UPDATE OR DELETE ON relief_%1$s FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()', v_table);
        EXECUTE format('CREATE TRIGGER relief_%1$s_kept BEFORE TRUNCATE ON relief_%1$s FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()', v_table);
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON relief_%s FROM ansinh_app', v_table);
    END LOOP;
END $$;
REVOKE UPDATE, DELETE, TRUNCATE ON relief_emergency, relief_area FROM ansinh_app;
GRANT UPDATE (state, approved_by, approved_at, ended_by, ended_at) ON relief_emergency TO ansinh_app;
GRANT UPDATE (in_force) ON relief_area TO ansinh_app;

-- Makes the partition of a month of payment where there is none.
CREATE FUNCTION relief_ensure_month(p_pay_month integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_name text := 'relief_move_' || p_pay_month;
BEGIN
    IF NOT payments_is_month(p_pay_month) THEN
        RAISE EXCEPTION 'not a month: %', p_pay_month USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('relief_ensure_month'));
    IF to_regclass('public.' || v_name) IS NULL THEN
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.relief_move FOR VALUES IN (%s)', v_name, p_pay_month);
        EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, ansinh_app, ansinh_gateway', v_name);
    END IF;
END $$;
REVOKE ALL ON FUNCTION relief_ensure_month(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relief_ensure_month(integer) TO ansinh_app;
