"""Who looked at somebody, in words: looks of one kind by one body on one day are one line; the person's own are counted apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from ansinh.audit.queries import Look, looks_at
from ansinh.foundation.actor import ActorKind
from ansinh.foundation.clock import legal_day
from ansinh.people.queries import person_as_known
from ansinh.places.queries import facility_names
from ansinh.portal.words.looks import WORDS
from ansinh.screens.saying import moment

LOOKS_MAX = 300
# What was looked at, by the audit's words for it.
_WHAT = {
    **dict.fromkeys(("standing", "standing of many", "card look-up", "own card"), "card"),
    "visits": "visits",
    "co-payment": "copay",
    "health book": "health",
    "health book, through FHIR": "health",
    "contribution book": "book",
    "contribution book, statement": "book",
    "contribution book, signed export": "book",
    "health book, visit": "visit",
    "health book, referrals": "referrals",
    "referral paper checked": "referrals",
    "referral paper used": "referrals",
    "referral paper, printed": "referrals",
    "health book, appointments": "appointments",
    "appointment slip, printed": "appointments",
    "health book, papers": "papers",
    "health book opened in an emergency": "emergency",
    "allergies written down": "allergies",
    "payment": "payments",
    "recovery": "payments",
    "simulated pension": "benefits",
    **dict.fromkeys(("insured record", "number"), "identity"),
    **dict.fromkeys(
        (
            "application",
            "attachment of an application",
            "benefit file",
            "entitlements",
            "life-event file",
            "request about personal data",
            "result of an application",
        ),
        "benefits",
    ),
    "visits that may be over-use": "visits",
    "own payments": "payments",
    "own page on the portal": "page",
}
_PERSON = f"{ActorKind.PERSON.value} "


@dataclass(frozen=True, slots=True)
class ShownLook:
    """Looks of one kind by one body on one day: who, what, why, when; `reference` names the newest of them in the audit, for whoever asks about it."""

    reference: int
    who: str
    by: str
    what: str
    why: str
    when: str
    count: int
    result: str


@dataclass(frozen=True, slots=True)
class WhoLooked:
    """Who looked, newest first, and how often the person looked at their own."""

    looks: tuple[ShownLook, ...]
    own: int
    full: bool


def who_looked(person_id: int, records: Sequence[int], at: datetime, language: str) -> WhoLooked:
    """Return who looked at a person lately, in words."""
    found = looks_at(person_id, LOOKS_MAX)
    mine = {f"{_PERSON}{one}" for one in (person_id, *records)}
    others = [one for one in found if one.officer not in mine]
    names = facility_names([one.facility for one in others if one.facility])
    people = _acting(others, at)
    told = []
    for _, same in groupby(others, key=_kind):
        group = list(same)
        told.append(_shown(group, names, people, language))
    return WhoLooked(tuple(told), len(found) - len(others), len(found) == LOOKS_MAX)


def _kind(one: Look) -> tuple[date, str, str, str, str, str]:
    return legal_day(one.asked_at), one.facility, one.officer, _WHAT.get(one.call, "other"), one.purpose, one.result


def _acting(looks: Sequence[Look], at: datetime) -> dict[str, str]:
    """Return the names of people who looked in the person's place; there are few."""
    found = {}
    for officer in {one.officer for one in looks if one.officer.startswith(_PERSON)}:
        known = person_as_known(int(officer.removeprefix(_PERSON)), at)
        found[officer] = (known.fields["full_name"] if known else None) or "…"
    return found


def _shown(group: list[Look], names: dict[str, str], people: dict[str, str], language: str) -> ShownLook:
    words, newest, oldest = WORDS[language], group[0], group[-1]
    when = moment(newest.asked_at)
    if moment(oldest.asked_at) != when:
        when = words["between"].format(first=moment(oldest.asked_at), last=moment(newest.asked_at).rpartition(", ")[2])
    by = words["by"].format(code=newest.officer) if newest.facility and newest.officer else ""
    return ShownLook(
        reference=newest.audit_id,
        who=_who(newest, names, people, language),
        by=by,
        what=words[f"what_{_WHAT.get(newest.call, 'other')}"],
        why=words.get(f"why_{newest.purpose}", newest.purpose),
        when=when,
        count=len(group),
        result="answered" if newest.result == "answered" else "nothing" if newest.result in _EMPTY else "refused",
    )


_EMPTY = ("nobody found", "never insured")


def _who(look: Look, names: dict[str, str], people: dict[str, str], language: str) -> str:
    words = WORDS[language]
    if look.facility:
        return words["facility"].format(name=names.get(look.facility, look.facility))
    if look.officer in people:
        return words["person"].format(name=people[look.officer])
    kind, blank, _ = look.officer.partition(" ")
    if blank:
        return words["client" if kind == "client" else "system"]
    return words["officer"].format(code=look.officer)
