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
LEFT JOIN number_outcomes k
    ON k.digits = l.digits AND k.name_level = l.name_level AND k.date_level = l.date_level AND k.sex_level = l.sex_level;
