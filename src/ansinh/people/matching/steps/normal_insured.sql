-- Chuẩn hóa hồ sơ của cơ quan bảo hiểm · Normal forms of the agency's records; what was written stays beside them.
SELECT
    b.record_no::BIGINT AS record,
    b.toned, b.key, b.nothi, b.ordered, b.marks, b.surname, b.given, b.middle, b.initials, b.regional, b.sg, b.plain,
    b.full_name AS written,
    b.birth_year::SMALLINT AS year,
    CASE WHEN b.birth_day BETWEEN 1 AND 31 AND b.birth_month BETWEEN 1 AND 12 THEN b.birth_month END::SMALLINT AS month,
    CASE WHEN b.birth_day BETWEEN 1 AND 31 AND b.birth_month BETWEEN 1 AND 12 THEN b.birth_day END::SMALLINT AS day,
    CASE b.sex WHEN 'M' THEN 1 WHEN 'F' THEN 2 END::TINYINT AS sex,
    b.commune_code AS commune,
    try_cast(b.province AS SMALLINT) AS province,
    CASE WHEN b.commune_code IS NOT NULL THEN home.former END AS former,
    try_cast(left(b.si_code, 2) AS SMALLINT) AS origin,
    b.household::BIGINT AS household,
    b.id_number AS stated,
    -- Spreadsheets eat leading zeros: 10 and 11 digits are taken as 12, 8 as 9.
    CASE WHEN length(b.digits) BETWEEN 10 AND 12 THEN lpad(b.digits, 12, '0') END AS number12,
    CASE WHEN length(b.digits) BETWEEN 8 AND 9 THEN lpad(b.digits, 9, '0') END AS number9,
    (b.excluded IS NOT NULL) AS excluded
FROM (
    SELECT *, try_cast(commune AS INTEGER) AS commune_code,
        regexp_replace(coalesce(id_number, ''), '[^0-9]', '', 'g') AS digits
    FROM batch
) b
ASOF LEFT JOIN former_provinces home ON try_cast(b.province AS SMALLINT) = home.province AND b.commune_code >= home.first_commune
