-- Django cannot say PARTITION BY; everything else is what the model says.
CREATE TABLE documents_paper (
    person_id bigint NOT NULL,
    issued_at timestamptz NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    media_type text NOT NULL,
    sha256 text NOT NULL CONSTRAINT documents_paper_digest_whole CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    content bytea NOT NULL,
    signature text NOT NULL,
    issued_by text NOT NULL,
    PRIMARY KEY (person_id, issued_at, number)
) PARTITION BY RANGE (issued_at);
CREATE INDEX documents_paper_of_kind ON documents_paper (person_id, kind, sha256);
CREATE SEQUENCE documents_paper_number AS bigint;
GRANT USAGE, SELECT ON SEQUENCE documents_paper_number TO ansinh_app;

-- Makes the month of a moment, where it is missing. Whoever runs it, partitions belong to the owner.
CREATE FUNCTION documents_ensure_month(p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_month timestamp := date_trunc('month', p_moment AT TIME ZONE 'UTC');
    v_name text := 'documents_paper' || to_char(v_month, '_YYYY_MM');
BEGIN
    IF v_month NOT BETWEEN timestamp '2000-01-01' AND timestamp '2200-01-01' THEN
        RAISE EXCEPTION 'no papers are issued in %', v_month USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass('public.' || v_name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('documents_ensure_month'));
        EXECUTE format('CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.documents_paper FOR VALUES FROM (%L) TO (%L)', v_name,
            to_char(v_month, 'YYYY-MM-01 00:00:00+00'), to_char(v_month + interval '1 month', 'YYYY-MM-01 00:00:00+00'));
    END IF;
END $$;
REVOKE ALL ON FUNCTION documents_ensure_month(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION documents_ensure_month(timestamptz) TO ansinh_app;
SELECT documents_ensure_month(month) FROM generate_series(timestamptz '2024-12-01 00:00:00+00', now() + interval '2 years', interval '1 month') AS month;

-- As it left, as it came: for every role.
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'papers and received files are kept as they are: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION documents_refuse_change() FROM PUBLIC;
CREATE TRIGGER documents_paper_kept BEFORE UPDATE OR DELETE ON documents_paper FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_paper_whole BEFORE TRUNCATE ON documents_paper FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_incoming_kept BEFORE UPDATE OR DELETE ON documents_incoming FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_incoming_whole BEFORE TRUNCATE ON documents_incoming FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON documents_paper, documents_incoming FROM ansinh_app;
