-- Hộ neo cho mẫu huấn luyện, không kể chính hồ sơ đó · Households that OTHER verified members name, for the training sample: a record must not vouch for itself.
CREATE OR REPLACE TEMP TABLE others_households AS
WITH named AS (
    SELECT s.record, a.register_household, count(*) AS members
    FROM sampled s JOIN accepted a ON a.household = s.household AND a.record <> s.record
    WHERE a.register_household IS NOT NULL
    GROUP BY s.record, a.register_household
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY record ORDER BY members DESC, register_household) AS place FROM named
)
SELECT record, max(register_household) FILTER (place = 1) AS anchor, max(register_household) FILTER (place = 2) AS other_anchor
FROM ranked GROUP BY record;
