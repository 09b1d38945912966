"""How many persons are paid monthly, and how many of them into an account: from the raw rows of our runs, and of the system that paid before us."""

from __future__ import annotations

from ansinh.benefits.states import MONTHLY, Kind
from ansinh.reporting.cells import Source

# Pensions and allowances of social insurance; unemployment benefits have a rhythm of their own and count among urban recipients only.
_INSURANCE_KINDS = ", ".join(f"'{kind.value}'" for kind in MONTHLY if kind is not Kind.UNEMPLOYMENT)

# The former system's months are those of one run below the first of ours; another load of its files makes them another run, to be counted anew.
_FORMER_RUN = "-(SELECT count(*) FROM benefits_load)::integer"
# Whom the former system paid in each month, until the first month we owe: what its file said when it was taken in, whatever was changed since. Its file
# holds nobody who had left before December 2024. A month counts from its first day.
_FORMER = f"""
SELECT 'monthly' AS rhythm, month, {_FORMER_RUN} AS run_id, person_id, min(province) AS province, bool_or(urban) AS urban, first_day AS day,
    first_day::timestamptz AS closed_at, bool_or(insurance) AS insurance, EXISTS (
        SELECT FROM payments_account k WHERE k.person_id = paid.person_id AND k.source IS NOT NULL AND k.from_month <= month
            AND (k.until_month IS NULL OR k.until_month > month)
    ) AS by_account
FROM (
    SELECT to_char(m, 'YYYYMM')::integer AS month, m::date AS first_day, e.person_id, v.province, v.urban, e.kind IN ({_INSURANCE_KINDS}) AS insurance
    FROM benefits_load l
    CROSS JOIN generate_series(timestamp '2024-12-01', to_date(l.owed_from::text, 'YYYYMM') - interval '1 month', interval '1 month') AS m
    JOIN benefits_entitlement e ON e.source = l.source
    JOIN benefits_version v ON v.person_id = e.person_id AND v.entitlement_id = e.entitlement_id AND v.cause = 'load'
        AND v.valid_from <= to_char(m, 'YYYYMM')::integer
    WHERE NOT EXISTS (
        SELECT FROM benefits_version t WHERE t.person_id = v.person_id AND t.entitlement_id = v.entitlement_id AND t.cause = 'term'
            AND t.recorded_at = v.recorded_at AND t.valid_from <= to_char(m, 'YYYYMM')::integer
    )
) AS paid GROUP BY month, first_day, person_id
"""

# Whom a closed run had paid when it closed, and how: what came back later does not rewrite a published figure.
PAID_BY_RUNS = f"""
SELECT r.rhythm, o.pay_month AS month, o.run_id, o.person_id, o.province, o.urban, (c.counted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day,
    c.counted_at AS closed_at, EXISTS (
        SELECT FROM payments_obligation b WHERE b.person_id = o.person_id AND b.pay_month = o.pay_month AND b.order_id = o.order_id
            AND b.kind IN ({_INSURANCE_KINDS})
    ) AS insurance, a.channel = 'account' AS by_account
FROM payments_run r
JOIN payments_indicator c ON c.run_id = r.run_id AND c.key = 'account_share.persons' AND c.province = '00'
JOIN payments_order o ON o.pay_month = r.pay_month AND o.run_id = r.run_id
JOIN payments_attempt a ON a.pay_month = o.pay_month AND a.order_id = o.order_id AND a.person_id = o.person_id
WHERE r.state = 'closed' AND (a.ended IS NULL OR EXISTS (
    SELECT FROM payments_event e WHERE e.pay_month = a.pay_month AND e.order_id = a.order_id AND e.attempt_no = a.attempt_no
        AND e.person_id = a.person_id AND e.kind = 50 AND e.effect = 1 AND e.recorded_at > c.counted_at))
"""

# Series of persons paid: which of a month's recipients count. A person counts once a month, as the first run that paid them says. The published figure takes
# social insurance and unemployment together; either apart, and what is paid once, stand beside it.
_PAID: dict[str, str] = {
    "pay.persons": "insured",
    "pay.persons_by_account": "insured AND by_account",
    "pay.urban": "in_town",
    "pay.urban_by_account": "in_town AND by_account",
    "pay.urban_insured": "insured AND urban",
    "pay.urban_insured_by_account": "insured AND urban AND by_account",
    "pay.urban_unemployed": "unemployed AND urban",
    "pay.urban_unemployed_by_account": "unemployed AND urban AND by_account",
    "pay.one_off": "paid_once",
    "pay.one_off_by_account": "paid_once AND by_account",
    "pay.urban_one_off": "paid_once AND urban",
    "pay.urban_one_off_by_account": "paid_once AND urban AND by_account",
}
_VALUES = ", ".join(f"('{series}', n{n})" for n, series in enumerate(_PAID))
_TOLD = f"LATERAL (VALUES {_VALUES}) AS told (series, persons)"
_FIRST = "row_number() OVER (PARTITION BY rhythm = 'one_off', month, person_id{} ORDER BY closed_at, run_id) = 1"

