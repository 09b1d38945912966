-- Kết luận của từng hồ sơ, đúng một · Exactly one verdict for each record.
WITH linked AS (
    -- The model's columns are there even where no model has linked anybody.
    FROM (SELECT * FROM linked_files WHERE outcome = 'accept' UNION ALL BY NAME SELECT * FROM rest_files WHERE false)
    QUALIFY count(*) OVER (PARTITION BY record) = 1
), doubtful AS (
    -- The number names somebody whose name or date does not fit well enough.
    SELECT record, person, rule, name_level, date_level, sex_level, corrections
    FROM linked_files WHERE outcome = 'review'
    QUALIFY row_number() OVER (PARTITION BY record ORDER BY name_level * 10 + date_level DESC, person) = 1
), best AS (
    FROM rest_files WHERE place = 1 AND outcome IN ('accept', 'review')
), shown AS (
    SELECT record, list_transform(
        list_sort(list({'place': place, 'pin': lpad(person::VARCHAR, 12, '0'), 'posterior': posterior, 'weight': weight})),
        lambda x: {'pin': x.pin, 'posterior': x.posterior, 'weight': x.weight}
    ) AS candidates
    FROM rest_files WHERE posterior >= $shown_from AND place <= $shown_places GROUP BY record
), told AS (
    SELECT i.record,
        CASE
            WHEN i.excluded THEN 'excluded'
            WHEN l.record IS NOT NULL OR b.outcome = 'accept' THEN 'linked'
            WHEN b.record IS NOT NULL OR d.record IS NOT NULL THEN 'candidate'
            ELSE 'not_found'
        END AS state,
        coalesce(l.person, b.person, d.person) AS person,
        CASE WHEN l.record IS NULL AND b.record IS NOT NULL THEN 'model' ELSE coalesce(l.rule, d.rule) END AS rule,
        coalesce(l.posterior, b.posterior) AS posterior,
        coalesce(l.weight, b.weight) AS score,
        coalesce(l.runner_up, b.runner_up) AS runner_up,
        coalesce(l.name_level, d.name_level) AS name_level,
        coalesce(l.date_level, d.date_level) AS date_level,
        coalesce(l.sex_level, d.sex_level) AS sex_level,
        CASE WHEN l.record IS NOT NULL THEN $linked_weights WHEN b.record IS NOT NULL THEN $rest_weights END AS weights,
        coalesce(l.corrections, b.corrections, d.corrections, []) AS corrections,
        CASE WHEN l.record IS NULL AND coalesce(b.outcome, 'review') = 'review' THEN s.candidates END AS candidates
    FROM insured_files i
    LEFT JOIN linked l ON l.record = i.record
    LEFT JOIN best b ON b.record = i.record
    LEFT JOIN doubtful d ON d.record = i.record
    LEFT JOIN shown s ON s.record = i.record
)
SELECT record,
    CASE WHEN state <> 'linked' THEN state
        WHEN array_length(list_filter(corrections, lambda x: x.kind = 'wrong')) > 0 THEN 'corrected' ELSE 'verified' END AS verdict,
    CASE WHEN state IN ('linked', 'candidate') THEN lpad(person::VARCHAR, 12, '0') END AS pin,
    CASE state WHEN 'excluded' THEN 'armed_forces' WHEN 'not_found' THEN 'nobody_fits' ELSE rule END AS rule,
    CASE WHEN state IN ('linked', 'candidate') AND rule = 'model' THEN '$model' END AS model,
    posterior, score, runner_up, name_level, date_level, sex_level,
    CASE WHEN state IN ('linked', 'candidate') THEN weights END AS weights,
    CASE WHEN state IN ('linked', 'candidate') THEN corrections ELSE [] END AS corrections,
    CASE WHEN state = 'candidate' THEN coalesce(candidates, [{'pin': lpad(person::VARCHAR, 12, '0'), 'posterior': posterior, 'weight': score}]) END AS candidates,
    state IN ('linked', 'candidate') AND person IN (SELECT person FROM duplicate_files) AS duplicate
FROM told
