            -- The app is not told any more.
            SELECT CASE WHEN k.own AND k.asked <> 0 AND k.refused = 0 THEN eid_unwatch(k.asked, k.client) END AS told
