-- Một người có từ hai hồ sơ trở lên · People with two records or more: at least one linked, the others linked or shown to an officer as theirs.
SELECT person
FROM (
    SELECT person, record, true AS linked FROM linked_files WHERE outcome = 'accept'
    UNION ALL
    SELECT person, record, outcome = 'accept' FROM rest_files WHERE place = 1 AND (outcome IN ('accept', 'review'))
)
GROUP BY person
HAVING count(DISTINCT record) > 1 AND bool_or(linked)
