"""How a decision is drawn up from the law's answer, kept with all it rests on, and carried out; used by the operations, within their transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.benefits.awarding import Award, awards_of, failing_condition
from ansinh.benefits.deadlines.watching import decided_late
from ansinh.benefits.file_states import FILE_KINDS, Outcome
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.found import Gathered
from ansinh.benefits.gathering.registers import person_known
from ansinh.benefits.opening import NewEntitlement, open_entitlement
from ansinh.database.sql import execute, number, row
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import InvalidInput, Refusal
from ansinh.rules.situations import cases_of
from ansinh.rules.situations.answers import Answer

BECAUSE_LENGTH_MAX = 500


class FactsMissing(Refusal):
    """A decision cannot be prepared while facts are missing."""

    code = "facts_missing"


class FactsChanged(Refusal):
    """What the decision rests on changed since it was prepared."""

    code = "facts_changed"


@dataclass(frozen=True, slots=True)
class By:
    """Which officer acts, and when."""

    officer: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The decision that stands for a file, as far as approving it needs."""

    decision_id: int
    outcome: Outcome
    number: str
    question: dict[str, Any]
    awards: tuple[Award, ...]
    prepared_by: str
    approved_by: str | None


def answered(file: File, found: Gathered) -> Answer:
    """Return the law's answer to a file's question, the way `ansinh rules calculate` gets it; raises FactsMissing, InvalidInput, ParameterUnknown."""
    if found.question is None:
        what = "; ".join(f"{one.key} ({one.vi}): {one.paper_vi}, {one.where_vi}" for one in found.missing)
        told = "; ".join(f"{one.key} ({one.en}): {one.paper_en}, {one.where_en}" for one in found.missing)
        raise FactsMissing(
            f"Hồ sơ {file.application_id} còn thiếu: {what}. Bổ sung bằng: ansinh benefits state {file.application_id} KHÓA=GIÁ-TRỊ.",
            f"File {file.application_id} still lacks: {told}. Add it with: ansinh benefits state {file.application_id} KEY=VALUE.",
            application=file.application_id,
        )
    return cases_of([found.question])[0].answer()


def drawn_up(file: File, found: Gathered, answer: Answer, officer: str, moment: datetime) -> int:
    """Write a prepared decision, with the question, facts and derivation as they are now, and return its number."""
    awards = awards_of(file, found, answer)
    because = ("", "") if awards else failing_condition(file, answer)
    outcome = Outcome.GRANTED if awards else Outcome.REFUSED
    decision_id = number("SELECT nextval('benefits_decision_numbers')")
    effective = awards[0].from_month if awards else int(answer.on[:7].replace("-", ""))
    written = {
        "person_id": file.person_id,
        "decision_id": decision_id,
        "application_id": file.application_id,
        "kind": file.kind.value,
        "insured_person_id": file.insured_person_id,
        "outcome": outcome.value,
        "number": f"{decision_id}/QĐ-BHXH",
        "effective_month": effective,
        "amount": sum(award.amount for award in awards),
        "awards": _json([award.plain() for award in awards]),
        "because_vi": because[0],
        "because_en": because[1],
        "question": _json(found.question),
        "facts": _json([one.plain() for one in found.facts]),
        "explanation": _json(answer.plain()),
        "prepared_by": officer,
        "prepared_at": moment,
    }
    places = ", ".join(["%s"] * len(written))
    execute(f"INSERT INTO benefits_decision ({', '.join(written)}) VALUES ({places})", list(written.values()))
    return decision_id


def standing_of(file: File) -> Standing:
    """Return the decision that stands for a file, kept from others; raises LookupError when there is none, which no prepared file is without."""
    found = row(
        """
        SELECT decision_id, outcome, number, question::text, awards::text, prepared_by, approved_by FROM benefits_decision
        WHERE person_id = %s AND application_id = %s AND returned_by IS NULL FOR UPDATE
        """,
        [file.person_id, file.application_id],
    )
    if found is None:
        raise LookupError(f"file {file.application_id} is prepared without a decision")
    awards = tuple(Award.of(one) for one in json.loads(found[4]))
    return Standing(found[0], Outcome(found[1]), found[2], json.loads(found[3]), awards, *found[5:])


def same_facts(file: File, standing: Standing, found: Gathered) -> None:
    """Raise FactsChanged unless the question gathered now is the one that was answered."""
    if found.question is None or json.loads(_json(found.question)) != standing.question:
        raise FactsChanged(
            f"Dữ kiện của hồ sơ {file.application_id} đã thay đổi sau khi lập quyết định. Trả lại để lập lại: ansinh benefits decide --send-back.",
            f"Facts of file {file.application_id} changed after the decision was prepared. Send it back: ansinh benefits decide --send-back.",
            application=file.application_id,
        )


def approved(file: File, standing: Standing, by: By) -> None:
    """Write the approval of a decision."""
    execute(
        "UPDATE benefits_decision SET approved_by = %s, approved_at = %s, decided_on = %s WHERE person_id = %s AND decision_id = %s",
        [by.officer, by.moment, legal_day(by.moment), file.person_id, standing.decision_id],
    )


def sent_back(file: File, standing: Standing, by: By, because: str) -> None:
    """Write that a decision was sent back, and why; raises InvalidInput when no reason is given."""
    if not 0 < len(because.strip()) <= BECAUSE_LENGTH_MAX:
        raise InvalidInput("Nêu lý do trả lại.", "Say why it is sent back.", field="send_back")
    execute(
        "UPDATE benefits_decision SET returned_by = %s, returned_at = %s, returned_because = %s WHERE person_id = %s AND decision_id = %s",
        [by.officer, by.moment, because, file.person_id, standing.decision_id],
    )


def carried_out(file: File, standing: Standing, moment: datetime) -> int:
    """Open what a decision awards, each to its person where they live, and return how many entitlements there are."""
    for award in standing.awards:
        person = person_known(award.person_id, moment)
        open_entitlement(
            NewEntitlement(
                person_id=person.person_id,
                kind=award.kind,
                decision_id=standing.decision_id,
                insured_person_id=file.insured_person_id,
                opened_on=award.opened_on,
                from_month=award.from_month,
                amount=award.amount,
                place=person.place,
                act=f"{FILE_KINDS[file.kind][0]}, quyết định {standing.number}",
                until_month=award.until_month,
                explanation=_json({"decision": standing.decision_id, "number": standing.number}),
            ),
            moment,
        )
    return len(standing.awards)


def alert_if_late(file: File, today: date) -> None:
    """Keep the alert, with its reason, of a file decided after its last day."""
    if file.due_on is not None and file.due_on < today:
        decided_late(file.person_id, file.application_id, file.due_on, today)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
