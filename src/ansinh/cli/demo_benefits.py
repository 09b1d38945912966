"""Three people of the demo: a woman who retires this month, a widow with two children, a worker who lost a job.

They are invented here through the platform's own doors: records opened, contributions declared by an employer, a death recorded by two officers. Two others
take their files in, prepare and approve. Safe to run twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.table import Table

from ansinh.access.operations import approve_role_grant, prepare_role_grant, register_officer
from ansinh.access.queries import actor_of_officer
from ansinh.benefits.file_states import FILE_KINDS, FileKind, FileState
from ansinh.benefits.operations import (
    Asked,
    decide_application,
    file_application,
    prepare_decision,
    show_simulation,
    state_facts,
)
from ansinh.benefits.queries import DecisionKept, Wish, decision, files_of
from ansinh.cli.benefit_screens import award_line
from ansinh.cli.demo_officers import APPROVES as IDENTITY_APPROVES
from ansinh.cli.demo_officers import FOUNDERS, UNIT
from ansinh.cli.demo_officers import PREPARES as IDENTITY_PREPARES
from ansinh.cli.screen import out
from ansinh.config.effects import EFFECTS
from ansinh.config.following import decide_and_follow
from ansinh.config.queries import agency_clock
from ansinh.database.sql import row
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.foundation.money import Dong, shown
from ansinh.participation.operations import receive_declaration
from ansinh.people.operations import Correction, Newcomer, approve_request, open_record, request_correction
from ansinh.people.queries import person_as_known

# Officer, name, role.
OFFICERS = (
    ("hanoi.thu", "Bùi Anh Thư", "collection_officer"),
    ("hanoi.mai", "Đỗ Thị Mai", "benefit_officer"),
    ("hanoi.son", "Vũ Hồng Sơn", "benefit_approver"),
)
COLLECTS, PREPARES, APPROVES = (one[0] for one in OFFICERS)
REASON = "trình diễn: ba người được giải quyết chế độ"
HOME = "01/00004"
DIED = "2025-07-12"


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody invented: name, birth date, sex, code, and pay by the month it began; the last month is the one it ended before."""

    name: str
    born: str
    sex: str
    code: str
    pay: tuple[tuple[str, int], ...] = ()


# The retirement age of women in 2025 is 56 years and 8 months: reached in July.
WOMAN = Invented(
    "Hoàng Thị Thu", "1968-11-12", "F", "9999000001",
    (("2000-02", 1_450_000), ("2008-01", 2_600_000), ("2013-01", 4_800_000), ("2018-01", 7_300_000), ("2022-07", 8_900_000), ("2025-08", 0)),
)  # fmt: skip
HUSBAND = Invented(
    "Trần Quốc Bảo", "1978-04-03", "M", "9999000002",
    (("2003-06", 1_600_000), ("2010-01", 3_500_000), ("2017-01", 7_200_000), ("2023-01", 9_400_000), ("2025-07", 0)),
)  # fmt: skip
WIDOW = Invented("Lê Thị Hạnh", "1982-08-19", "F", "9999000003")
CHILDREN = (
    Invented("Trần Lê Minh", "2011-03-27", "M", "9999000004"),
    Invented("Trần Lê Ngọc", "2016-10-05", "F", "9999000005"),
)
WORKER = Invented(
    "Phạm Văn Tuấn", "1990-01-22", "M", "9999000006",
    (("2018-03", 6_200_000), ("2021-01", 8_100_000), ("2024-01", 11_500_000), ("2025-07", 0)),
)  # fmt: skip


# kind → the steps whose articles are shown beside its amounts
_RESTS_ON: dict[FileKind, tuple[str, ...]] = {
    FileKind.RETIREMENT: ("pension_basis", "average_salary", "pension_rate", "pension"),
    FileKind.SURVIVORS: ("opens_monthly_right", "survivor_condition", "survivor_allowance"),
    FileKind.FUNERAL: ("funeral_entitled", "funeral_allowance"),
    FileKind.UNEMPLOYMENT: ("unemployment_entitled", "unemployment_benefit", "unemployment_benefit_months"),
}


