CASE
    WHEN i.key IS NULL OR r.key IS NULL THEN 0
    WHEN i.toned = r.toned THEN 5
    WHEN i.key = r.key THEN 4
    WHEN i.nothi = r.nothi OR i.ordered = r.ordered THEN 3
    WHEN i.sg = r.sg OR i.regional = r.regional OR damerau_levenshtein(i.key, r.key) <= 1 THEN 2
    WHEN i.given = r.given OR (i.surname = r.surname AND i.middle = r.middle) THEN 1
    ELSE 0
END
