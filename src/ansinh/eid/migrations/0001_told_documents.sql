            -- The newest twenty papers the agency issued to the citizen: number, kind and digest, by which anybody proves one; not their bytes.
            SELECT json_agg(json_build_object('number', d.number, 'kind', d.kind, 'media_type', d.media_type, 'sha256', d.sha256,
                'issued_at', disclosure_moment(d.issued_at)) ORDER BY d.issued_at DESC, d.number DESC)::text AS told
            FROM (
                SELECT p.number, p.kind, p.media_type, p.sha256, p.issued_at FROM documents_paper p WHERE p.person_id = k.asked
                ORDER BY p.issued_at DESC, p.number DESC LIMIT 20
            ) d
