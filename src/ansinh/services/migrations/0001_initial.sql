CREATE SEQUENCE services_application_numbers AS bigint;
CREATE SEQUENCE services_attachment_numbers AS bigint;
GRANT USAGE, SELECT ON SEQUENCE services_application_numbers, services_attachment_numbers TO ansinh_app;

-- Attachments by month (YYYYMM), as submissions lie. The bytes come compressed; the server need not try again.
CREATE TABLE services_attachment (
    person_id bigint NOT NULL,
    attachment_id bigint NOT NULL,
    month integer NOT NULL,
    application_id bigint NOT NULL,
    paper text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    sha256 bytea NOT NULL,
    size integer NOT NULL,
    content bytea,
    added_at timestamptz NOT NULL,
    added_by text NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (person_id, attachment_id, month),
    CONSTRAINT services_attachment_once UNIQUE (person_id, application_id, sha256, month),
    CONSTRAINT services_attachment_digest_whole CHECK (octet_length(sha256) = 32 AND size > 0),
    CONSTRAINT services_attachment_bytes_until_removed CHECK ((removed_at IS NULL) = (content IS NOT NULL))
) PARTITION BY RANGE (month);
ALTER TABLE services_attachment ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE TABLE services_attachment_before_2025 PARTITION OF services_attachment FOR VALUES FROM (MINVALUE) TO (202501);

-- Makes the partition of a month; returns whether it had to. Whoever runs it, partitions belong to the owner.
CREATE FUNCTION services_ensure_month(p_month integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_name text := 'services_attachment_' || p_month;
BEGIN
    IF p_month % 100 NOT BETWEEN 1 AND 12 OR p_month > 210012 THEN
        RAISE EXCEPTION '% is no month of attachments', p_month USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF p_month < 202501 OR to_regclass('public.' || v_name) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('services_ensure_month'));
    IF to_regclass('public.' || v_name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.services_attachment FOR VALUES FROM (%s) TO (%s)', v_name, p_month,
        CASE WHEN p_month % 100 = 12 THEN p_month + 89 ELSE p_month + 1 END);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, ansinh_app, ansinh_gateway', v_name);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION services_ensure_month(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION services_ensure_month(integer) TO ansinh_app;
REVOKE ALL ON services_attachment_before_2025 FROM PUBLIC, ansinh_app, ansinh_gateway;

-- A story, its alerts and who read what only grow; an application stays, and once it is closed its answers and its result stay as they are.
CREATE FUNCTION services_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION services_keep_application() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.receipt IS NOT NULL AND (OLD.receipt, OLD.submitted_at, OLD.submitted_sha256, OLD.about_person_id)
        IS DISTINCT FROM (NEW.receipt, NEW.submitted_at, NEW.submitted_sha256, NEW.about_person_id) THEN
        RAISE EXCEPTION 'what was submitted stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.closed_on IS NOT NULL AND (to_jsonb(OLD) - '{paper,carried_over}'::text[]) <> (to_jsonb(NEW) - '{paper,carried_over}'::text[]) THEN
        RAISE EXCEPTION 'application % is closed', OLD.application_id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- Of an attachment only its bytes may go, once, with the moment.
CREATE FUNCTION services_keep_attachment() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (OLD.removed_at IS NULL AND NEW.removed_at IS NULL AND OLD.content IS DISTINCT FROM NEW.content)
        OR (to_jsonb(OLD) - '{content,removed_at,added_at,added_by,name,paper}'::text[])
        <> (to_jsonb(NEW) - '{content,removed_at,added_at,added_by,name,paper}'::text[]) THEN
        RAISE EXCEPTION 'an attachment is taken away or handed in again, and nothing else of it changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION services_refuse_change(), services_keep_application(), services_keep_attachment() FROM PUBLIC;

CREATE TRIGGER services_application_kept BEFORE UPDATE ON services_application FOR EACH ROW EXECUTE FUNCTION services_keep_application();
CREATE TRIGGER services_attachment_kept BEFORE UPDATE ON services_attachment FOR EACH ROW EXECUTE FUNCTION services_keep_attachment();
CREATE TRIGGER services_application_lasting BEFORE DELETE ON services_application FOR EACH ROW EXECUTE FUNCTION services_refuse_change();
CREATE TRIGGER services_attachment_lasting BEFORE DELETE ON services_attachment FOR EACH ROW EXECUTE FUNCTION services_refuse_change();
CREATE TRIGGER services_line_append_only BEFORE UPDATE OR DELETE ON services_line FOR EACH ROW EXECUTE FUNCTION services_refuse_change();
CREATE TRIGGER services_alert_append_only BEFORE UPDATE OR DELETE ON services_alert FOR EACH ROW EXECUTE FUNCTION services_refuse_change();
CREATE TRIGGER services_reading_append_only BEFORE UPDATE OR DELETE ON services_reading FOR EACH ROW EXECUTE FUNCTION services_refuse_change();
REVOKE DELETE, TRUNCATE ON services_application, services_line, services_alert, services_pause, services_attachment, services_reading FROM ansinh_app;
REVOKE UPDATE ON services_line, services_alert, services_reading FROM ansinh_app;
