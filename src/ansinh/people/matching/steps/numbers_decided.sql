-- Người được chọn theo số: đúng một người khớp · Whom the number names: exactly one fitting person, never the first of several.
CREATE OR REPLACE TEMP TABLE number_decided AS
WITH best AS (
    SELECT record, person,
        min_by(rule, digits * -100) AS rule, min_by(outcome, digits * -100) AS outcome,
        max(name_level) AS name_level, max(date_level) AS date_level, max(sex_level) AS sex_level, max(digits) AS digits
    FROM number_pairs GROUP BY record, person
), counted AS (
    SELECT *, count(*) FILTER (outcome = 'accept') OVER (PARTITION BY record) AS fitting FROM best
)
SELECT record, person, rule,
    CASE WHEN outcome = 'accept' AND fitting > 1 THEN 'review' ELSE outcome END AS outcome,
    name_level, date_level, sex_level, digits
FROM counted
WHERE outcome <> 'drop';
