"""What others may ask about who may act for whom: frozen answers, each as of a moment."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.access.queries import actor_of_person
from ansinh.database.sql import row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import Refusal
from ansinh.mandates.states import FULL_AGE, SIGNS_IN_FROM_AGE, Answer, Circumstance, What, Who, cells
from ansinh.people.queries import records_of, resolve

LIST_LENGTH_MAX = 200


class MayNotAct(Refusal):
    """Somebody may not do this for that person, or not any more."""

    code = "may_not_act"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody may act for a person: their role, what a mandate grants, and until which day (not included), where it has one."""

    who: Who
    granted: frozenset[What]
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ActedFor:
    """Somebody a person may act for: who, in which role, in what, until when."""

    person_id: int
    full_name: str
    who: Who
    what: tuple[What, ...]
    until: date | None


@dataclass(frozen=True, slots=True)
class MandateShown:
    """A mandate as its two people see it. `over`: in force by its state, but past its last day or ended by law."""

    mandate_id: int
    for_person_id: int
    for_name: str
    person_id: int
    name: str
    kind: str
    scopes: tuple[What, ...]
    valid_from: date
    valid_until: date | None
    state: str
    paper: str
    given_at: datetime
    agreed_at: datetime | None
    ended_at: datetime | None
    over: bool


@dataclass(frozen=True, slots=True)
class RepresentativeShown:
    """A representative's mandate for an employer."""

    mandate_id: int
    employer_id: int
    code: str
    employer: str
    person_id: int
    paper: str
    valid_from: date
    valid_until: date | None
    state: str
    given_by: str


def circumstance_of(person_id: int, today: date) -> Circumstance | None:
    """Return how a person stands on a day; None where there is no such person. An unknown day of birth counts as the first possible one."""
    found = row(
        "SELECT birth_year, birth_month, birth_day, died_on FROM people_person WHERE person_id = %s",
        [resolve(person_id)],
    )
    if found is None:
        return None
    year, month, day, died_on = found
    if died_on is not None and died_on <= today:
        return Circumstance.DEAD
    if year is None:
        return Circumstance.ADULT
    age = today.year - year - ((today.month, today.day) < (month or 1, day or 1))
    if age < SIGNS_IN_FROM_AGE:
        return Circumstance.UNDER_14
    return Circumstance.UNDER_18 if age < FULL_AGE else Circumstance.ADULT


def of_age_on(person_id: int) -> date | None:
    """Return the day on which a person is of full age; None where the year of birth, or the person, is unknown."""
    found = row(
        "SELECT birth_year, birth_month, birth_day FROM people_person WHERE person_id = %s", [resolve(person_id)]
    )
    if found is None or found[0] is None:
        return None
    year, month, day = found[0] + FULL_AGE, found[1] or 1, found[2] or 1
    # Whoever was born on 29 February is of age on 1 March where the year has none.
    return date(year, month, day) if (month, day) != (2, 29) or isleap(year) else date(year, 3, 1)


def grounds(person_id: int, for_person_id: int, today: date) -> list[Ground]:
    """Return in which roles somebody stands to a person on a day, whatever these permit; a stranger where in none."""
    person, other = resolve(person_id), resolve(for_person_id)
    if person == other:
        return [Ground(Who.SELF, frozenset())]
    found: list[Ground] = []
    if other in _children(person):
        found.append(Ground(Who.PARENT, frozenset()))
    for kind, scopes, until in rows(
        _IN_FORCE, {"actors": records_of(person), "others": records_of(other), "today": today}
    ):
        found.append(Ground(Who(kind), frozenset(What(one) for one in scopes), until))
    return found or [Ground(Who.STRANGER, frozenset())]


def may_act(person_id: int, for_person_id: int, what: What, at: datetime) -> Who | None:
    """Return in which role somebody may do something for a person at a moment, or None when they may not. Only people of full age act for others."""
    today = legal_day(at)
    circumstance = circumstance_of(for_person_id, today)
    if circumstance is None:
        return None
    if resolve(person_id) != resolve(for_person_id) and circumstance_of(person_id, today) is not Circumstance.ADULT:
        return None
    for ground in grounds(person_id, for_person_id, today):
        if _permits(ground, circumstance, what):
            return ground.who
    return None


