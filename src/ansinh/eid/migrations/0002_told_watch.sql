            -- From now on the app is told when something of this citizen's changes. Guarded here, because what a join leaves out may have been carried out.
            SELECT CASE WHEN k.own AND k.asked <> 0 AND k.refused = 0 THEN eid_watch(k.asked, k.client, p_asked_at) END AS told
