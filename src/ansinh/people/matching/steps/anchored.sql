-- Hồ sơ chưa xác thực cùng hộ neo của người thân · Records still open, with the households their verified relatives name.
-- At most two households: the one named most and the next; the pair of a tie is put in order by number, so both are always seen.
CREATE OR REPLACE TEMP TABLE open AS
WITH named AS (
    SELECT household, register_household, sum(members) AS members
    FROM (
        SELECT household, register_household, members FROM households
        UNION ALL
        SELECT household, register_household, count(*) FROM linked_here GROUP BY household, register_household
    )
    WHERE household IN (SELECT household FROM still_open WHERE household IS NOT NULL)
    GROUP BY household, register_household
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY household ORDER BY members DESC, register_household) AS place FROM named
)
SELECT i.* EXCLUDE (household), i.household AS our_household, one.register_household AS anchor, other.register_household AS other_anchor
FROM still_open i
LEFT JOIN (FROM ranked WHERE place = 1) one ON one.household = i.household
LEFT JOIN (FROM ranked WHERE place = 2) other ON other.household = i.household;