def actor_for(person_id: int, for_person_id: int, what: What, at: datetime) -> Actor:
    """Return the actor for what somebody does for a person, so that it is recorded as done by the one for the other.

    Refuses (`may_not_act`) what the table does not permit, with one answer for people who are not there.
    """
    person, other = resolve(person_id), resolve(for_person_id)
    if may_act(person, other, what, at) is None:
        if person == other:
            raise MayNotAct(
                "Hồ sơ này ghi chưa đủ 14 tuổi hoặc đã mất nên không tự sử dụng cổng được. Nếu ghi sai, gọi tổng đài 1900 9068.",
                "This record says under 14, or dead, so nobody uses the portal in its own name. If that is wrong, call 1900 9068.",
                what=what.value,
            )
        raise MayNotAct(
            "Ông/bà không có quyền làm việc này thay người đó, hoặc quyền đã hết. Xem mục Gia đình để biết ông/bà làm thay được cho ai, việc gì.",
            "You may not do this for that person, or not any more. See Family for whom you may act, and in what.",
            what=what.value,
        )
    return actor_of_person(other, None if person == other else person)


def acted_for(person_id: int, at: datetime) -> list[ActedFor]:
    """Return everybody somebody may act for in anything at a moment: children first, then by name; at most LIST_LENGTH_MAX."""
    person, today = resolve(person_id), legal_day(at)
    if circumstance_of(person, today) is not Circumstance.ADULT:
        return []
    wanted = {*_children(person), *_mandated(person)}
    found = []
    for other in sorted(wanted)[:LIST_LENGTH_MAX]:
        circumstance = circumstance_of(other, today)
        if circumstance is None:
            continue
        for ground in grounds(person, other, today):
            what = tuple(one for one in What if _permits(ground, circumstance, one))
            if what:
                found.append(ActedFor(other, _name(other), ground.who, what, ground.until))
                break
    return sorted(found, key=lambda one: (one.who is not Who.PARENT, one.full_name))


def mandates_given(person_id: int, today: date) -> list[MandateShown]:
    """Return the mandates others have to act for a person, the newest first."""
    return _shown("m.for_person_id = ANY(%s)", records_of(resolve(person_id)), today)


def mandates_taken(person_id: int, today: date) -> list[MandateShown]:
    """Return the mandates a person was given to act for others, or is offered, the newest first."""
    return _shown("m.person_id = ANY(%s)", records_of(resolve(person_id)), today)


def guardians_waiting(today: date) -> list[MandateShown]:
    """Return guardianships one officer prepared and another has not decided, the newest first."""
    return _shown("m.kind = ANY(%s) AND m.state = 'prepared'", ["guardian"], today)


def parents_of(person_id: int) -> list[tuple[int, str]]:
    """Return the parents the population register names for a person, by record and name, whatever they may do."""
    found = rows(_PARENTS, {"records": records_of(resolve(person_id))})
    return [(int(one[0]), str(one[1])) for one in found]


def employers_of(person_id: int, at: datetime) -> list[RepresentativeShown]:
    """Return the employers somebody may declare for at a moment, by code."""
    today = legal_day(at)
    if circumstance_of(person_id, today) is not Circumstance.ADULT:
        return []
    if cells()[Who.REPRESENTATIVE, Circumstance.EMPLOYER, What.DECLARE] is Answer.NO:
        return []
    return _representatives(
        "r.person_id = ANY(%(key)s) AND r.state = 'in_force' AND r.valid_from <= %(today)s AND (r.valid_until IS NULL OR r.valid_until > %(today)s)",
        {"key": records_of(resolve(person_id)), "today": today},
    )


def may_declare(person_id: int, employer_id: int, at: datetime) -> bool:
    """Tell whether somebody may send in an employer's declarations at a moment."""
    return any(one.employer_id == employer_id for one in employers_of(person_id, at))


def representatives_waiting() -> list[RepresentativeShown]:
    """Return representatives one officer prepared and another has not decided."""
    return _representatives("r.state = 'prepared'", {})


def _permits(ground: Ground, circumstance: Circumstance, what: What) -> bool:
    answer = cells().get((ground.who, circumstance, what), Answer.NO)
    return answer is Answer.YES or (answer is Answer.GRANTED and what in ground.granted)


def _children(person: int) -> set[int]:
    return {int(one[0]) for one in rows(_CHILDREN, {"records": records_of(person), "most": LIST_LENGTH_MAX})}


