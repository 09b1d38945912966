CREATE SEQUENCE benefits_application_numbers AS bigint;
CREATE SEQUENCE benefits_decision_numbers AS bigint;
GRANT USAGE, SELECT ON SEQUENCE benefits_application_numbers, benefits_decision_numbers TO ansinh_app;

-- A decision is approved or sent back once; what was prepared never changes, so that it is shown years later as it was taken.
CREATE FUNCTION benefits_keep_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF num_nonnulls(OLD.approved_by, OLD.returned_by) > 0 OR num_nonnulls(NEW.approved_by, NEW.returned_by) <> 1
        OR (to_jsonb(OLD) - '{approved_by,approved_at,decided_on,returned_by,returned_at,returned_because}'::text[])
        <> (to_jsonb(NEW) - '{approved_by,approved_at,decided_on,returned_by,returned_at,returned_because}'::text[]) THEN
        RAISE EXCEPTION 'a decision is approved or sent back once, and nothing else of it changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- Nothing is granted or refused but by an approved decision that says so, and a closed file stays closed.
CREATE FUNCTION benefits_decide_file() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state IN ('granted', 'refused', 'withdrawn') THEN
        RAISE EXCEPTION 'file % is closed', OLD.application_id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state IN ('granted', 'refused') AND NOT EXISTS (
        SELECT FROM public.benefits_decision d
        WHERE d.person_id = NEW.person_id AND d.decision_id = NEW.decision_id AND d.application_id = NEW.application_id
          AND d.outcome = NEW.state AND d.approved_by IS NOT NULL) THEN
        RAISE EXCEPTION 'file % has no approved decision', NEW.application_id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION benefits_end_pause_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR (to_jsonb(OLD) - 'ended_at') <> (to_jsonb(NEW) - 'ended_at') THEN
        RAISE EXCEPTION 'a pause ends once, and nothing else of it changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION benefits_keep_decision(), benefits_decide_file(), benefits_end_pause_once() FROM PUBLIC;

CREATE TRIGGER benefits_decision_kept BEFORE UPDATE ON benefits_decision FOR EACH ROW EXECUTE FUNCTION benefits_keep_decision();
CREATE TRIGGER benefits_application_decided BEFORE INSERT OR UPDATE ON benefits_application FOR EACH ROW EXECUTE FUNCTION benefits_decide_file();
CREATE TRIGGER benefits_pause_ended_once BEFORE UPDATE ON benefits_pause FOR EACH ROW EXECUTE FUNCTION benefits_end_pause_once();
CREATE TRIGGER benefits_alert_append_only BEFORE UPDATE OR DELETE ON benefits_alert FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
CREATE TRIGGER benefits_application_lasting BEFORE DELETE ON benefits_application FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
CREATE TRIGGER benefits_pause_lasting BEFORE DELETE ON benefits_pause FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
CREATE TRIGGER benefits_decision_lasting BEFORE DELETE ON benefits_decision FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change();
REVOKE DELETE, TRUNCATE ON benefits_application, benefits_pause, benefits_alert, benefits_decision FROM ansinh_app;
REVOKE UPDATE ON benefits_alert FROM ansinh_app;
