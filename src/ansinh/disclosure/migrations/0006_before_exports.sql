-- Exports for statistics, which the FHIR face makes under pseudonyms: what was asked for, how far it is, and its files for a day. The gateway asks for a
-- group's books step by step, without names and numbers, and gives back finished files; it may do nothing else here.

-- A group of persons: all of them, or those of a province (`province-NN`). NULL: there is no such group.
CREATE FUNCTION disclosure_province_of(p_group text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN p_group = 'all' THEN '' WHEN p_group ~ '^province-[0-9]{2}$' THEN right(p_group, 2) END
$$;

-- Begin an export: `accepted`; or why not: `unknown_group`, `too_small` (fewer than twenty persons: numbers about so few are about somebody), `too_many` (two
-- of a client at a time). What is older than a day is swept.
CREATE FUNCTION published.export_begin_v1(p_client integer, p_export text, p_group text, p_request text, p_types text[], p_since timestamptz, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_province CONSTANT text := disclosure_province_of(p_group);
    v_persons bigint;
BEGIN
    DELETE FROM disclosure_exportpart o USING disclosure_export e
    WHERE e.client_no = p_client AND e.begun_at < p_now - interval '1 day' AND o.client_no = e.client_no AND o.export_id = e.export_id;
    UPDATE disclosure_export SET state = 'expired' WHERE client_no = p_client AND begun_at < p_now - interval '1 day' AND state <> 'expired';
    IF v_province IS NULL THEN
        RETURN 'unknown_group';
    END IF;
    SELECT count(*) INTO v_persons FROM (SELECT FROM people_person p WHERE v_province IN ('', p.province) LIMIT 20) few;
    IF v_persons < 20 THEN
        RETURN CASE WHEN v_persons = 0 THEN 'unknown_group' ELSE 'too_small' END;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('disclosure.export'), p_client);
    IF (SELECT count(*) FROM disclosure_export e WHERE e.client_no = p_client AND e.state IN ('accepted', 'running')) >= 2 THEN
        RETURN 'too_many';
    END IF;
    INSERT INTO disclosure_export (client_no, export_id, group_name, request, types, since, state, told, begun_at)
    VALUES (p_client, p_export, p_group, p_request, p_types, p_since, 'accepted', 0, p_now);
    INSERT INTO audit_act (act, actor_kind, actor_reference, reason, outcome, facts)
    SELECT 'disclosure.export', 'client', c.client_id, 'statistics', 'done', jsonb_build_object('client', p_client, 'group', p_group, 'types', p_types)
    FROM access_client c WHERE c.client_no = p_client;
    RETURN 'accepted';
END $$;

-- How an export stands, and its files as JSON. No row: the client has no such export.
CREATE FUNCTION published.export_state_v1(p_client integer, p_export text, p_now timestamptz)
RETURNS TABLE (state text, request text, types text[], group_name text, since timestamptz, told integer, begun_at timestamptz, idle boolean, files text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.state, e.request, e.types, e.group_name, e.since, e.told, e.begun_at, coalesce(e.leased_until < p_now, true),
        (SELECT coalesce(json_agg(json_build_object('part', o.part, 'kind', o.kind, 'lines', o.lines) ORDER BY o.part), '[]')::text
         FROM disclosure_exportpart o WHERE o.client_no = e.client_no AND o.export_id = e.export_id)
    FROM disclosure_export e WHERE e.client_no = p_client AND e.export_id = p_export AND e.begun_at > p_now - interval '1 day'
$$;

-- Take an export on, from its beginning; false: somebody else has it, or it has ended. Whoever dies of it loses it when the lease ends.
CREATE FUNCTION published.export_claim_v1(p_client integer, p_export text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE disclosure_export SET state = 'running', told = 0, leased_until = p_now + interval '30 seconds'
    WHERE client_no = p_client AND export_id = p_export AND state IN ('accepted', 'running') AND coalesce(leased_until < p_now, true);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM disclosure_exportpart WHERE client_no = p_client AND export_id = p_export;
    RETURN true;
END $$;

-- The next persons of the group after one, and their books without whatever names them: the year of birth, the province, and no visit of a sensitive chapter.
CREATE FUNCTION published.export_step_v1(p_client integer, p_export text, p_after bigint, p_parts integer, p_now timestamptz)
RETURNS TABLE (person_id bigint, book text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_step CONSTANT integer := 40;
    v_province text;
BEGIN
    UPDATE disclosure_export SET leased_until = p_now + interval '30 seconds'
    WHERE client_no = p_client AND export_id = p_export AND state = 'running' RETURNING disclosure_province_of(group_name) INTO v_province;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT p.person_id, (b.book || jsonb_build_object('person', jsonb_build_object('person_id', p.person_id, 'full_name', '', 'sex', p.sex,
        'born', p.birth_year::text, 'address', p.province, 'recorded_at', p.recorded_on::timestamptz),
        'cover', CASE jsonb_typeof(b.book->'cover') WHEN 'object' THEN (b.book->'cover') - 'card_number' - 'temporary_number' - 'address' END))::text
    FROM (
        SELECT p.* FROM people_person p
        WHERE p.person_id > p_after AND v_province IN ('', p.province) AND NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = p.person_id)
        ORDER BY p.person_id LIMIT v_step
    ) p
    CROSS JOIN LATERAL (SELECT disclosure_fhir(
        ARRAY(SELECT p.person_id UNION ALL SELECT a.alias_person_id FROM people_alias a WHERE a.person_id = p.person_id), '{book}', '', p_parts, 0)::jsonb AS book) b
    ORDER BY p.person_id;
END $$;

-- Keep a finished file; false: the export was cancelled.
CREATE FUNCTION published.export_keep_v1(p_client integer, p_export text, p_kind text, p_lines integer, p_content bytea, p_told integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE disclosure_export SET told = p_told WHERE client_no = p_client AND export_id = p_export AND state = 'running';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO disclosure_exportpart (client_no, export_id, part, kind, lines, content)
    SELECT p_client, p_export, coalesce(max(o.part), 0) + 1, p_kind, p_lines, p_content
    FROM disclosure_exportpart o WHERE o.client_no = p_client AND o.export_id = p_export;
    RETURN true;
END $$;

-- End an export: `done`, `failed` or `cancelled`. Its files stay only when it is done.
CREATE FUNCTION published.export_end_v1(p_client integer, p_export text, p_state text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_ended boolean;
BEGIN
    UPDATE disclosure_export SET state = p_state
    WHERE client_no = p_client AND export_id = p_export AND (state IN ('accepted', 'running') OR (state = 'done' AND p_state = 'cancelled'));
    v_ended := FOUND;
    IF v_ended AND p_state <> 'done' THEN
        DELETE FROM disclosure_exportpart WHERE client_no = p_client AND export_id = p_export;
    END IF;
    RETURN v_ended;
END $$;

-- A file of an export that is done.
CREATE FUNCTION published.export_part_v1(p_client integer, p_export text, p_part integer, p_now timestamptz) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.content FROM disclosure_exportpart o JOIN disclosure_export e USING (client_no, export_id)
    WHERE o.client_no = p_client AND o.export_id = p_export AND o.part = p_part AND e.state = 'done' AND e.begun_at > p_now - interval '1 day'
$$;

REVOKE ALL ON disclosure_export, disclosure_exportpart FROM ansinh_app;
GRANT SELECT ON disclosure_export TO ansinh_app;
REVOKE ALL ON FUNCTION disclosure_province_of FROM PUBLIC;
REVOKE ALL ON FUNCTION published.export_begin_v1, published.export_state_v1, published.export_claim_v1, published.export_step_v1, published.export_keep_v1,
    published.export_end_v1, published.export_part_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.export_begin_v1, published.export_state_v1, published.export_claim_v1, published.export_step_v1, published.export_keep_v1,
    published.export_end_v1, published.export_part_v1 TO ansinh_gateway;
