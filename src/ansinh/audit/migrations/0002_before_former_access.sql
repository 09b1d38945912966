-- Look-ups as the former system logged them. person_id 0: nobody was found. Months from the first one kept; anything later than the last month named here
-- has no partition and is refused, since it would be this system's own.
CREATE TABLE audit_former_access (
    asked_at timestamptz NOT NULL,
    row_no bigint NOT NULL,
    person_id bigint NOT NULL,
    key_kind smallint NOT NULL,
    facility text NOT NULL,
    officer text NOT NULL,
    PRIMARY KEY (person_id, asked_at, row_no)
) PARTITION BY RANGE (asked_at);

DO $$
DECLARE
    v_month date;
BEGIN
    FOR v_month IN SELECT generate_series(date '2024-12-01', date '2025-07-01', interval '1 month') LOOP
        EXECUTE format('CREATE TABLE audit_former_access_%s PARTITION OF audit_former_access FOR VALUES FROM (%L) TO (%L)',
            to_char(v_month, 'YYYY_MM'), to_char(v_month, 'YYYY-MM-01 00:00:00+00'),
            to_char(v_month + interval '1 month', 'YYYY-MM-01 00:00:00+00'));
    END LOOP;
END $$;
-- The first hours of December in Viet Nam are November's last in UTC.
CREATE TABLE audit_former_access_before PARTITION OF audit_former_access FOR VALUES FROM (MINVALUE) TO ('2024-12-01 00:00:00+00');

CREATE TABLE audit_former_load (
    source text PRIMARY KEY,
    row_count bigint NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER audit_former_access_append_only BEFORE UPDATE OR DELETE ON audit_former_access FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_former_access_kept BEFORE TRUNCATE ON audit_former_access FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
REVOKE ALL ON audit_former_access, audit_former_load FROM PUBLIC, ansinh_app, ansinh_gateway;
GRANT SELECT, INSERT ON audit_former_access, audit_former_load TO ansinh_app;
