CREATE SEQUENCE lifeevents_file_numbers AS bigint;
CREATE SEQUENCE lifeevents_message_numbers AS bigint;
GRANT USAGE, SELECT ON SEQUENCE lifeevents_file_numbers, lifeevents_message_numbers TO ansinh_app;

-- A story only grows. Nothing that was told, sent or done is ever taken away; what was sent never changes.
CREATE FUNCTION lifeevents_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION lifeevents_keep_message() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (OLD.message_id, OLD.partner, OLD.action, OLD.step, OLD.body, OLD.made_at) IS DISTINCT FROM (NEW.message_id, NEW.partner, NEW.action, NEW.step, NEW.body, NEW.made_at)
        OR OLD.acknowledged_at IS NOT NULL OR OLD.refused IS NOT NULL THEN
        RAISE EXCEPTION 'a message is acknowledged or refused once, and nothing else of it changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION lifeevents_refuse_change(), lifeevents_keep_message() FROM PUBLIC;

CREATE TRIGGER lifeevents_line_append_only BEFORE UPDATE OR DELETE ON lifeevents_line FOR EACH ROW EXECUTE FUNCTION lifeevents_refuse_change();
CREATE TRIGGER lifeevents_alert_append_only BEFORE UPDATE OR DELETE ON lifeevents_alert FOR EACH ROW EXECUTE FUNCTION lifeevents_refuse_change();
CREATE TRIGGER lifeevents_comparison_append_only BEFORE UPDATE OR DELETE ON lifeevents_comparison FOR EACH ROW EXECUTE FUNCTION lifeevents_refuse_change();
CREATE TRIGGER lifeevents_message_kept BEFORE UPDATE ON lifeevents_message FOR EACH ROW EXECUTE FUNCTION lifeevents_keep_message();
CREATE TRIGGER lifeevents_file_lasting BEFORE DELETE ON lifeevents_file FOR EACH ROW EXECUTE FUNCTION lifeevents_refuse_change();
CREATE TRIGGER lifeevents_told_lasting BEFORE DELETE ON lifeevents_told FOR EACH ROW EXECUTE FUNCTION lifeevents_refuse_change();
CREATE TRIGGER lifeevents_effect_lasting BEFORE DELETE ON lifeevents_effect FOR EACH ROW EXECUTE FUNCTION lifeevents_refuse_change();
REVOKE DELETE, TRUNCATE ON lifeevents_file, lifeevents_step, lifeevents_message, lifeevents_told, lifeevents_effect, lifeevents_line, lifeevents_pause,
    lifeevents_case, lifeevents_alert, lifeevents_comparison FROM ansinh_app;
REVOKE UPDATE ON lifeevents_line, lifeevents_alert, lifeevents_comparison FROM ansinh_app;
