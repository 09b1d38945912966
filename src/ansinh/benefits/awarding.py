"""What the law's answer opens, and for whom; and, when nothing is due, the condition that failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from ansinh.benefits.file_states import FileKind
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.deaths import relative_name
from ansinh.benefits.gathering.found import Gathered
from ansinh.benefits.states import Kind
from ansinh.foundation.errors import Refusal
from ansinh.foundation.period import Month
from ansinh.rules.explanations.citing import cited_vi
from ansinh.rules.explanations.telling import reference_of
from ansinh.rules.situations.answers import Answer

CHILD_UNTIL_YEARS = 18


@dataclass(frozen=True, slots=True)
class Award:
    """What a decision opens for one person: kind, amount in đồng (monthly, or once), from which month and until which (out), and since which day."""

    person_id: int
    kind: Kind
    amount: int
    from_month: int
    until_month: int | None
    opened_on: date

    def plain(self) -> dict[str, Any]:
        """Return it as plain values, to store in a decision."""
        return asdict(self) | {"kind": self.kind.value, "opened_on": self.opened_on.isoformat()}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Award:
        """Return what was stored."""
        return cls(**{**plain, "kind": Kind(plain["kind"]), "opened_on": date.fromisoformat(plain["opened_on"])})


class NothingTells(Refusal):
    """The law grants nothing, but no step of its answer says why: a text is missing."""

    code = "nothing_tells_why"


def awards_of(file: File, found: Gathered, answer: Answer) -> list[Award]:
    """Return what an answer opens; nothing when nothing is due."""
    results = {one.key: one.value for one in answer.results}
    start = Month.of(int(answer.on[:7].replace("-", "")))
    first = Award(file.person_id, Kind.PENSION, 0, start.number(), None, start.first_day())
    made = _AWARDS[file.kind](file, found, results, first)
    return [award for award in made if award.amount > 0]


def failing_condition(file: File, answer: Answer) -> tuple[str, str]:
    """Return why nothing is due, with its articles, in both languages; raises NothingTells."""
    if file.kind is FileKind.RETIREMENT_EXTRA and any(one.key == "pension" and one.value for one in answer.results):
        reference = reference_of("retirement_extra", answer.on)
        return (
            f"Không có thời gian đóng cao hơn số năm tương ứng với tỷ lệ hưởng tối đa. [{cited_vi(reference)}]",
            f"No years were paid beyond those of the highest rate. [{reference}]",
        )
    for key in _TELLING[file.kind]:
        told = [step for step in answer.explanation.steps if step.key == key]
        if told:
            # Who lacks a few months may pay them at once: that is worth knowing with the refusal.
            told += [step for step in answer.explanation.steps if step.key == "missing_months_payable" and step.value]
            vi = " ".join(f"{step.vi} [{step.reference_vi}]" for step in told)
            return vi, " ".join(f"{step.en} [{step.reference}]" for step in told)
    raise NothingTells(
        "Không hưởng, nhưng lời giải không nêu điều kiện nào không đạt. Báo cho người phụ trách pháp luật.",
        "Nothing is due, but the derivation does not say which condition failed. Tell whoever keeps the law.",
        application=file.application_id,
    )


def _amount(results: Mapping[str, Any], key: str) -> int:
    return int(results.get(key) or 0)


def _retirement(file: File, found: Gathered, results: Mapping[str, Any], first: Award) -> list[Award]:
    pension = replace(first, amount=_amount(results, "pension"))
    return [pension, *_extra(file, found, results, first)] if pension.amount else []


def _extra(file: File, found: Gathered, results: Mapping[str, Any], first: Award) -> list[Award]:
    return [replace(first, kind=Kind.RETIREMENT_EXTRA, amount=_amount(results, "retirement_extra"))]


def _one_off(file: File, found: Gathered, results: Mapping[str, Any], first: Award) -> list[Award]:
    return [replace(first, kind=Kind.ONE_OFF_WITHDRAWAL, amount=_amount(results, "one_off_withdrawal"))]


def _funeral(file: File, found: Gathered, results: Mapping[str, Any], first: Award) -> list[Award]:
    return [replace(first, kind=Kind.FUNERAL, amount=_amount(results, "funeral_allowance"))]


def _survivors(file: File, found: Gathered, results: Mapping[str, Any], first: Award) -> list[Award]:
    """Open a monthly allowance for each relative who qualifies; the one-off when nobody does, or when the relatives choose it and may."""
    each: Mapping[str, int] = results.get("survivor_allowances") or {}
    once = replace(first, kind=Kind.SURVIVOR_ONE_OFF, amount=_amount(results, "one_off_survivors"))
    chosen = file.stated.get("choice") == "one_off" and bool(results.get("one_off_survivors_choosable"))
    if chosen or not any(each.values()):
        return [once]
    assert found.question is not None
    born = {one["name"]: one for one in found.question["relatives"]}
    made = []
    for stated in file.stated["relatives"]:
        name = relative_name(stated["person"], stated["kinship"])
        monthly = replace(first, person_id=stated["person"], kind=Kind.SURVIVOR, amount=each.get(name, 0))
        if stated["kinship"] == "child" and not stated.get("capacity_loss"):
            monthly = replace(monthly, until_month=_grown_up(str(born[name]["born"])))
        made.append(monthly)
    return made


def _grown_up(born: str) -> int:
    """Return the month after the one in which a child turns 18 (Law 41/2024/QH15 art. 86(2)(a))."""
    year, month = (int(part) for part in f"{born}-01".split("-")[:2])
    return Month(year + CHILD_UNTIL_YEARS, month).plus(1).number()


def _unemployment(file: File, found: Gathered, results: Mapping[str, Any], first: Award) -> list[Award]:
    months = _amount(results, "unemployment_benefit_months")
    if not months or not results.get("first_day"):
        return []
    day = date.fromisoformat(str(results["first_day"]))
    start = Month.containing(day)
    amount, until = _amount(results, "unemployment_benefit"), start.plus(months).number()
    return [replace(first, kind=Kind.UNEMPLOYMENT, amount=amount, from_month=start.number(), until_month=until, opened_on=day)]  # fmt: skip


def _social(file: File, found: Gathered, results: Mapping[str, Any], first: Award) -> list[Award]:
    return [replace(first, kind=Kind.SOCIAL_PENSION, amount=_amount(results, "social_pension"))]


def _bridge(file: File, found: Gathered, results: Mapping[str, Any], first: Award) -> list[Award]:
    until = Month.of(first.from_month).plus(_amount(results, "bridge_months")).number()
    return [replace(first, kind=Kind.BRIDGE, amount=_amount(results, "bridge_allowance"), until_month=until)]


_AWARDS: dict[FileKind, Callable[[File, Gathered, Mapping[str, Any], Award], list[Award]]] = {
    FileKind.RETIREMENT: _retirement,
    FileKind.RETIREMENT_EXTRA: _extra,
    FileKind.ONE_OFF: _one_off,
    FileKind.FUNERAL: _funeral,
    FileKind.SURVIVORS: _survivors,
    FileKind.UNEMPLOYMENT: _unemployment,
    FileKind.SOCIAL_PENSION: _social,
    FileKind.BRIDGE: _bridge,
}
# kind → steps that say why nothing is due, the most telling first
_TELLING: dict[FileKind, tuple[str, ...]] = {
    FileKind.RETIREMENT: ("pension_basis",),
    FileKind.RETIREMENT_EXTRA: ("pension_basis",),
    FileKind.ONE_OFF: ("one_off_entitled",),
    FileKind.FUNERAL: ("funeral_entitled",),
    FileKind.SURVIVORS: ("opens_monthly_right", "survivor_condition", "one_off_survivors"),
    FileKind.UNEMPLOYMENT: ("unemployment_obstacle", "unemployment_entitled"),
    FileKind.SOCIAL_PENSION: ("social_pension",),
    FileKind.BRIDGE: ("bridge_entitled",),
}
