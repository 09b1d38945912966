-- Months are YYYYMM.
ALTER TABLE benefits_entitlement ADD CONSTRAINT benefits_entitlement_owed_from_month CHECK (owed_from % 100 BETWEEN 1 AND 12 AND owed_from > 190000);
ALTER TABLE benefits_version ADD CONSTRAINT benefits_version_valid_from_month CHECK (valid_from % 100 BETWEEN 1 AND 12 AND valid_from > 190000);
ALTER TABLE benefits_change ADD CONSTRAINT benefits_change_effect_month_month CHECK (effect_month % 100 BETWEEN 1 AND 12 AND effect_month > 190000);
ALTER TABLE benefits_correction ADD CONSTRAINT benefits_correction_month_month CHECK (month % 100 BETWEEN 1 AND 12 AND month > 190000);
ALTER TABLE benefits_adjustment ADD CONSTRAINT benefits_adjustment_month_month CHECK (month % 100 BETWEEN 1 AND 12 AND month > 190000);
ALTER TABLE benefits_freeze ADD CONSTRAINT benefits_freeze_month_month CHECK (month % 100 BETWEEN 1 AND 12 AND month > 190000);

CREATE SEQUENCE benefits_entitlement_number AS bigint;
CREATE SEQUENCE benefits_change_number AS bigint;
GRANT USAGE, SELECT, UPDATE ON SEQUENCE benefits_entitlement_number, benefits_change_number TO ansinh_app;

-- What was known stays: rows are added, and a version is superseded once. So it is for every role.
CREATE FUNCTION benefits_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what people are owed is never rewritten: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION benefits_supersede_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL OR (to_jsonb(OLD) - 'superseded_at') <> (to_jsonb(NEW) - 'superseded_at') THEN
        RAISE EXCEPTION 'a version is never edited, only superseded, once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- A prepared change is decided once, and nothing else about it changes.
CREATE FUNCTION benefits_decide_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.done_at IS NOT NULL OR OLD.refused_at IS NOT NULL OR num_nonnulls(NEW.done_at, NEW.refused_at) <> 1
        OR (to_jsonb(OLD) - '{approved_by,done_at,refused_at}'::text[]) <> (to_jsonb(NEW) - '{approved_by,done_at,refused_at}'::text[]) THEN
        RAISE EXCEPTION 'a prepared change is approved or refused once, and nothing else of it changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- The state after an approval is final; the values of law an adjustment rests on never change.
CREATE FUNCTION benefits_approve_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.approved_by IS NOT NULL OR NEW.approved_by IS NULL OR NEW.approved_at IS NULL
        OR (to_jsonb(OLD) - '{approved_by,approved_at}'::text[]) <> (to_jsonb(NEW) - '{approved_by,approved_at}'::text[]) THEN
        RAISE EXCEPTION 'an adjustment is approved once, and nothing else of it changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION benefits_refuse_change(), benefits_supersede_once(), benefits_decide_once(), benefits_approve_once() FROM PUBLIC;

-- Django cannot say PARTITION BY; everything else is what the model says. Months before 2024 share one partition: only corrections reach back so far.
CREATE TABLE benefits_frozen (
    month integer NOT NULL,
    person_id bigint NOT NULL,
    entitlement_id bigint NOT NULL,
    component text NOT NULL,
    correction integer NOT NULL,
    amount bigint NOT NULL,
    kind text NOT NULL,
    province varchar(2) NOT NULL,
    commune varchar(5),
    urban boolean NOT NULL,
    frozen_in integer NOT NULL,
    PRIMARY KEY (month, person_id, entitlement_id, component, correction),
    CONSTRAINT benefits_frozen_not_nothing CHECK (amount <> 0),
    CONSTRAINT benefits_frozen_owes CHECK (amount > 0 OR correction > 0),
    CONSTRAINT benefits_frozen_months CHECK (month % 100 BETWEEN 1 AND 12 AND month > 190000 AND frozen_in % 100 BETWEEN 1 AND 12)
) PARTITION BY RANGE (month);
CREATE TABLE benefits_frozen_before_2024 PARTITION OF benefits_frozen FOR VALUES FROM (MINVALUE) TO (202401);

