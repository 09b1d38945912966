-- Các quy tắc bước C theo thứ tự · The rules of step C in order.
CREATE OR REPLACE TEMP TABLE exact_decided AS
WITH ruled AS (
    SELECT *,
        CASE
            WHEN number_fit = 'near' AND sex_level <> 0 AND count(*) FILTER (number_fit = 'near') OVER (PARTITION BY record) = 1
                THEN 'exact.near_number'
            WHEN number_fit IN ('none', 'near') AND same_household AND in_household = 1 AND NOT accents_contradict AND sex_level <> 0 AND NOT taken
                THEN 'exact.household'
            WHEN number_fit IN ('none', 'near') AND same_commune AND namesakes = 1 AND NOT accents_contradict AND sex_level = 1
                AND NOT taken AND NOT other_household
                THEN 'exact.commune'
        END AS rule
    FROM exact_pairs
)
SELECT record, person, rule, 'accept' AS outcome, name_level, date_level, sex_level
FROM ruled
WHERE rule IS NOT NULL
QUALIFY count(*) OVER (PARTITION BY record) = 1;
