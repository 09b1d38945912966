            -- The newest twenty files about the citizen, with the step that is open and until when: what they are about is said, nothing of their content.
            SELECT json_agg(json_build_object('file', f.file_id::text, 'kind', f.kind, 'state', f.state, 'received_on', (f.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
                'closed_on', f.closed_on, 'step', t.step, 'office', t.office, 'due_on', t.due_on, 'waits_vi', t.waits_vi, 'waits_en', t.waits_en)
                ORDER BY f.received_at DESC, f.file_id DESC)::text AS told
            FROM (
                SELECT l.* FROM lifeevents_file l WHERE l.person_id = k.asked ORDER BY l.received_at DESC, l.file_id DESC LIMIT 20
            ) f
            LEFT JOIN LATERAL (
                SELECT s.step, s.office, s.due_on, s.waits_vi, s.waits_en FROM lifeevents_step s WHERE s.file_id = f.file_id AND s.ended_at IS NULL
                AND s.asked_at IS NOT NULL ORDER BY s.due_on, s.step LIMIT 1
            ) t ON true
