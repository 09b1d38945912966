-- Who did what (audit_act) and who looked at whom (audit_access), append-only for every role, in months.
-- Look-ups are recorded in batches; each batch is one link of its gateway worker's chain (audit_link, audit_chain), so that a row
-- changed, added or taken away later shows. The canonical text a link digests is laid down in the room's README.

CREATE TABLE audit_act (
    acted_at timestamptz NOT NULL DEFAULT now(),
    act_id bigint GENERATED ALWAYS AS IDENTITY,
    act text NOT NULL,
    actor_kind text NOT NULL,
    actor_reference text NOT NULL,
    reason text NOT NULL,
    outcome text NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (actor_reference, acted_at, act_id)
) PARTITION BY RANGE (acted_at);
CREATE INDEX audit_act_by_act ON audit_act (act, acted_at);

-- person_id 0: nobody was found. id = (number of the batch << 10) | place in the batch. The separator a digest ends each row with
-- must not stand inside one.
CREATE TABLE audit_access (
    asked_at timestamptz NOT NULL,
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    client_no integer NOT NULL,
    purpose smallint NOT NULL,
    call smallint NOT NULL,
    key_kind smallint NOT NULL,
    result smallint NOT NULL,
    facility text NOT NULL,
    officer text NOT NULL,
    CONSTRAINT audit_access_officer_unambiguous CHECK (strpos(officer, E'\x1e') = 0),
    PRIMARY KEY (person_id, asked_at, id)
) PARTITION BY RANGE (asked_at);
CREATE INDEX audit_access_by_id ON audit_access USING brin (id) WITH (autosummarize = on);

CREATE TABLE audit_chain (
    chain_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opened_at timestamptz NOT NULL,
    opened_by text NOT NULL,
    links bigint NOT NULL,
    head bytea NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

CREATE TABLE audit_link (
    linked_at timestamptz NOT NULL,
    chain_id bigint NOT NULL,
    seq bigint NOT NULL,
    link bigint NOT NULL,
    row_count integer NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (chain_id, linked_at, seq)
) PARTITION BY RANGE (linked_at);
CREATE INDEX audit_link_by_link ON audit_link (link);
CREATE SEQUENCE audit_link_number;

-- A chain's head, signed with a key the database does not hold: a tail cut off later lies before a signed head.
CREATE TABLE audit_head (
    signed_at timestamptz NOT NULL,
    chain_id bigint NOT NULL,
    links bigint NOT NULL,
    head bytea NOT NULL,
    signature text NOT NULL,
    PRIMARY KEY (chain_id, signed_at)
) PARTITION BY RANGE (signed_at);

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- A chain only ever grows, one link at a time.
CREATE FUNCTION audit_chain_grows() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.chain_id, NEW.opened_at, NEW.opened_by, NEW.links) = (OLD.chain_id, OLD.opened_at, OLD.opened_by, OLD.links + 1) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a chain only grows by one link: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_act_append_only BEFORE UPDATE OR DELETE ON audit_act FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_access_append_only BEFORE UPDATE OR DELETE ON audit_access FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_head_append_only BEFORE UPDATE OR DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION audit_chain_grows();
CREATE TRIGGER audit_act_kept BEFORE TRUNCATE ON audit_act FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_access_kept BEFORE TRUNCATE ON audit_access FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_link_kept BEFORE TRUNCATE ON audit_link FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_head_kept BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_chain_kept BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

REVOKE ALL ON audit_act, audit_access, audit_link, audit_chain, audit_head, audit_link_number FROM PUBLIC, ansinh_app, ansinh_gateway;
GRANT SELECT, INSERT ON audit_act, audit_head TO ansinh_app;
GRANT SELECT ON audit_access, audit_link, audit_chain TO ansinh_app;

-- Makes the months of each audit table from the month of p_from up to that of p_until (months of UTC, p_until's month included); returns how
-- many partitions were made. Whoever runs it, partitions belong to the owner, so that nobody else may change them behind their table.
CREATE FUNCTION audit_ensure_months(p_from date, p_until date) RETURNS integer
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
    PERFORM pg_advisory_xact_lock(hashtext('audit_ensure_months'));
    WHILE v_month <= p_until LOOP
        FOREACH v_table IN ARRAY ARRAY['audit_act', 'audit_access', 'audit_link', 'audit_head'] LOOP
            v_name := v_table || to_char(v_month, '_YYYY_MM');
            CONTINUE WHEN to_regclass('public.' || v_name) IS NOT NULL;
            EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)', v_name, v_table,
                to_char(v_month, 'YYYY-MM-01 00:00:00+00'), to_char(v_month + interval '1 month', 'YYYY-MM-01 00:00:00+00'));
            EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, ansinh_app, ansinh_gateway', v_name);
            EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse_change()',
                v_table || '_kept', v_name);
            v_made := v_made + 1;
        END LOOP;
        v_month := v_month + interval '1 month';
    END LOOP;
    RETURN v_made;
END $$;
REVOKE ALL ON FUNCTION audit_ensure_months(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_ensure_months(date, date) TO ansinh_app;

SELECT audit_ensure_months(date '2024-12-01', (now() + interval '2 years')::date);

-- What a chain begins with. Moments are whole microseconds since 1970, so that no session's settings can change the text.
CREATE FUNCTION audit_birth(p_chain_id bigint, p_opened_at timestamptz, p_opened_by text) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(concat_ws(E'\x1f', 'ansinh audit chain 1', p_chain_id,
        (extract(epoch FROM p_opened_at) * 1000000)::bigint, p_opened_by), 'UTF8'))
$$;

-- A gateway worker opens a chain of its own at each connection.
CREATE FUNCTION published.open_chain_v1(p_opened_at timestamptz, p_opened_by text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_chain_id bigint := nextval(pg_get_serial_sequence('audit_chain', 'chain_id'));
BEGIN
    INSERT INTO audit_chain (chain_id, opened_at, opened_by, links, head) OVERRIDING SYSTEM VALUE
    VALUES (v_chain_id, p_opened_at, p_opened_by, 0, audit_birth(v_chain_id, p_opened_at, p_opened_by));
    RETURN v_chain_id;
END $$;
REVOKE ALL ON FUNCTION published.open_chain_v1(timestamptz, text) FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.open_chain_v1(timestamptz, text) TO ansinh_gateway;