def appoint_benefit_officers() -> None:
    """Let the two administrators give those who collect, prepare and approve their roles. Safe to run twice."""
    clock = RealClock()
    first, second = (actor_of_officer(one.officer_no) for one in FOUNDERS)
    for officer, name, role in OFFICERS:
        register_officer(actor=first, reason=REASON, officer_no=officer, name=name, unit=UNIT)
        grant = prepare_role_grant(actor=first, reason=REASON, clock=clock, officer_no=officer, role=role)
        approve_role_grant(actor=second, reason=REASON, clock=clock, grant=grant)


def retire_a_woman() -> str:
    """Open the record of a woman who retires this month, and decide her pension; returns it in words."""
    person = _insured(WOMAN)
    kept = _decided(FileKind.RETIREMENT, person, None, {"work_ended": "2025-07-31"})
    younger = show_simulation(
        actor=actor_of_officer(PREPARES),
        reason=REASON,
        clock=agency_clock(),
        person_id=_insured(WORKER),
        wish=Wish(age=62, growth_percent=2.0),
    )
    return f"{_in_short(kept)}; giả lập người 35 tuổi: {shown(Dong(younger.pension))} ở tuổi 62"


def provide_for_a_widow() -> str:
    """Record a death by two officers, and decide what his widow and children get; returns it in words."""
    dead, widow = _insured(HUSBAND), _insured(WIDOW)
    children = [_insured(one) for one in CHILDREN]
    _record_death(dead)
    relatives = [
        {"person": widow, "kinship": "spouse"},
        *({"person": child, "kinship": "child"} for child in children),
    ]
    monthly = _decided(FileKind.SURVIVORS, widow, dead, {"relatives": relatives})
    burial = _decided(FileKind.FUNERAL, widow, dead, {})
    return f"{_in_short(monthly)}; mai táng {shown(Dong(burial.amount))}"


def support_a_worker() -> str:
    """Decide the benefit of a worker whose contract ended in June; returns it in words."""
    person = _insured(WORKER)
    stated = {"contract_end": "2025-06-30", "broke_contract": False}
    return _in_short(_decided(FileKind.UNEMPLOYMENT, person, None, stated))


def show_decisions() -> None:
    """Print what was decided for the three, to the đồng, with the articles each amount rests on."""
    table = Table(title="Ba người, ba quyết định · Three people", title_justify="left")
    for name in ("Hồ sơ\nFile", "Hưởng\nGranted", "Căn cứ\nArticles"):
        table.add_column(name, overflow="fold")
    for person, insured in ((_known(WOMAN), None), (_known(WIDOW), _known(HUSBAND)), (_known(WORKER), None)):
        for kept in _granted(person, insured):
            awards = "\n".join(f"#{one['person_id']}: {award_line(one)}" for one in kept.awards)
            table.add_row(f"{FILE_KINDS[kept.kind][0]}\nquyết định {kept.number}", awards, "\n".join(articles(kept)))
    out.print(table)
    out.print("Lời giải từng bước · step by step: ansinh benefits decision SỐ", style="dim")


def articles(kept: DecisionKept) -> list[str]:
    """Return the articles that the amounts of a decision rest on, in Vietnamese, as they were cited when it was taken."""
    cited = [step["reference_vi"] for step in kept.explanation["steps"] if step["key"] in _RESTS_ON[kept.kind]]
    return list(dict.fromkeys(cited))


def _in_short(kept: DecisionKept) -> str:
    what = {
        "pension": "hưu",
        "survivor": "tuất",
        "unemployment": "thất nghiệp",
        "retirement_extra": "trợ cấp một lần",
    }
    told = [f"{what.get(one['kind'], one['kind'])} {shown(Dong(one['amount']))}" for one in kept.awards]
    return f"#{kept.person_id}: {', '.join(told)}"


