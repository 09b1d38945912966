"""What the doctor's page shows, in words: templates receive these and never an answer of the gateway."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ansinh.desk.adapters.gateway import Standing
from ansinh.desk.patient_words import CARE, CHAPTERS, GROUNDS, RESULTS, STANDINGS, WORDS, in_words

MANY_MEDICINES = 5


@dataclass(frozen=True)
class Risk:
    """Something a doctor must know before treating; `tone` is stop or look."""

    tone: str
    word: str
    detail: str


@dataclass(frozen=True)
class MedicineLine:
    """A medicine as it was ordered."""

    name: str
    how: str
    when: str
    who: str


@dataclass(frozen=True)
class VisitLine:
    """A visit in the list: when, where, what for, who wrote it."""

    number: str
    day: str
    facility: str
    what: str
    diagnosis: str
    result: str
    doctor: str
    recorded: str
    new: bool
    chapters: tuple[str, ...]


@dataclass(frozen=True)
class PatientPresenter:
    """The book on one page."""

    grounds: str
    emergency: bool
    reference: str
    withheld: str
    left_out: str
    risks: tuple[Risk, ...]
    allergies: str
    new: tuple[str, ...]
    new_since: str
    medicines: tuple[MedicineLine, ...]
    visits: tuple[VisitLine, ...]
    problems: tuple[str, ...]
    papers: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A part of a whole visit: a heading and its lines."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class VisitPresenter:
    """One visit whole."""

    line: VisitLine
    version: str
    parts: tuple[Part, ...] = field(default=())


def patient_presenter(
    told: dict[str, Any], referrals: list[dict[str, Any]], appointments: list[dict[str, Any]], language: str
) -> PatientPresenter:
    """Return a book in words; `told` is the gateway's answer of the summary."""
    words, book = WORDS[language], told.get("book") or {}
    since = book.get("last_here_at")
    visits = tuple(_visit(one, since, language) for one in book.get("visits", []))
    medicines = tuple(_medicine(one, words) for one in book.get("medicines", []))
    count, older = book.get("withheld", 0), book.get("visits_left_out", 0)
    grounds = told.get("grounds") or []
    return PatientPresenter(
        grounds=", ".join(in_words(GROUNDS, one, language) for one in grounds),
        emergency="emergency" in grounds,
        reference=str(told.get("audit_id", "")),
        withheld=words["withheld"].format(count=count) if count else "",
        left_out=words["left_out"].format(count=older) if older else "",
        risks=tuple(_risks(book, medicines, language)),
        allergies=_allergies(book.get("allergies") or {}, words),
        new=tuple(_new(book, since, words)),
        new_since=words["new_since"].format(day=_day(since)) if since else "",
        medicines=medicines,
        visits=visits,
        problems=tuple(_problem(one) for one in book.get("problems", [])),
        papers=tuple(_papers(referrals, appointments, language)),
    )


def visit_presenter(told: dict[str, Any], language: str) -> VisitPresenter:
    """Return one visit whole, in words."""
    words = WORDS[language]
    parts = {
        "diagnoses": [_joined(one["code"], one.get("title")) for one in told["diagnoses"]],
        "medicines": [_joined(_named(one), _dosed(one)) for one in told["medicines"]],
        "results": [
            _joined(one.get("index") or one.get("service"), one.get("value"), one.get("unit"), one.get("conclusion"))
            for one in told["results"]
        ],
        "services": [_joined(one.get("name"), one.get("quantity"), one.get("unit")) for one in told["services"]],
        "course": [_joined(_time(one.get("noted_at")), one.get("text"), one.get("surgery")) for one in told["course"]],
    }
    headings = {"medicines": words["medicine"]}
    return VisitPresenter(
        line=_visit(told, None, language),
        version=words["version"].format(version=told["version"], at=_time(told.get("recorded_at"))),
        parts=tuple(Part(headings.get(name) or words[name], tuple(lines)) for name, lines in parts.items() if lines),
    )


def who_is_it(standing: Standing | None, masked: str, language: str) -> tuple[str, str]:
    """Return the patient's name, and what else says that this is the right person."""
    words = WORDS[language]
    if standing is None:
        return words["unknown_name"], masked
    born = "/".join(reversed(standing.born.split("-"))) if standing.born else ""
    sex = {"M": ("nam", "male"), "F": ("nữ", "female")}.get(standing.sex or "", ("", ""))[language == "en"]
    return standing.full_name, " · ".join(filter(None, (born and f"{words['born']} {born}", sex, masked)))


@cache
def risk_groups() -> tuple[tuple[str, str, str, str, str], ...]:
    """Return the groups of codes a doctor must know of: first, last, tone, Vietnamese, English."""
    lines = (Path(__file__).with_name("risks.csv")).read_text(encoding="utf-8").splitlines()
    return tuple(
        (row["first"], row["last"], row["tone"], row["vi"], row["en"])
        for row in csv.DictReader(line for line in lines if not line.startswith("#"))
    )


