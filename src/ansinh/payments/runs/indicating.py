"""Figures of a closed run, published with its newest seal: how many persons, and how much money, went by account."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version

from ansinh.database.sql import execute
from ansinh.payments.runs.run import Run

# A person counts once, and by account only if the attempt that paid them went there; one order a person a run makes that the same thing.
_PAID = """
SELECT o.province, o.urban, o.amount, a.channel = 'account' AS by_account FROM payments_order o JOIN payments_attempt a
    ON a.pay_month = o.pay_month AND a.order_id = o.order_id AND a.person_id = o.person_id AND a.ended IS NULL
WHERE o.pay_month = %(month)s AND o.run_id = %(run)s
"""
_PUBLISH = f"""
INSERT INTO payments_indicator (run_id, seal_no, key, province, counted, total, counted_at, version)
SELECT %(run)s, (SELECT max(seal_no) FROM payments_seal WHERE run_id = %(run)s), key, coalesce(province, '00'), counted, total, %(now)s, %(version)s
FROM (
    SELECT province, GROUPING(province), count(*) FILTER (WHERE by_account) AS persons_by_account, count(*) AS persons,
        count(*) FILTER (WHERE by_account AND urban) AS urban_by_account, count(*) FILTER (WHERE urban) AS urban,
        coalesce(sum(amount) FILTER (WHERE by_account), 0) AS amount_by_account, coalesce(sum(amount), 0) AS amount
    FROM ({_PAID}) AS paid GROUP BY ROLLUP (province)
) AS t, LATERAL (VALUES ('account_share.persons', persons_by_account, persons), ('account_share.urban', urban_by_account, urban),
    ('account_share.amount', amount_by_account, amount)) AS figure (key, counted, total)
"""


def publish(run: Run, now: datetime) -> int:
    """Keep the shares by account of a run, by province and (`00`) nationwide; returns how many figures."""
    return execute(_PUBLISH, {"run": run.run_id, "month": run.pay_month, "now": now, "version": version("ansinh")})
