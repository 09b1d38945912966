-- Bước C: tên và ngày sinh trùng, cùng hộ với người thân đã xác thực hoặc cùng xã · Step C: equal name and full date, and the household of a
-- verified relative or the same commune. The only such person; nobody verified already; no number or household that contradicts.
CREATE OR REPLACE TEMP TABLE exact_pairs AS
WITH fits AS (
    SELECT i.record, r.record AS person, i.anchor,
        ($name_level)::TINYINT AS name_level,
        ($date_level)::TINYINT AS date_level,
        CASE WHEN i.sex IS NULL OR r.sex IS NULL THEN -1 WHEN i.sex = r.sex THEN 1 ELSE 0 END::TINYINT AS sex_level,
        coalesce(i.anchor = r.household OR i.other_anchor = r.household, false) AS same_household,
        coalesce(i.commune = r.commune, false) AS same_commune,
        (i.key = r.key AND NOT i.plain AND r.marks NOT LIKE i.marks) AS accents_contradict,
        CASE
            WHEN i.number12 IS NULL AND i.number9 IS NULL THEN 'none'
            WHEN i.number12 = r.number12 OR i.number9 = r.number9 THEN 'equal'
            WHEN hamming(i.number12, r.number12) <= 1 THEN 'near'
            -- Old numbers are dense: one off says too little to link by, but does not contradict.
            WHEN i.number12 IS NULL AND (r.number9 IS NULL OR hamming(i.number9, r.number9) <= 1) THEN 'none'
            ELSE 'other'
        END AS number_fit,
        r.record IN (SELECT person FROM accepted) AS taken
    FROM open i
    JOIN register r ON i.key = r.key AND i.year = r.year AND i.month = r.month AND i.day = r.day
)
SELECT *,
    (anchor IS NOT NULL AND NOT same_household) AS other_household,
    count(*) OVER (PARTITION BY record) AS namesakes,
    count(*) FILTER (same_household) OVER (PARTITION BY record) AS in_household,
    count(*) FILTER (same_commune) OVER (PARTITION BY record) AS in_commune
FROM fits;
