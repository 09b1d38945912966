-- Who may be told of whom, for functions that answer in the database: the same table and the same grounds as queries.may_act asks.

-- How somebody stands on a day; NULL where there is nobody. An unknown day of birth counts as the first possible one.
CREATE FUNCTION mandates_circumstance(p_person bigint, p_today date) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN p.died_on <= p_today THEN 'dead' WHEN p.birth_year IS NULL THEN 'adult' WHEN a.age < 14 THEN 'under_14' WHEN a.age < 18 THEN 'under_18'
                ELSE 'adult' END
    FROM people_person p
    CROSS JOIN LATERAL (SELECT extract(year FROM p_today) - p.birth_year - CASE WHEN (extract(month FROM p_today), extract(day FROM p_today))
        < (coalesce(p.birth_month, 1)::numeric, coalesce(p.birth_day, 1)::numeric) THEN 1 ELSE 0 END AS age) a
    WHERE p.person_id = p_person
$$;

-- For whom somebody may act, in what, until which day (not included): children by the register's word, and mandates and guardianships in force. Nobody who is not
-- of full age acts for another. `p_other`: one person only, or all.
CREATE FUNCTION mandates_acted_for(p_actor bigint, p_other bigint, p_today date) RETURNS TABLE (person_id bigint, who text, what text[], until date)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH own AS MATERIALIZED (
        SELECT p_actor AS record UNION ALL SELECT a.alias_person_id FROM people_alias a WHERE a.person_id = p_actor
    ), grounds AS (
        SELECT DISTINCT coalesce(a.person_id, c.person_id) AS other, 'parent' AS who, '{}'::text[] AS scopes, NULL::date AS until
        FROM own o
        JOIN people_identifier i ON i.person_id = o.record AND i.scheme = 'pin' AND i.resolves
        JOIN registry_person r ON (r.father_pin = i.value OR r.mother_pin = i.value) AND r.cancelled_on IS NULL
        JOIN people_identifier c ON c.value = r.pin AND c.scheme = 'pin' AND c.resolves
        LEFT JOIN people_alias a ON a.alias_person_id = c.person_id
        UNION ALL
        SELECT coalesce(a.person_id, m.for_person_id), m.kind, m.scopes, m.valid_until
        FROM own o
        JOIN mandates_mandate m ON m.person_id = o.record AND m.state = 'in_force' AND m.valid_from <= p_today AND (m.valid_until IS NULL OR m.valid_until > p_today)
        LEFT JOIN people_alias a ON a.alias_person_id = m.for_person_id
    )
    SELECT g.other, g.who, array_agg(r.what ORDER BY r.what), g.until
    FROM grounds g
    JOIN mandates_rule r ON r.who = g.who AND r.circumstance = mandates_circumstance(g.other, p_today)
        AND (r.answer = 'yes' OR (r.answer = 'granted' AND r.what = ANY (g.scopes)))
    WHERE (p_other IS NULL OR g.other = p_other) AND g.other <> p_actor AND mandates_circumstance(p_actor, p_today) = 'adult'
    GROUP BY g.other, g.who, g.until
$$;

-- Whether somebody may be told something of a person, both by the records that stand for them. Of themselves everybody is, but who the record says is dead or too
-- young to sign in.
CREATE FUNCTION mandates_may_be_told(p_asker bigint, p_asked bigint, p_what text, p_today date) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    IF p_asker = p_asked THEN
        RETURN EXISTS (SELECT FROM mandates_rule r WHERE r.who = 'self' AND r.circumstance = coalesce(mandates_circumstance(p_asked, p_today), 'adult')
            AND r.what = p_what AND r.answer = 'yes');
    END IF;
    RETURN p_asker <> 0 AND EXISTS (SELECT FROM mandates_acted_for(p_asker, p_asked, p_today) f WHERE p_what = ANY (f.what));
END $$;
REVOKE INSERT, UPDATE, DELETE ON mandates_rule FROM ansinh_app;
