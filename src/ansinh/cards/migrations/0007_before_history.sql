-- History is append-only for every role, as the audit is.
CREATE FUNCTION cards_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the history of cards is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION cards_refuse_change() FROM PUBLIC;
CREATE TRIGGER cards_event_append_only BEFORE UPDATE OR DELETE ON cards_event FOR EACH ROW EXECUTE FUNCTION cards_refuse_change();
CREATE TRIGGER cards_event_kept BEFORE TRUNCATE ON cards_event FOR EACH STATEMENT EXECUTE FUNCTION cards_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON cards_event FROM ansinh_app;

CREATE SEQUENCE cards_event_number AS bigint;
CREATE SEQUENCE cards_temporary_serial AS bigint MAXVALUE 9999999999;
GRANT USAGE, SELECT ON SEQUENCE cards_event_number, cards_temporary_serial TO ansinh_app;

-- Django cannot say PARTITION BY; everything else is what the model says. Whatever falls outside the years made so far goes to the last partition.
CREATE TABLE cards_copayment (
    person_id bigint NOT NULL,
    paid_on date NOT NULL,
    facility varchar(5) NOT NULL,
    visit text NOT NULL,
    admitted_on date NOT NULL,
    category text,
    amount bigint NOT NULL,
    counted boolean NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, paid_on, facility, visit),
    CONSTRAINT cards_copayment_not_negative CHECK (amount >= 0),
    CONSTRAINT cards_copayment_paid_after_admission CHECK (paid_on >= admitted_on)
) PARTITION BY RANGE (paid_on);
CREATE TABLE cards_copayment_2024 PARTITION OF cards_copayment FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE cards_copayment_2025 PARTITION OF cards_copayment FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE cards_copayment_2026 PARTITION OF cards_copayment FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE cards_copayment_2027 PARTITION OF cards_copayment FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
CREATE TABLE cards_copayment_other PARTITION OF cards_copayment DEFAULT;

-- The payments of a year of which the patient paid a share, as the JSON list DataCCT, the newest first, at most 200 of them, each with the sum so far.
CREATE OR REPLACE FUNCTION cards_copayments_told(p_person_id bigint, p_day date) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
SELECT '[' || coalesce(string_agg(told.one, ',' ORDER BY told.paid_on DESC, told.visit DESC), '') || ']'
FROM (
    SELECT c.paid_on, c.visit, json_build_object(
        'ngayTraCuu', to_char(p_day, 'DD/MM/YYYY'), 'maThe', coalesce(s.card_number, ''), 'maCskcb', c.facility,
        'ngayVao', to_char(c.admitted_on, 'DD/MM/YYYY'), 'ngayRa', to_char(c.paid_on, 'DD/MM/YYYY'), 'maDoiTuongKCB', coalesce(c.category, ''),
        'tBNCCTMCCT', c.amount::text,
        'tBNCCTLuyKe', (sum(CASE WHEN c.counted THEN c.amount ELSE 0 END) OVER (ORDER BY c.paid_on, c.visit, c.facility, c.person_id))::text,
        'ngayNhanCong', to_char(c.recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY'),
        'ngayNhan', to_char(c.recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY'),
        'duPhong1', '', 'duPhong2', '', 'duPhong3', '', 'duPhong4', '', 'duPhong5', '')::text AS one
    FROM cards_copayment c LEFT JOIN cards_standing s ON s.person_id = p_person_id
    WHERE c.person_id IN (SELECT p_person_id UNION ALL SELECT a.alias_person_id FROM people_alias a WHERE a.person_id = p_person_id)
      AND c.paid_on >= date_trunc('year', p_day)::date AND c.paid_on <= p_day
    ORDER BY c.paid_on DESC, c.visit DESC LIMIT 200
) AS told $$;
