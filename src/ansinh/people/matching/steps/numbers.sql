-- Bước A, B: cùng số định danh hoặc số CMND · Steps A and B: pairs with an equal 12-digit or 9-digit number, judged by `number_rules.csv`.
CREATE OR REPLACE TEMP TABLE number_pairs AS
WITH pairs AS (
    SELECT i.record, r.record AS person, 12 AS digits FROM insured i JOIN register r ON i.number12 = r.number12
    UNION ALL
    SELECT i.record, r.record, 9 FROM insured i JOIN register r ON i.number9 = r.number9
), levels AS (
    SELECT p.record, p.person, p.digits,
        ($name_level)::TINYINT AS name_level,
        ($date_level)::TINYINT AS date_level,
        CASE WHEN i.sex IS NULL OR r.sex IS NULL THEN -1 WHEN i.sex = r.sex THEN 1 ELSE 0 END::TINYINT AS sex_level
    FROM pairs p JOIN insured i ON i.record = p.record JOIN register r ON r.record = p.person
)
SELECT l.*, k.rule, k.outcome
FROM levels l
LEFT JOIN LATERAL (
    SELECT rule, outcome FROM number_rules k
    WHERE l.name_level BETWEEN k.name_from AND k.name_to AND l.date_level BETWEEN k.date_from AND k.date_to
        AND (k.sex = 'any' OR l.sex_level = 1) AND (k.digits = 'any' OR k.digits = l.digits::VARCHAR)
    ORDER BY k.place LIMIT 1
) k ON true;