# (once, month, run, series, province, day, persons) of months: what is paid once has months of its own, for it has no rhythm.
_PERSONS_OF_MONTHS = f"""
SELECT once, month, run_id, told.series, province, day, told.persons FROM (
    SELECT once, month, run_id, province, day, {", ".join(f"count(*) FILTER (WHERE {which}) AS n{n}" for n, which in enumerate(_PAID.values()))}
    FROM (
        SELECT rhythm = 'one_off' AS once, month, run_id, province, day, by_account, urban,
            rhythm <> 'one_off' AND insurance AND {_FIRST.format(", insurance")} AS insured,
            rhythm <> 'one_off' AND NOT insurance AND {_FIRST.format(", insurance")} AS unemployed,
            rhythm <> 'one_off' AND {_FIRST.format("")} AND urban AS in_town,
            rhythm = 'one_off' AND {_FIRST.format("")} AS paid_once
        FROM ({{recipients}}) AS recipients
    ) AS who GROUP BY once, month, run_id, province, day
) AS sums, {_TOLD} WHERE told.persons > 0
"""
# (series, province, day, gain): a month's persons count from the day their run closed until the day the first run of the next month did, so the sum up to a
# day is what the newest month says.
_GAINS = """
SELECT series, province, day, sum(gain) AS gain FROM (
    WITH persons AS MATERIALIZED ({persons}),
    months AS (SELECT once, month, lead(min(day)) OVER (PARTITION BY once ORDER BY month) AS until FROM persons GROUP BY once, month)
    SELECT series, province, day, persons AS gain FROM persons
    UNION ALL
    SELECT series, province, greatest(until, day), -persons FROM persons JOIN months USING (once, month) WHERE until IS NOT NULL
) AS gains GROUP BY series, province, day HAVING sum(gain) <> 0
"""
_RECIPIENTS = f"{_FORMER} UNION ALL {PAID_BY_RUNS}"
# The raw rows of some months, to be kept.
PERSONS_COUNTED = _PERSONS_OF_MONTHS.format(
    recipients=f"SELECT * FROM ({_RECIPIENTS}) AS every WHERE month = ANY(%(months)s)"
)
# All persons, and of them those in town: what is neither said of both follows by taking away.
_FAMILIES = (
    ("pay.persons", "pay.urban_insured"),
    ("pay.one_off", "pay.urban_one_off"),
    (None, "pay.urban"),
    (None, "pay.urban_unemployed"),
)


def _split() -> str:
    """How each series falls into kinds of communes and channels: (series, kind, channel, source, sign)."""
    found: list[tuple[str, str, str, str, int]] = []
    for every, town in _FAMILIES:
        paid = f"{town}_by_account"
        found += [(town, "urban", "account", paid, 1), (paid, "urban", "account", paid, 1)]
        found += [(town, "urban", "cash", town, 1), (town, "urban", "cash", paid, -1)]
        if every:
            by_account = f"{every}_by_account"
            found += [(series, "urban", "account", paid, 1) for series in (every, by_account)]
            found += [(every, "urban", "cash", town, 1), (every, "urban", "cash", paid, -1)]
            for series in (every, by_account):
                found += [(series, "rural", "account", by_account, 1), (series, "rural", "account", paid, -1)]
            found += [(every, "rural", "cash", every, 1), (every, "rural", "cash", by_account, -1)]
            found += [(every, "rural", "cash", town, -1), (every, "rural", "cash", paid, 1)]
    return ", ".join(f"('{one[0]}', '{one[1]}', '{one[2]}', '{one[3]}', {one[4]})" for one in found)


def _cells(persons: str) -> str:
    return f"""
        SELECT s.series, province, s.kind, '' AS facility, s.channel, day, sum(s.sign * gain)::bigint AS count
        FROM ({_GAINS.format(persons=persons)}) AS gains JOIN (VALUES {_split()}) AS s (series, kind, channel, source, sign) ON s.source = gains.series
        GROUP BY s.series, province, s.kind, s.channel, day HAVING sum(s.sign * gain) <> 0"""


# From the raw rows, all of them in one reading: slow, and the proof of what is kept by month.
PAYMENTS = Source(
    "payments",
    tuple(_PAID),
    _cells(_PERSONS_OF_MONTHS.format(recipients=_RECIPIENTS)),
    sooner=_cells("SELECT once, month, run_id, series, province, day, persons FROM reporting_paidcount"),
)
# Months of which a closed run, or the former system's files as they are now, is not among what is kept.
STALE_MONTHS = f"""
SELECT DISTINCT month FROM (
    SELECT r.pay_month AS month, r.run_id FROM payments_run r WHERE r.state = 'closed'
    UNION
    SELECT to_char(m, 'YYYYMM')::integer, {_FORMER_RUN} FROM benefits_load l
    CROSS JOIN generate_series(timestamp '2024-12-01', to_date(l.owed_from::text, 'YYYYMM') - interval '1 month', interval '1 month') AS m
) AS paid WHERE NOT EXISTS (SELECT FROM reporting_paidcount c WHERE c.month = paid.month AND c.run_id = paid.run_id) ORDER BY 1
"""

# What closed runs published, held against their raw rows.
PUBLISHED_DIFFERENTLY = f"""
WITH raw AS (
    SELECT run_id, coalesce(province, '00') AS province, count(*) FILTER (WHERE by_account) AS persons_by_account, count(*) AS persons,
        count(*) FILTER (WHERE by_account AND urban) AS urban_by_account, count(*) FILTER (WHERE urban) AS urban
    FROM ({PAID_BY_RUNS}) AS paid GROUP BY run_id, ROLLUP (province)
)
SELECT run_id || ' ' || key || ' ' || province FROM (
    SELECT run_id, f.key, province, f.counted, f.total FROM raw, LATERAL (VALUES ('account_share.persons', persons_by_account, persons),
        ('account_share.urban', urban_by_account, urban)) AS f (key, counted, total)
) AS again FULL JOIN (
    SELECT i.run_id, i.key, i.province, i.counted, i.total FROM payments_indicator i JOIN payments_run r USING (run_id)
    WHERE i.key IN ('account_share.persons', 'account_share.urban')
) AS published USING (run_id, key, province)
WHERE (again.counted, again.total) IS DISTINCT FROM (published.counted, published.total)
"""
