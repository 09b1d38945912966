            -- The card as it stands on the day, with the words of the counter: where it is registered, how much it pays, what comes next.
            SELECT json_build_object('card_number', c.card_number, 'temporary_number', c.temporary_number, 'full_name', c.full_name, 'sex', c.sex,
                'born', c.birth_year || coalesce('-' || lpad(c.birth_month::text, 2, '0') || coalesce('-' || lpad(c.birth_day::text, 2, '0'), ''), ''),
                'address', c.address, 'object_code', c.object_code, 'benefit_level', c.level, 'share_percent', l.share_percent,
                'facility', c.facility, 'facility_name', f.name, 'valid_from', c.valid_from, 'valid_until', c.valid_until, 'status', c.status,
                'in_force', c.status = 'active' AND c.valid_from <= v_today AND v_today < c.valid_until, 'five_years_on', c.five_years_on,
                'next', CASE WHEN c.next_valid_from IS NOT NULL THEN json_build_object('card_number', c.next_card_number, 'facility', c.next_facility,
                    'valid_from', c.next_valid_from, 'valid_until', c.next_valid_until) END,
                'copay', CASE WHEN c.copay_year = extract(year FROM v_today) THEN json_build_object('year', c.copay_year, 'total', c.copay_total,
                    'exempt_on', c.copay_exempt_on) END)::text AS told
            FROM cards_standing c
            LEFT JOIN places_facility f ON f.code = c.facility
            LEFT JOIN places_benefitlevel l ON l.level = c.level
            WHERE c.person_id = k.asked LIMIT 1
