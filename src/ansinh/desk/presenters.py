"""What the desk's pages show, in words: templates receive these and never a model, a standing or a query."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from ansinh.desk.adapters.gateway import Standing
from ansinh.desk.comparing import Mismatch
from ansinh.desk.queries import Looked, masked
from ansinh.desk.shares import Shares, lives_in_hard_area
from ansinh.desk.verdicts import TONES, UNANSWERED, Judged, Tone, Verdict
from ansinh.desk.words import SCRIPT_WORDS, VERDICTS, WORDS
from ansinh.foundation.clock import VIET_NAM

_STATIC = Path(__file__).parent / "static" / "desk"


@dataclass(frozen=True)
class Difference:
    """A field on which card and record differ; the pieces are (text, differs), so that the letters that differ can be marked."""

    label: str
    card: tuple[tuple[str, bool], ...]
    record: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Fact:
    """A large fact under the headline; `mark` is right, wrong or empty."""

    label: str
    value: str
    note: str = ""
    mark: str = ""


@dataclass(frozen=True)
class VerdictPresenter:
    """A verdict as it is read from two metres, then from one."""

    verdict: str
    tone: Tone
    tone_word: str
    headline: str
    action: str
    name: str
    about: str
    facts: tuple[Fact, ...]
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]
    number: str
    time: str
    reference: str
    retry_seconds: int | None
    last_known: str
    unanswered: bool


@dataclass(frozen=True)
class LookPresenter:
    """A line of the list of today."""

    time: str
    number: str
    tone: Tone
    verdict: str
    detail: str


@dataclass(frozen=True)
class Asking:
    """What a verdict is shown beside: who was asked about, when, and what the places are called."""

    number: str
    at: datetime
    facility_name: str
    last_known: Looked | None = None
    detail: str = ""


def verdict_presenter(judged: Judged, asking: Asking, language: str) -> VerdictPresenter:
    """Return the verdict in words."""
    words, told = WORDS[language], VERDICTS[language][judged.verdict]
    standing = judged.standing
    days = (
        {"from_day": shown_day(standing.valid_until), "valid_from": shown_day(standing.valid_from)} if standing else {}
    )
    seconds = judged.retry_seconds or 0
    unanswered = judged.verdict in UNANSWERED
    return VerdictPresenter(
        verdict=judged.verdict.value,
        tone=judged.tone,
        tone_word=words[f"tone_{judged.tone.value}"],
        headline=told.headline,
        action=told.action.format(**days, seconds=seconds, detail=asking.detail),
        name=standing.full_name if standing else "",
        about=_about(standing, words) if standing else "",
        facts=_facts(judged, asking, words) if standing else (),
        differences=tuple(_difference(one, words) for one in judged.mismatches),
        notes=_notes(judged, words),
        number=masked(asking.number),
        time=shown_time(asking.at),
        reference=judged.audit_reference or "",
        retry_seconds=judged.retry_seconds,
        last_known=_last_known(asking.last_known, language) if unanswered else "",
        unanswered=unanswered,
    )


def look_presenters(looks: Sequence[Looked], language: str) -> list[LookPresenter]:
    """Return the list of today as the page shows it."""
    shown = []
    for one in looks:
        verdict = Verdict(one.seen.verdict)
        share = one.seen.share_percent
        shown.append(
            LookPresenter(
                shown_time(one.looked_at),
                one.seen.masked_number,
                TONES[verdict],
                VERDICTS[language][verdict].short,
                f"{share} %" if share is not None else "",
            )
        )
    return shown


def count_in_words(count: int, language: str) -> str:
    """Return how many look-ups there were today, in words."""
    words = WORDS[language]
    if count == 1:
        return words["today_one"]
    return words["today_count"].format(count=count) if count else words["today_empty"]


def script_words(language: str) -> dict[str, str]:
    """Return what the page's script says by itself."""
    return {name: WORDS[language][name] for name in SCRIPT_WORDS}


def shown_day(day: date) -> str:
    """Return the day as dd/mm/yyyy."""
    return f"{day:%d/%m/%Y}"


def shown_time(moment: datetime) -> str:
    """Return the time of day in Viet Nam."""
    return f"{moment.astimezone(VIET_NAM):%H:%M}"


