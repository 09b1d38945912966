-- Months are YYYYMM; what is there was made by machines and is looked at once the constraint stands.
ALTER TABLE participation_span
    ADD CONSTRAINT participation_span_months_real CHECK (
        from_month % 100 BETWEEN 1 AND 12 AND from_month BETWEEN 190001 AND 220012
        AND (until_month IS NULL OR (until_month % 100 BETWEEN 1 AND 12 AND until_month <= 220101))) NOT VALID;
ALTER TABLE participation_span VALIDATE CONSTRAINT participation_span_months_real;

-- Never rewritten: all that may ever change is that recorded time ends, once.
CREATE FUNCTION participation_span_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL
        AND ROW (NEW.person_id, NEW.span_id, NEW.employer_id, NEW.scheme, NEW.unemployment, NEW.from_month, NEW.until_month, NEW.wage,
                 NEW.rate, NEW.pay, NEW.work, NEW.source, NEW.recorded_at)
        IS NOT DISTINCT FROM
            ROW (OLD.person_id, OLD.span_id, OLD.employer_id, OLD.scheme, OLD.unemployment, OLD.from_month, OLD.until_month, OLD.wage,
                 OLD.rate, OLD.pay, OLD.work, OLD.source, OLD.recorded_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a span is never rewritten, only superseded once: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION participation_span_kept() FROM PUBLIC;
CREATE TRIGGER participation_span_kept BEFORE UPDATE OR DELETE ON participation_span
    FOR EACH ROW EXECUTE FUNCTION participation_span_kept();

-- In force, spans of one person, employer and scheme never share a month. Rows taken over from the system before ours come in bulk, as they
-- were; `ansinh check` looks at those. The lock lets one writer at a time look at a person.
CREATE FUNCTION participation_span_alone() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('participation.spans'), (NEW.person_id % 2147483647)::integer);
    IF EXISTS (
        SELECT FROM participation_span o
        WHERE o.person_id = NEW.person_id AND o.span_id <> NEW.span_id AND o.superseded_at IS NULL AND o.scheme = NEW.scheme
          AND o.employer_id IS NOT DISTINCT FROM NEW.employer_id
          AND o.from_month < coalesce(NEW.until_month, 999912) AND coalesce(o.until_month, 999912) > NEW.from_month
    ) THEN
        RAISE EXCEPTION 'span % of person % overlaps another one in force', NEW.span_id, NEW.person_id
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'participation_span_alone';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION participation_span_alone() FROM PUBLIC;
CREATE TRIGGER participation_span_alone AFTER INSERT ON participation_span
    FOR EACH ROW WHEN (NEW.source IS NOT NULL AND NEW.superseded_at IS NULL) EXECUTE FUNCTION participation_span_alone();
