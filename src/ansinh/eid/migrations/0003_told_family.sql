            -- For whom the citizen may act, in which role, in what and until when: whom the app may ask for in the citizen's name. Who has no number is not asked for.
            SELECT json_agg(json_build_object('key', i.value, 'full_name', p.full_name, 'who', f.who, 'what', f.what, 'until', f.until)
                ORDER BY f.who = 'parent' DESC, p.full_name, f.person_id, f.who)::text AS told
            FROM mandates_acted_for(k.asked, NULL, v_today) f
            JOIN people_person p ON p.person_id = f.person_id
            CROSS JOIN LATERAL (
                SELECT h.value FROM people_identifier h WHERE h.person_id = f.person_id AND h.scheme = 'pin' AND h.resolves AND h.valid_until IS NULL
                ORDER BY h.value LIMIT 1
            ) i