def _mandated(person: int) -> set[int]:
    found = rows(
        "SELECT DISTINCT for_person_id FROM mandates_mandate WHERE person_id = ANY(%s) AND state = 'in_force' LIMIT %s",
        [records_of(person), LIST_LENGTH_MAX],
    )
    return {resolve(int(one[0])) for one in found}


def _name(person: int) -> str:
    found = row("SELECT full_name FROM people_person WHERE person_id = %s", [person])
    return str(found[0]) if found else ""


def _shown(which: str, key: Iterable[int | str], today: date) -> list[MandateShown]:
    found = rows(
        "SELECT m.mandate_id, m.for_person_id, f.full_name, m.person_id, p.full_name, m.kind, m.scopes, m.valid_from, m.valid_until, m.state, m.paper,"
        " m.given_at, m.agreed_at, m.ended_at FROM mandates_mandate m JOIN people_person f ON f.person_id = m.for_person_id"
        f" JOIN people_person p ON p.person_id = m.person_id WHERE {which} ORDER BY m.given_at DESC, m.mandate_id DESC LIMIT {LIST_LENGTH_MAX}",
        [list(key)],
    )
    return [_mandate(one, today) for one in found]


def _mandate(one: tuple[Any, ...], today: date) -> MandateShown:
    mandate_id, other, for_name, person, name, kind, scopes, valid_from, valid_until, state, paper, *moments = one
    circumstance = circumstance_of(other, today)
    granted = frozenset(What(scope) for scope in scopes)
    ground = Ground(Who(kind), granted)
    ended = circumstance is None or not any(_permits(ground, circumstance, what) for what in What)
    past = valid_until is not None and valid_until <= today
    given_at, agreed_at, ended_at = moments
    return MandateShown(
        mandate_id=mandate_id,
        for_person_id=other,
        for_name=for_name,
        person_id=person,
        name=name,
        kind=kind,
        scopes=tuple(what for what in What if what in granted),
        valid_from=valid_from,
        valid_until=valid_until,
        state=state,
        paper=paper,
        given_at=given_at,
        agreed_at=agreed_at,
        ended_at=ended_at,
        over=state == "in_force" and (past or ended),
    )


def _representatives(which: str, parameters: dict[str, object]) -> list[RepresentativeShown]:
    found = rows(
        "SELECT r.mandate_id, r.employer_id, e.code, e.name, r.person_id, r.paper, r.valid_from, r.valid_until, r.state, r.given_by "
        f"FROM mandates_representative r JOIN participation_employer e USING (employer_id) WHERE {which} ORDER BY e.code LIMIT {LIST_LENGTH_MAX}",
        parameters,
    )
    return [RepresentativeShown(*one) for one in found]


_IN_FORCE = """
SELECT kind, scopes, valid_until FROM mandates_mandate
WHERE person_id = ANY(%(actors)s) AND for_person_id = ANY(%(others)s) AND state = 'in_force'
  AND valid_from <= %(today)s AND (valid_until IS NULL OR valid_until > %(today)s)
ORDER BY kind DESC
"""
# By the register's word alone: who is named as parent under any number that is, or rightly was, the person's own.
_CHILDREN = """
SELECT DISTINCT coalesce(a.person_id, c.person_id)
FROM people_identifier i
JOIN registry_person r ON (r.father_pin = i.value OR r.mother_pin = i.value) AND r.cancelled_on IS NULL
JOIN people_identifier c ON c.value = r.pin AND c.scheme = 'pin' AND c.resolves
LEFT JOIN people_alias a ON a.alias_person_id = c.person_id
WHERE i.person_id = ANY(%(records)s) AND i.scheme = 'pin' AND i.resolves LIMIT %(most)s
"""
_PARENTS = """
SELECT DISTINCT p.person_id, p.full_name
FROM people_identifier c
JOIN registry_person r ON r.pin = c.value AND r.cancelled_on IS NULL
JOIN people_identifier i ON i.value IN (r.father_pin, r.mother_pin) AND i.scheme = 'pin' AND i.resolves
LEFT JOIN people_alias a ON a.alias_person_id = i.person_id
JOIN people_person p ON p.person_id = coalesce(a.person_id, i.person_id)
WHERE c.person_id = ANY(%(records)s) AND c.scheme = 'pin' AND c.valid_until IS NULL ORDER BY p.full_name
"""
