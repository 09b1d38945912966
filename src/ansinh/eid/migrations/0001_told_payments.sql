            -- The payments of twelve months, the newest first: how much, what for, by which way, and where they stand, in four public words. Of an account, its
            -- end only.
            SELECT json_agg(json_build_object('pay_month', p.pay_month, 'pay_on', p.pay_on, 'amount', p.amount, 'channel', p.channel, 'partner', p.partner,
                'account_ends', right(p.account, 4), 'standing', CASE WHEN p.state = 30 THEN 'paid' WHEN p.order_state = 'withheld' OR p.state = 61 THEN 'withheld'
                    WHEN p.state IN (20, 40, 50, 60) THEN 'came_back' ELSE 'on_the_way' END,
                'parts', p.parts) ORDER BY p.pay_on DESC, p.run_id DESC)::text AS told
            FROM (
                SELECT o.pay_month, u.pay_on, o.run_id, o.amount, o.state AS order_state, t.channel, t.partner, t.account, t.state, w.parts
                FROM generate_series(0, 11) back (months)
                CROSS JOIN LATERAL (SELECT extract(year FROM d)::integer * 100 + extract(month FROM d)::integer AS month
                    FROM (SELECT (v_today - make_interval(months => back.months))::date AS d) n) m
                CROSS JOIN LATERAL (SELECT k.asked AS record UNION ALL SELECT a.alias_person_id FROM people_alias a WHERE a.person_id = k.asked) h
                JOIN payments_order o ON o.pay_month = m.month AND o.person_id = h.record
                JOIN payments_run u ON u.run_id = o.run_id
                LEFT JOIN LATERAL (
                    SELECT n.channel, n.partner, n.account, n.state FROM payments_attempt_now n
                    WHERE n.pay_month = o.pay_month AND n.order_id = o.order_id AND n.person_id = o.person_id ORDER BY n.attempt_no DESC LIMIT 1
                ) t ON true
                LEFT JOIN LATERAL (
                    SELECT json_agg(json_build_object('kind', b.kind, 'month', b.month, 'amount', b.amount) ORDER BY b.month, b.kind, b.component) AS parts
                    FROM unnest(u.months) owed (month) JOIN payments_obligation b ON b.month = owed.month AND b.person_id = o.person_id AND b.order_id = o.order_id
                ) w ON true
                WHERE o.state <> 'released' AND u.state <> 'aborted'
            ) p