def _decided(kind: FileKind, person: int, insured: int | None, stated: dict[str, object]) -> DecisionKept:
    """Let one officer take the file in and prepare, the other approve; what was decided before is returned as it is."""
    before = next((one for one in _granted(person, insured) if one.kind is kind), None)
    if before:
        return before
    clock, mai = agency_clock(), actor_of_officer(PREPARES)
    filed = file_application(
        actor=mai, reason=REASON, clock=clock, asked=Asked(kind, person, clock.now(), insured_person_id=insured)
    )
    number = filed.application_id
    if stated and filed.state in {FileState.GATHERING, FileState.WAITING_PAPERS}:
        filed = state_facts(actor=mai, reason=REASON, clock=clock, application=number, stated=stated)
    if filed.state is FileState.GATHERING:
        prepare_decision(actor=mai, reason=REASON, clock=clock, application=number)
    approver = actor_of_officer(APPROVES)
    decided = decide_application(actor=approver, reason=REASON, clock=clock, application=number)
    return decision(decided.decision_id)


def _granted(person: int | None, insured: int | None) -> list[DecisionKept]:
    """Return what was granted to a person, from their own insurance or somebody else's, in the order it was decided."""
    if person is None:
        return []
    found = [one for one in files_of(person) if one.person_id == person and one.state is FileState.GRANTED]
    return [decision(one.decision_id) for one in reversed(found) if one.decision_id]


def _insured(who: Invented) -> int:
    """Open somebody's record, and declare their contributions once; returns the number of the record."""
    person = _known(who) or open_record(
        actor=actor_of_officer(IDENTITY_PREPARES),
        reason=REASON,
        clock=agency_clock(),
        newcomer=Newcomer(who.name, who.born, who.sex, HOME, si_code=who.code),
    )
    if who.pay:
        _declare(who)
    return person


def _known(who: Invented) -> int | None:
    found = row(
        "SELECT person_id FROM people_identifier WHERE scheme = 'si_code' AND value = %s AND valid_until IS NULL",
        [who.code],
    )
    return int(found[0]) if found else None


def _declare(who: Invented) -> None:
    """Let an employer of region I declare each stretch of pay, as it would have month by month."""
    employer = row(
        "SELECT code FROM participation_employer WHERE kind IN ('enterprise', 'foreign') ORDER BY region, employer_id LIMIT 1"
    )
    if employer is None:
        raise NotFound("Chưa nạp đơn vị đóng bảo hiểm.", "No employer is loaded.")
    lines = ["employer,month,act,number,from,until,wage,unemployment"]
    for (start, wage), (end, _) in zip(who.pay, who.pay[1:], strict=False):
        insured = "yes" if start >= "2009" else "no"
        lines.append(f"{employer[0]},2025-06,correction,{who.code},{start},{end},{wage},{insured}")
    received = receive_declaration(
        actor=actor_of_officer(COLLECTS),
        reason=REASON,
        clock=agency_clock(),
        content="\n".join(lines).encode(),
    )
    if sum(number for state, number in received.states.items() if state in {"applied", "unchanged"}) != len(lines) - 1:
        raise Refusal("Tờ khai chưa áp dụng hết.", "Not every line of the declaration was applied.")


def _record_death(person: int) -> None:
    """Let two officers record the death from the extract of its registration; once."""
    clock = agency_clock()
    known = person_as_known(person, clock.now())
    if known is not None and known.fields["died_on"]:
        return
    asked = request_correction(
        actor=actor_of_officer(IDENTITY_PREPARES),
        reason=REASON,
        clock=clock,
        person_id=person,
        correction=Correction("died_on", None, DIED, "civil status", "trích lục khai tử"),
        effects=EFFECTS,
    )
    decide_and_follow(
        lambda: approve_request(
            actor=actor_of_officer(IDENTITY_APPROVES), reason=REASON, clock=clock, request=asked.request
        ),
        reason=REASON,
        clock=clock,
    )


STEPS: Sequence[tuple[str, Callable[[], str]]] = (
    ("Một phụ nữ nghỉ hưu · a pension", retire_a_woman),
    ("Mẹ góa và hai con · a widow, two children", provide_for_a_widow),
    ("Một người mất việc · a job lost", support_a_worker),
)