def _risks(book: dict[str, Any], medicines: tuple[MedicineLine, ...], language: str) -> Iterable[Risk]:
    found: dict[str, Risk] = {}
    for substance in (book.get("allergies") or {}).get("known", []):
        word = WORDS[language]["allergy"].format(substance=substance)
        found[word] = Risk("stop", word, "")
    for problem in book.get("problems", []):
        code = str(problem["code"])
        for first, last, tone, vi, en in risk_groups():
            if first <= code[:3] <= last:
                word = vi if language == "vi" else en
                found.setdefault(word, Risk(tone, word, f"{code}, {_day(problem.get('last_at'))}"))
    names = {one.name for one in medicines}
    if len(names) >= MANY_MEDICINES:
        word = "Dùng nhiều thuốc" if language == "vi" else "Many medicines"
        found[word] = Risk("look", word, str(len(names)))
    return sorted(found.values(), key=lambda risk: risk.tone != "stop")


def _allergies(told: dict[str, Any], words: dict[str, str]) -> str:
    """Return what is known where no allergy is: that nobody asked is not that there is none."""
    if told.get("known"):
        return ""
    return words["no_allergies"] if told.get("none_known") else words["allergies_not_asked"]


def _new(book: dict[str, Any], since: str | None, words: dict[str, str]) -> Iterable[str]:
    """Everything recorded after the last visit here. Moments are texts of one form and zone, so they compare as they are."""
    if since is None:
        yield words["never_here"]
        return
    there = False
    for one in book.get("visits", []):
        if (one.get("recorded_at") or "") > since and (one.get("admitted_at") or "") > since:
            there = True
            yield _joined(
                _day(one["admitted_at"]), one.get("facility_name"), one.get("diagnosis_text") or one.get("diagnosis")
            )
    for one in book.get("medicines", []):
        if (one.get("ordered_at") or "") > since:
            there = True
            yield _joined(words["medicine"], _named(one), _dosed(one))
    if not there:
        yield words["nothing_new"]


def _visit(one: dict[str, Any], since: str | None, language: str) -> VisitLine:
    words = WORDS[language]
    return VisitLine(
        number=str(one["visit"]),
        day=_day(one.get("admitted_at")),
        facility=one.get("facility_name") or one.get("facility") or "",
        what=in_words(CARE, one.get("care_kind"), language),
        diagnosis=_joined(one.get("diagnosis"), one.get("diagnosis_text")),
        result=in_words(RESULTS, one.get("result"), language),
        doctor=words["doctor"].format(doctor=one["doctor"]) if one.get("doctor") else "",
        recorded=_time(one.get("recorded_at")),
        new=since is not None and (one.get("admitted_at") or "") > since,
        chapters=tuple(in_words(CHAPTERS, label, language) for label in one.get("sensitive") or []),
    )


def _medicine(one: dict[str, Any], words: dict[str, str]) -> MedicineLine:
    who = words["doctor"].format(doctor=one["prescriber"]) if one.get("prescriber") else ""
    return MedicineLine(_named(one), _dosed(one), _day(one.get("ordered_at")), who)


def _problem(one: dict[str, Any]) -> str:
    times = f"×{one['times']}" if one["times"] > 1 else ""
    return _joined(one["code"], one.get("title"), times, _day(one.get("last_at")))


def _papers(referrals: list[dict[str, Any]], appointments: list[dict[str, Any]], language: str) -> Iterable[str]:
    words = WORDS[language]
    for one in appointments:
        line = words["appointment_line"].format(
            day=_day(one["due_on"]),
            facility=one.get("facility_name") or one["facility"],
            until=_day(one["valid_until"]),
        )
        yield f"{line} · {in_words(STANDINGS, one['standing'], language)}"
    for one in referrals:
        to = one.get("to_name") or one.get("to") or words["any"]
        issuer = one.get("issuer_name") or one["issuer"]
        line = words["referral_line"].format(number=one["number"], issuer=issuer, to=to, until=_day(one["valid_until"]))
        used = [
            words["used_at"].format(facility=use.get("facility_name") or use["facility"]) for use in one["uses"][:1]
        ]
        yield " · ".join([line, in_words(STANDINGS, one["standing"], language), *used])


def _named(one: dict[str, Any]) -> str:
    return " ".join(filter(None, (one.get("name"), one.get("strength"))))


def _dosed(one: dict[str, Any]) -> str:
    quantity = one.get("quantity")
    amount = f"{quantity:g} {one.get('unit') or ''}".strip() if isinstance(quantity, int | float) else ""
    return _joined(one.get("dose"), one.get("usage"), amount)


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part not in (None, ""))


def _day(moment: str | None) -> str:
    return f"{moment[8:10]}/{moment[5:7]}/{moment[:4]}" if moment else ""


def _time(moment: str | None) -> str:
    return f"{moment[11:16]} {_day(moment)}" if moment else ""
