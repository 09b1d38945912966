"""Who reaches an age in a month that opens or ends a benefit: by statements over people, in parts of bounded length, with ages from the law."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ansinh.benefits.states import Kind
from ansinh.database.sql import row, rows
from ansinh.foundation.period import Month
from ansinh.rules.calculation import simulate
from ansinh.rules.law import amount as law_amount

LIST_LENGTH_MAX = 1_000
# Nobody reaches the retirement age before this age in years, nor after the other, in the years the law tells of.
_AGE_YEARS_MIN, _AGE_YEARS_MAX = 54, 63
CHILD_UNTIL_YEARS = 18
"""Law 41/2024/QH15 art. 86(1): a child is paid survivors' allowance until it is 18."""


@dataclass(frozen=True, slots=True)
class Reaching:
    """Somebody who reaches an age in the month; `born` is as much of the birth date as is known. `from_month`: the first month it counts for."""

    person_id: int
    province: str
    sex: str | None
    born: str
    from_month: int
    entitlement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: a province or all, after which person, how many at most."""

    province: str | None = None
    after: int = 0
    limit: int = LIST_LENGTH_MAX


def reaching_retirement(month: int, page: Page = Page()) -> list[Reaching]:  # frozen
    """Return who reaches the retirement age of ordinary work in the month and draws no pension yet, by person number.

    An unknown month of birth counts as January, an unknown day as the first (Labour Code 45/2019/QH14 art. 169; Decree 135/2020/ND-CP art. 4, 12).
    """
    births = {sex: births_retiring(month, sex) for sex in ("M", "F")}
    named = {
        "sexes": [sex for sex, months in births.items() for _ in months],
        "births": [birth for months in births.values() for birth in months],
        "excluding": [Kind.PENSION.value],
        **_part(month, page),
    }
    return [Reaching(*one) for one in rows(_RETIRING, named)]


def retires_in(person_id: int, month: int) -> bool:
    """Tell whether somebody reaches the retirement age of ordinary work in a month, by the birth date on record now."""
    found = row(
        "SELECT sex, birth_year, coalesce(birth_month, 1) FROM people_insured_v1 WHERE person_id = %s", [person_id]
    )
    if found is None or found[0] is None or found[1] is None:
        return False
    return found[1] * 100 + found[2] in births_retiring(month, found[0])


def reaching_social_pension(month: int, page: Page = Page()) -> list[Reaching]:  # frozen
    """Return who reaches the age of the social pension in the month and is paid nothing by the month (Law 41/2024/QH15 art. 21)."""
    age = law_amount("social_pension.age", Month.of(month).first_day())
    birth = Month.of(month).plus(-12 * age).number()
    named = {
        "sexes": ["M", "F"],
        "births": [birth, birth],
        "excluding": [kind.value for kind in Kind],
        **_part(month, page),
        "from_month": month,
    }
    return [Reaching(*one) for one in rows(_RETIRING, named)]


def losing_survivors_benefit(month: int, page: Page = Page()) -> list[Reaching]:  # frozen
    """Return children whose monthly survivors' allowance ends after the month because they are 18 in it (Law 41/2024/QH15 art. 86(1))."""
    birth = Month.of(month).plus(-12 * CHILD_UNTIL_YEARS)
    named = {"year": birth.year, "month": birth.month, "kind": Kind.SURVIVOR.value, **_part(month, page)}
    return [Reaching(*one) for one in rows(_GROWN, named)]


@cache
def births_retiring(month: int, sex: str) -> tuple[int, ...]:
    """Return the months of birth of those who reach the retirement age of ordinary work in a month."""
    then = Month.of(month)
    first, last = then.plus(-12 * _AGE_YEARS_MAX), then.plus(-12 * _AGE_YEARS_MIN)
    births = [first.plus(n) for n in range((last.year - first.year) * 12 + last.month - first.month + 1)]
    people = {
        f"{birth.number()}": {"birth_date": birth.first_day().isoformat(), "sex": "male" if sex == "M" else "female"}
        for birth in births
    }
    period = f"{month // 100}-{month % 100:02}"
    days = simulate(people, ["retirement_date"], period).calculate("retirement_date", period)
    begins = then.plus(1).first_day().isoformat()
    return tuple(birth.number() for birth, day in zip(births, days, strict=True) if str(day) == begins)


def _part(month: int, page: Page) -> dict[str, object]:
    return {
        "from_month": Month.of(month).plus(1).number(),
        "at": month,
        "province": page.province,
        "after": page.after,
        "limit": min(page.limit, LIST_LENGTH_MAX),
    }


_BORN = "concat_ws('-', p.birth_year, lpad(p.birth_month::text, 2, '0'), lpad(p.birth_day::text, 2, '0'))"
_RETIRING = f"""
SELECT p.person_id, p.province, p.sex, {_BORN}, %(from_month)s
FROM people_insured_v1 p JOIN unnest(%(sexes)s::text[], %(births)s::int[]) AS b (sex, birth)
  ON p.sex = b.sex AND p.birth_year = b.birth / 100 AND coalesce(p.birth_month, 1) = b.birth %% 100
WHERE p.person_id > %(after)s AND p.died_on IS NULL AND (%(province)s::text IS NULL OR p.province = %(province)s)
  AND NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = p.person_id)
  AND NOT EXISTS (
    SELECT FROM people_resolved_v1 r JOIN benefits_entitlement e ON e.person_id = r.record_id
    JOIN benefits_version_v1 v ON v.person_id = e.person_id AND v.entitlement_id = e.entitlement_id
    WHERE r.person_id = p.person_id AND e.kind = ANY(%(excluding)s) AND v.state <> 'ended' AND v.valid_from <= %(from_month)s
      AND coalesce(v.valid_until, 999912) > %(at)s)
ORDER BY p.person_id LIMIT %(limit)s
"""
_GROWN = f"""
SELECT e.person_id, v.province, p.sex, {_BORN}, %(from_month)s, e.entitlement_id
FROM benefits_entitlement e JOIN people_resolved_v1 r ON r.record_id = e.person_id JOIN people_insured_v1 p ON p.person_id = r.person_id
CROSS JOIN LATERAL (
    SELECT province, state FROM benefits_version l WHERE l.person_id = e.person_id AND l.entitlement_id = e.entitlement_id AND l.superseded_at IS NULL
      AND l.valid_from <= %(from_month)s ORDER BY l.valid_from DESC LIMIT 1
) AS v
WHERE e.kind = %(kind)s AND e.person_id > %(after)s AND v.state <> 'ended' AND p.died_on IS NULL
  AND p.birth_year = %(year)s AND coalesce(p.birth_month, 1) = %(month)s AND (%(province)s::text IS NULL OR v.province = %(province)s)
ORDER BY e.person_id LIMIT %(limit)s
"""
