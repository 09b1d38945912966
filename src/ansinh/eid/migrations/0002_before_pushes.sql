-- Who is told when something of a citizen's changes, and what waits to be told. A change is noted by the statement that makes it, in its own transaction, for
-- watched citizens alone: which part changed, and nothing of what it says. The app then pulls, and that is recorded.

CREATE TABLE eid_receiver (
    client_no integer PRIMARY KEY,
    url text NOT NULL CONSTRAINT eid_receiver_address CHECK (url ~ '^https?://[^\s?#]+$'),
    since timestamptz NOT NULL
);

-- `watch` is the name an app knows a watched citizen by: random, and no other app's.
CREATE TABLE eid_watch (
    person_id bigint NOT NULL,
    client_no integer NOT NULL,
    watch uuid NOT NULL DEFAULT gen_random_uuid(),
    since timestamptz NOT NULL,
    PRIMARY KEY (person_id, client_no)
);

CREATE TABLE eid_change (
    person_id bigint NOT NULL,
    change_no bigint GENERATED ALWAYS AS IDENTITY,
    client_no integer NOT NULL,
    watch uuid NOT NULL,
    what text NOT NULL CONSTRAINT eid_change_known CHECK (what IN ('book', 'card', 'payments', 'files', 'documents', 'referrals', 'appointments')),
    noted_at timestamptz NOT NULL DEFAULT now(),
    tries smallint NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now(),
    delivered_at timestamptz,
    dead_at timestamptz,
    trouble text,
    PRIMARY KEY (person_id, change_no),
    CONSTRAINT eid_change_ends_once CHECK (delivered_at IS NULL OR dead_at IS NULL)
);
CREATE INDEX eid_change_due ON eid_change (next_try_at) WHERE delivered_at IS NULL AND dead_at IS NULL;
CREATE INDEX eid_change_of_watch ON eid_change (person_id, client_no, change_no) WHERE delivered_at IS NULL AND dead_at IS NULL;
CREATE INDEX eid_change_dead ON eid_change (dead_at) WHERE dead_at IS NOT NULL;

CREATE FUNCTION eid_watch(p_person bigint, p_client integer, p_at timestamptz) RETURNS text
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_watch uuid;
BEGIN
    IF NOT EXISTS (SELECT FROM eid_receiver r WHERE r.client_no = p_client) THEN
        RETURN NULL;
    END IF;
    INSERT INTO eid_watch (person_id, client_no, since) VALUES (p_person, p_client, p_at) ON CONFLICT DO NOTHING;
    SELECT w.watch INTO v_watch FROM eid_watch w WHERE w.person_id = p_person AND w.client_no = p_client;
    RETURN json_build_object('watch', v_watch)::text;
END $$;

CREATE FUNCTION eid_unwatch(p_person bigint, p_client integer) RETURNS text
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_watch uuid;
BEGIN
    DELETE FROM eid_watch w WHERE w.person_id = p_person AND w.client_no = p_client RETURNING w.watch INTO v_watch;
    DELETE FROM eid_change c WHERE c.person_id = p_person AND c.client_no = p_client AND c.delivered_at IS NULL;
    RETURN CASE WHEN v_watch IS NOT NULL THEN json_build_object('watch', v_watch)::text END;
END $$;
REVOKE ALL ON FUNCTION eid_watch(bigint, integer, timestamptz), eid_unwatch(bigint, integer) FROM PUBLIC;

-- One change a citizen, app and part that waits: further ones until it is told say nothing more.
CREATE FUNCTION eid_note_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO eid_change (person_id, client_no, watch, what)
    SELECT DISTINCT w.person_id, w.client_no, w.watch, TG_ARGV[0]
    FROM fresh f LEFT JOIN people_alias a ON a.alias_person_id = f.person_id JOIN eid_watch w ON w.person_id = coalesce(a.person_id, f.person_id);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION eid_note_changes() FROM PUBLIC;

DO $$
DECLARE
    v_table text;
    v_what text;
BEGIN
    FOR v_table, v_what IN VALUES ('cards_event', 'card'), ('referrals_referral', 'referrals'), ('referrals_appointment', 'appointments'),
        ('lifeevents_file', 'files'), ('participation_span', 'book'), ('documents_paper', 'documents'), ('payments_event', 'payments') LOOP
        EXECUTE format('CREATE TRIGGER eid_noted_%1$s AFTER INSERT ON %1$I REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION eid_note_changes(%2$L)',
            v_table, v_what);
    END LOOP;
    FOR v_table, v_what IN VALUES ('referrals_referral', 'referrals'), ('referrals_appointment', 'appointments'), ('lifeevents_file', 'files') LOOP
        EXECUTE format('CREATE TRIGGER eid_noted_changed_%1$s AFTER UPDATE ON %1$I REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION eid_note_changes(%2$L)',
            v_table, v_what);
    END LOOP;
END $$;
REVOKE INSERT ON eid_watch, eid_change FROM ansinh_app;
REVOKE DELETE ON eid_watch FROM ansinh_app;
REVOKE UPDATE ON eid_watch FROM ansinh_app;