-- Makes the partition of a month; returns whether it had to. Whoever runs it, partitions belong to the owner.
CREATE FUNCTION benefits_ensure_month(p_month integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_name text := 'benefits_frozen_' || p_month;
BEGIN
    IF p_month % 100 NOT BETWEEN 1 AND 12 OR p_month > 210012 THEN
        RAISE EXCEPTION '% is no month to be frozen', p_month USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('benefits_ensure_month'));
    IF p_month < 202401 OR to_regclass('public.' || v_name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.benefits_frozen FOR VALUES FROM (%s) TO (%s)', v_name, p_month,
        CASE WHEN p_month % 100 = 12 THEN p_month + 89 ELSE p_month + 1 END);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, ansinh_app, ansinh_gateway', v_name);
    EXECUTE format('CREATE TRIGGER benefits_frozen_kept BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public.benefits_refuse_change()',
        v_name);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION benefits_ensure_month(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION benefits_ensure_month(integer) TO ansinh_app;
REVOKE ALL ON benefits_frozen_before_2024 FROM PUBLIC, ansinh_app, ansinh_gateway;
CREATE TRIGGER benefits_frozen_before_kept BEFORE TRUNCATE ON benefits_frozen_before_2024 FOR EACH STATEMENT EXECUTE FUNCTION benefits_refuse_change();

CREATE TRIGGER benefits_version_superseded_once BEFORE UPDATE ON benefits_version FOR EACH ROW EXECUTE FUNCTION benefits_supersede_once();
CREATE TRIGGER benefits_change_decided_once BEFORE UPDATE ON benefits_change FOR EACH ROW EXECUTE FUNCTION benefits_decide_once();
CREATE TRIGGER benefits_adjustment_approved_once BEFORE UPDATE ON benefits_adjustment FOR EACH ROW EXECUTE FUNCTION benefits_approve_once();
CREATE TRIGGER benefits_entitlement_append_only BEFORE UPDATE OR DELETE ON benefits_entitlement FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
CREATE TRIGGER benefits_correction_append_only BEFORE UPDATE OR DELETE ON benefits_correction FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
CREATE TRIGGER benefits_frozen_append_only BEFORE UPDATE OR DELETE ON benefits_frozen FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
CREATE TRIGGER benefits_freeze_append_only BEFORE UPDATE OR DELETE ON benefits_freeze FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
CREATE TRIGGER benefits_load_append_only BEFORE UPDATE OR DELETE ON benefits_load FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
CREATE TRIGGER benefits_version_lasting BEFORE DELETE ON benefits_version FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
CREATE TRIGGER benefits_change_lasting BEFORE DELETE ON benefits_change FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
CREATE TRIGGER benefits_adjustment_lasting BEFORE DELETE ON benefits_adjustment FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
REVOKE DELETE, TRUNCATE ON benefits_version, benefits_change, benefits_adjustment FROM ansinh_app;
REVOKE UPDATE ON benefits_version FROM ansinh_app;
GRANT UPDATE (superseded_at) ON benefits_version TO ansinh_app;
REVOKE UPDATE ON benefits_change FROM ansinh_app;
GRANT UPDATE (approved_by, done_at, refused_at) ON benefits_change TO ansinh_app;
REVOKE UPDATE, DELETE, TRUNCATE ON benefits_entitlement, benefits_correction, benefits_frozen, benefits_freeze, benefits_load FROM ansinh_app;

-- Versions with the month they end before, as known now.
CREATE VIEW benefits_version_v1 AS
SELECT person_id, entitlement_id, version, valid_from, lead(valid_from) OVER (PARTITION BY person_id, entitlement_id ORDER BY valid_from) AS valid_until,
    amount, state, cause, adjusted, act, province, commune, urban, recorded_at
FROM benefits_version WHERE superseded_at IS NULL;

-- What payments takes from: obligations as they were frozen. Correction 0 is the month's own amount.
CREATE VIEW benefits_owed_v1 AS
SELECT person_id, entitlement_id, component, month, correction, amount, kind, province, commune, urban, frozen_in FROM benefits_frozen;
