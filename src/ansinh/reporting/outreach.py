"""Who is still paid in cash, commune by commune, and what is missing to the target; from the newest closed run, tied to its seal.

Target: 60 % of urban recipients (Decision 1813/QD-TTg of 2021). A person counts once, by account only if the attempt that paid them went there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import row, rows
from ansinh.foundation.errors import NotFound

URBAN_TARGET_PERCENT = 60
LINES_MAX = 5_000

_NEWEST = """
SELECT r.run_id, r.pay_month, r.rhythm, s.seal_no, encode(s.seal, 'hex'), i.version, i.counted_at
FROM payments_run r JOIN payments_indicator i ON i.run_id = r.run_id AND i.key = 'account_share.persons' AND i.province = '00'
JOIN payments_seal s ON s.run_id = i.run_id AND s.seal_no = i.seal_no
WHERE r.state = 'closed' AND r.rhythm = %s AND (%s::integer IS NULL OR r.run_id = %s) ORDER BY i.counted_at DESC, r.run_id DESC LIMIT 1
"""
_FIGURES = "SELECT province, key, counted, total FROM payments_indicator WHERE run_id = %s AND seal_no = %s ORDER BY province, key"
_COMMUNES = """
SELECT o.province, coalesce(o.commune, ''), bool_or(o.urban), count(*) FILTER (WHERE a.channel = 'account'), count(*)
FROM payments_order o JOIN payments_attempt a ON a.pay_month = o.pay_month AND a.order_id = o.order_id AND a.person_id = o.person_id
WHERE o.pay_month = %(month)s AND o.run_id = %(run)s AND (%(province)s::text IS NULL OR o.province = %(province)s) AND (a.ended IS NULL OR EXISTS (
    SELECT FROM payments_event e WHERE e.pay_month = %(month)s AND e.order_id = a.order_id AND e.attempt_no = a.attempt_no
        AND e.person_id = a.person_id AND e.kind = 50 AND e.effect = 1 AND e.recorded_at > %(closed)s))
GROUP BY 1, 2 ORDER BY count(*) FILTER (WHERE a.channel <> 'account') DESC, 1, 2 LIMIT %(lines)s
"""


@dataclass(frozen=True, slots=True)
class Published:
    """What a closed run published: its figures by province (00: nationwide) and name, as counted and total."""

    run_id: int
    pay_month: int
    rhythm: str
    seal_no: int
    seal: str
    version: str
    counted_at: datetime
    figures: dict[str, dict[str, tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Commune:
    """Payees of a commune or ward in a run: by account, all, and how many more accounts reach the urban target (none where it is no town)."""

    province: str
    commune: str
    urban: bool
    by_account: int
    persons: int

    @property
    def in_cash(self) -> int:
        """How many are to be called on."""
        return self.persons - self.by_account

    @property
    def missing(self) -> int:
        """How many more accounts reach the target."""
        return missing(self.by_account, self.persons) if self.urban else 0


def missing(by_account: int, persons: int) -> int:
    """Return how many more persons by account reach the target of 60 %."""
    return max(0, -(-persons * URBAN_TARGET_PERCENT // 100) - by_account)


def published(rhythm: str = "monthly", run_id: int | None = None) -> Published:
    """Return what the newest closed run of a rhythm (or this one) published; refuses `not_found`."""
    found = row(_NEWEST, [rhythm, run_id, run_id])
    if found is None:
        raise NotFound("Chưa có đợt chi nào đã khóa sổ.", "No run of this kind is closed yet.", rhythm=rhythm)
    figures: dict[str, dict[str, tuple[int, int]]] = {}
    for province, key, counted, total in rows(_FIGURES, [found[0], found[3]]):
        figures.setdefault(province, {})[key] = (int(counted), int(total))
    run, pay_month, kind, seal_no, seal, version, counted_at = found
    return Published(run, pay_month, kind, seal_no, seal, version, counted_at, figures)


def communes(of: Published, province: str | None = None) -> list[Commune]:
    """Return the communes of a run with most payees in cash first; of one province or of all."""
    with_ = {"month": of.pay_month, "run": of.run_id, "province": province, "closed": of.counted_at, "lines": LINES_MAX}
    return [Commune(p, c, urban, int(by), int(all_)) for p, c, urban, by, all_ in rows(_COMMUNES, with_)]
