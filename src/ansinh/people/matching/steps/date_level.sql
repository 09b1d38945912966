CASE
    WHEN i.year IS NULL OR r.year IS NULL THEN -1
    WHEN i.year = r.year AND i.month = r.month AND i.day = r.day THEN 4
    WHEN i.year = r.year AND (i.month IS NULL OR r.month IS NULL) THEN 3
    WHEN i.year = r.year AND i.month = r.day AND i.day = r.month THEN 2
    WHEN i.year = r.year AND (i.month = r.month OR i.day = r.day) THEN 2
    WHEN i.year = r.year AND i.month = 1 AND i.day = 1 THEN 2
    WHEN i.month = r.month AND i.day = r.day AND abs(i.year::INTEGER - r.year) IN (1, 5, 9, 10, 20) THEN 2
    WHEN i.year = r.year THEN 1
    ELSE 0
END
