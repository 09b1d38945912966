-- Chuẩn hóa CSDL quốc gia về dân cư · Normal forms of the population register. The record number is the personal number itself.
SELECT
    b.pin::BIGINT AS record,
    b.toned, b.key, b.nothi, b.ordered, b.marks, b.surname, b.given, b.middle, b.initials, b.regional, b.sg, b.plain,
    b.full_name AS written,
    b.birth_year::SMALLINT AS year,
    CASE WHEN b.birth_day IS NOT NULL THEN b.birth_month END::SMALLINT AS month,
    CASE WHEN b.birth_month IS NOT NULL THEN b.birth_day END::SMALLINT AS day,
    CASE b.sex WHEN 'M' THEN 1 WHEN 'F' THEN 2 END::TINYINT AS sex,
    b.commune_code AS commune,
    try_cast(b.province AS SMALLINT) AS province,
    CASE WHEN b.commune_code IS NOT NULL THEN home.former END AS former,
    try_cast(b.born_in_province AS SMALLINT) AS origin,
    b.household::BIGINT AS household,
    b.pin AS stated,
    b.pin AS number12,
    b.old_number AS number9,
    false AS excluded
FROM (SELECT *, try_cast(commune AS INTEGER) AS commune_code FROM batch) b
ASOF LEFT JOIN former_provinces home ON try_cast(b.province AS SMALLINT) = home.province AND b.commune_code >= home.first_commune