@cache
def edition() -> str:
    """Return what the addresses of styles and scripts end with, so that a browser never mixes two releases."""
    digest = hashlib.sha256()
    for file in sorted(_STATIC.glob("*.*")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def _facts(judged: Judged, asking: Asking, words: dict[str, str]) -> tuple[Fact, ...]:
    standing, verdict = judged.standing, judged.verdict
    assert standing is not None
    facts = []
    if judged.shares is not None:
        note = words["share_slip"] if judged.elsewhere else ""
        facts.append(Fact(words["share"], _percent(judged.shares.right, words), note))
    if verdict is not Verdict.ARMED_FORCES:
        facts.append(Fact(words["until"], shown_day(standing.valid_until - timedelta(days=1))))
    if judged.shares is not None:
        label = words["place_wrong"] if judged.needs_slip else words["place_right"]
        place = f"{asking.facility_name} ({standing.facility})" if asking.facility_name else standing.facility
        facts.append(Fact(words["place"], label, place, "wrong" if judged.needs_slip else "right"))
    return tuple(facts)


def _notes(judged: Judged, words: dict[str, str]) -> tuple[str, ...]:
    shares, standing = judged.shares, judged.standing
    if shares is None or standing is None:
        return ()
    notes = [*_without_slip(shares, standing, words)] if judged.elsewhere else []
    if shares.exempt_on:
        notes.append(words["copay_over"].format(day=shown_day(shares.exempt_on)))
    elif shares.ceiling and standing.copay:
        total, ceiling = (_dong(amount, words) for amount in (standing.copay.total, shares.ceiling))
        notes.append(words["copay_so_far"].format(total=total, ceiling=ceiling))
    if standing.five_years_on:
        notes.append(words["five_years"].format(day=shown_day(standing.five_years_on)) + ".")
    return tuple(notes)


def _without_slip(shares: Shares, standing: Standing, words: dict[str, str]) -> Iterator[str]:
    """Say what is paid without a slip: in one figure where it is the same for all, by kind of care elsewhere, and what the facility's score changes."""
    paid = shares.without_slip
    if paid is None:
        return
    inpatient, outpatient = _percent(paid.inpatient, words), _percent(paid.outpatient, words)
    if lives_in_hard_area(standing) and inpatient != outpatient:
        yield words["slip_area"].format(inpatient=inpatient, outpatient=outpatient, area=standing.area)
    elif inpatient != outpatient or paid.high_score is not None:
        yield words["slip_both"].format(inpatient=inpatient, outpatient=outpatient)
    else:
        yield words["slip_any"].format(percent=inpatient)
    if paid.high_score is not None:
        yield words["slip_scored"].format(outpatient=_percent(paid.high_score, words))


def _percent(per_ten_thousand: int, words: dict[str, str]) -> str:
    return f"{per_ten_thousand / 100:g} %".replace(".", words["decimal"])


def _dong(amount: int, words: dict[str, str]) -> str:
    return f"{amount:,} đ".replace(",", words["thousands"])


def _about(standing: Standing, words: dict[str, str]) -> str:
    sex = {"M": words["male"], "F": words["female"]}.get(standing.sex or "", "")
    born = f"{words['born']} {_shown_birth(standing.born)}" if standing.born else ""
    return " · ".join(part for part in (born, sex) if part)


def _shown_birth(born: str) -> str:
    return "/".join(reversed(born.split("-")))


def _difference(one: Mismatch, words: dict[str, str]) -> Difference:
    card, record = one.card, one.record
    if one.field == "born":
        card, record = _shown_birth(card), _shown_birth(record)
    if one.field == "sex":
        card, record = (words["male" if sex == "M" else "female"] for sex in (card, record))
    here, there = _marked(card, record)
    return Difference(words[f"differs_{one.field}"], here, there)


def _marked(card: str, record: str) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    """Mark each word that the other side does not have in the same place."""
    here, there = card.split(), record.split()
    sides = []
    for side, other in ((here, there), (there, here)):
        sides.append(
            tuple(
                (word, place >= len(other) or word.casefold() != other[place].casefold())
                for place, word in enumerate(side)
            )
        )
    return sides[0], sides[1]


def _last_known(former: Looked | None, language: str) -> str:
    words = WORDS[language]
    if former is None:
        return words["no_last_known"]
    told = VERDICTS[language][Verdict(former.seen.verdict)].short
    share = f", {former.seen.share_percent} %" if former.seen.share_percent is not None else ""
    until = f", {words['until'].lower()} {shown_day(former.seen.valid_until)}" if former.seen.valid_until else ""
    return words["last_known_lead"].format(time=shown_time(former.looked_at), short=f"{told}{share}{until}")
