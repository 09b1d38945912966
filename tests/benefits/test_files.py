"""From filing to entitlement: facts gathered once, two officers, the law's own answer kept for ever."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from ansinh.benefits.deciding import FactsChanged, FactsMissing
from ansinh.benefits.file_states import Channel, FileKind, FileState, Outcome
from ansinh.benefits.filing import FileNotInState
from ansinh.benefits.gathering.standing import AlreadyDrawn
from ansinh.benefits.operations import Filed
from ansinh.benefits.queries.applications import decision, decisions_on, file_numbered, files, pauses
from ansinh.benefits.states import SameOfficer
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.rules.situations import cases_of
from tests.benefits.filed import (
    BABY,
    CHILD,
    DUC,
    HOA_WITH_BOTH_ROLES,
    HUSBAND,
    OLD,
    WIDOW,
    WOMAN,
    WORKER,
    at,
    decide,
    die,
    file,
    pay,
    prepare,
    settle,
    state,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _settled(db: None) -> None:
    settle()


def entitlements() -> list[tuple[object, ...]]:
    return rows(
        "SELECT e.person_id, e.kind, e.decision_id, v.valid_from, v.valid_until, v.amount FROM benefits_entitlement e"
        " JOIN benefits_version_v1 v USING (person_id, entitlement_id) WHERE v.state <> 'ended' ORDER BY e.person_id, e.kind"
    )


def test_a_woman_retires_with_what_the_law_answers_and_two_officers() -> None:
    filed = file(FileKind.RETIREMENT, WOMAN)
    assert filed.state is FileState.GATHERING
    prepared = prepare(filed)
    assert (prepared.outcome, prepared.state) == (Outcome.GRANTED, FileState.PREPARED)
    assert entitlements() == []
    decided = decide(filed)
    assert decided.state is FileState.GRANTED
    kept = decision(decided.decision_id)
    assert cases_of([kept.question])[0].answer().plain()["results"] == kept.explanation["results"]
    # 25 years and a half: 45 % + 2 × 10.5.
    assert kept.explanation["results"]["pension_rate"] == 66
    assert kept.amount == kept.explanation["results"]["pension"]
    assert entitlements() == [(WOMAN, "pension", decided.decision_id, 202508, None, kept.amount)]
    assert (kept.prepared_by, kept.approved_by) == ("hanoi.hoa", "hanoi.duc")
    assert {one["key"] for one in kept.facts} >= {"born", "sex", "months", "work_ended"}


def test_who_still_works_is_asked_for_the_end_of_work_and_the_clock_stands_still() -> None:
    pay(WOMAN, 202507, None, 9_000_000)
    filed = file(FileKind.RETIREMENT, WOMAN)
    assert filed.state is FileState.WAITING_PAPERS
    assert [one["key"] for one in filed.file.missing] == ["work_ended"]
    with pytest.raises(FactsMissing, match="work_ended"):
        prepare(filed)
    filed = state(filed, at(22), work_ended="2025-07-31")
    assert filed.state is FileState.GATHERING
    (pause,) = pauses(filed.application_id)
    assert (pause.reason, pause.until_on, pause.ended_at is not None) == ("papers", date(2025, 7, 24), True)
    # Received Tuesday 15 July, 12 working days: 31 July; five of them were waited for.
    assert filed.file.due_on == date(2025, 8, 7)
    assert prepare(filed, at(22)).outcome is Outcome.GRANTED


def test_nobody_approves_what_they_prepared_and_nothing_changes() -> None:
    filed = file(FileKind.RETIREMENT, WOMAN)
    prepare(filed)
    with pytest.raises(SameOfficer):
        decide(filed, by=HOA_WITH_BOTH_ROLES)
    assert file_numbered(filed.application_id).state is FileState.PREPARED
    assert entitlements() == []


def test_approving_twice_changes_nothing_and_another_officer_cannot_again() -> None:
    filed = file(FileKind.RETIREMENT, WOMAN)
    prepare(filed)
    assert decide(filed) == decide(filed)
    with pytest.raises(FileNotInState):
        decide(filed, by=Actor(ActorKind.OFFICER, "hanoi.ba", DUC.permissions))
    assert len(entitlements()) == 1


def test_sent_back_it_is_prepared_anew_and_both_decisions_stay() -> None:
    filed = file(FileKind.RETIREMENT, WOMAN)
    first = prepare(filed)
    assert decide(filed, send_back="thiếu sổ gốc").state is FileState.GATHERING
    second = prepare(filed)
    decide(filed)
    kept = decisions_on(filed.application_id)
    assert [one.decision_id for one in kept] == [second.decision_id, first.decision_id]
    assert (kept[1].returned_by, kept[1].returned_because, kept[1].approved_by) == ("hanoi.duc", "thiếu sổ gốc", None)


def test_a_decision_is_shown_as_it_was_though_facts_change_afterwards() -> None:
    filed = file(FileKind.RETIREMENT, WOMAN)
    prepare(filed)
    decided = decide(filed)
    before = decision(decided.decision_id)
    pay(WOMAN, 199001, 199901, 1_000_000)
    execute("UPDATE people_person SET birth_year = 1960 WHERE person_id = %s", [WOMAN])
    assert decision(decided.decision_id) == before


def test_facts_that_change_between_the_officers_are_not_approved() -> None:
    filed = file(FileKind.RETIREMENT, WOMAN)
    prepare(filed)
    pay(WOMAN, 199001, 199901, 1_000_000)
    with pytest.raises(FactsChanged):
        decide(filed)
    assert entitlements() == []


def test_too_few_years_are_refused_with_the_condition_that_failed() -> None:
    filed = file(FileKind.RETIREMENT, WORKER)
    assert prepare(filed).outcome is Outcome.REFUSED
    decided = decide(filed)
    kept = decision(decided.decision_id)
    assert decided.state is FileState.REFUSED
    assert kept.amount == 0
    assert "15 năm" in kept.because_vi
    assert "41/2024/QH15" in kept.because_vi
    assert "41/2024/QH15" in kept.because_en
    assert entitlements() == []


def test_a_widow_and_two_children_get_what_each_is_owed() -> None:
    die(HUSBAND, date(2025, 7, 3))
    filed = file(FileKind.SURVIVORS, WIDOW, insured_person_id=HUSBAND)
    assert [one["key"] for one in filed.file.missing] == ["relatives"]
    filed = state(filed, relatives=f"{CHILD}:child,{BABY}:child,{WIDOW}:spouse")
    assert filed.file.due_on == date(2025, 7, 29)
    prepare(filed)
    decided = decide(filed)
    # Half the reference level of 2,340,000 each, until the month after they turn 18; the widow is not of retirement age.
    assert entitlements() == [
        (CHILD, "survivor", decided.decision_id, 202508, 203010, 1_170_000),
        (BABY, "survivor", decided.decision_id, 202508, 203602, 1_170_000),
    ]
    assert decision(decided.decision_id).amount == 2_340_000


def test_a_burial_is_paid_to_who_took_charge_of_it_once() -> None:
    die(HUSBAND, date(2025, 7, 3))
    filed = file(FileKind.FUNERAL, WIDOW, insured_person_id=HUSBAND, channel=Channel.EVENT)
    # The interlinked procedure has eight working days.
    assert (filed.file.deadline_days, filed.file.due_on) == (8, date(2025, 7, 25))
    prepare(filed)
    decided = decide(filed)
    assert entitlements() == [(WIDOW, "funeral", decided.decision_id, 202507, 202508, 23_400_000)]
    with pytest.raises(AlreadyDrawn):
        file(FileKind.FUNERAL, CHILD, insured_person_id=HUSBAND)


def test_a_worker_who_lost_the_job_is_paid_for_months_by_the_law_of_the_day() -> None:
    filed = file(FileKind.UNEMPLOYMENT, WORKER)
    assert [one["key"] for one in filed.file.missing] == ["contract_end", "broke_contract"]
    filed = state(filed, contract_end="2025-06-30", broke_contract="no")
    prepare(filed)
    decided = decide(filed)
    kept = decision(decided.decision_id)
    # 65 months: 3 + 2 months of 60 % of 10,000,000.
    assert kept.explanation["results"]["unemployment_benefit_months"] == 5
    assert entitlements() == [(WORKER, "unemployment", decided.decision_id, 202508, 202601, 6_000_000)]
    assert any("38/2013" in step["reference"] for step in kept.explanation["steps"])


def test_the_old_are_paid_from_the_month_of_the_decision() -> None:
    filed = file(FileKind.SOCIAL_PENSION, OLD)
    prepare(filed)
    decided = decide(filed)
    assert entitlements() == [(OLD, "social_pension", decided.decision_id, 202507, None, 500_000)]


def test_withdrawing_once_asks_why_and_pays_once() -> None:
    execute(
        "UPDATE participation_span SET superseded_at = '2025-02-01', superseded_by = 'test' WHERE person_id = %s",
        [WORKER],
    )
    pay(WORKER, 202001, 202401, 10_000_000)
    filed = file(FileKind.ONE_OFF, WORKER)
    assert [one["key"] for one in filed.file.missing] == ["withdrawal_reason"]
    filed = state(filed, withdrawal_reason="left_work")
    prepare(filed)
    decided = decide(filed)
    kept = decision(decided.decision_id)
    assert kept.amount == kept.explanation["results"]["one_off_withdrawal"] > 0
    with pytest.raises(AlreadyDrawn):
        file(FileKind.ONE_OFF, WORKER)


def test_the_same_open_file_is_returned_and_a_withdrawn_one_stays_closed() -> None:
    filed = file(FileKind.RETIREMENT, WOMAN)
    assert file(FileKind.RETIREMENT, WOMAN).application_id == filed.application_id
    assert withdraw(filed).state is FileState.WITHDRAWN
    with pytest.raises(FileNotInState):
        prepare(filed)
    assert file(FileKind.RETIREMENT, WOMAN).application_id != filed.application_id
    assert [one.application_id for one in files()] != [filed.application_id]


def test_a_confirmation_is_waited_for_and_not_counted() -> None:
    die(HUSBAND, date(2025, 7, 3))
    filed = file(FileKind.FUNERAL, WIDOW, insured_person_id=HUSBAND)
    due = filed.file.due_on
    filed = state(filed, awaiting="thân nhân xác nhận qua VNeID")
    assert filed.state is FileState.WAITING_CONFIRMATION
    filed = state(filed, at(17))
    assert (filed.state, due, filed.file.due_on) == (FileState.GATHERING, date(2025, 7, 29), date(2025, 7, 31))


def test_what_nobody_asks_for_or_has_the_wrong_form_is_refused_and_nothing_is_kept() -> None:
    filed = file(FileKind.UNEMPLOYMENT, WORKER)
    for wrong in (
        {"poor": "yes"},
        {"contract_end": "31/06/2025"},
        {"contract_months": "-1"},
        {"broke_contract": "maybe"},
    ):
        with pytest.raises(InvalidInput):
            state(filed, at(15), None, **wrong)
    assert file_numbered(filed.application_id).stated == {}


def test_files_that_cannot_be_are_refused() -> None:
    with pytest.raises(NotFound):
        file(FileKind.RETIREMENT, 999)
    with pytest.raises(InvalidInput):
        file(FileKind.FUNERAL, WIDOW)
    with pytest.raises(InvalidInput):
        file(FileKind.RETIREMENT, WIDOW, insured_person_id=HUSBAND)
    with pytest.raises(InvalidInput):
        file(FileKind.RETIREMENT, WOMAN, filed_at=at(16).at)
    assert files() == []


def test_without_permission_nothing_is_prepared_or_approved() -> None:
    filed = file(FileKind.RETIREMENT, WOMAN)
    prepare(filed)
    with pytest.raises(NotPermitted):
        decide(filed, by=Actor(ActorKind.OFFICER, "hanoi.hoa2", frozenset({"benefits.prepare_decision"})))
    assert file_numbered(filed.application_id).state is FileState.PREPARED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE benefits_application SET state = 'granted', closed_on = '2025-07-15', decision_id = (SELECT max(decision_id) FROM benefits_decision)",
        "UPDATE benefits_decision SET approved_by = prepared_by, approved_at = now(), decided_on = now()",
        "UPDATE benefits_decision SET amount = amount + 1",
        "UPDATE benefits_decision SET approved_by = 'x', approved_at = now(), decided_on = now(), explanation = '{}'",
        "DELETE FROM benefits_decision",
        "DELETE FROM benefits_application",
    ],
)
def test_the_database_itself_refuses_money_without_two_people_and_rewritten_decisions(statement: str) -> None:
    prepare(file(FileKind.RETIREMENT, WOMAN))
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(statement)


def test_the_extra_one_off_alone_is_refused_to_who_has_no_years_beyond() -> None:
    filed = file(FileKind.RETIREMENT_EXTRA, WOMAN)
    assert prepare(filed).outcome is Outcome.REFUSED
    assert "Điều 68 Luật 41/2024/QH15" in decision(decide(filed).decision_id).because_vi


def test_years_beyond_open_a_pension_and_the_extra_one_off_together() -> None:
    pay(WOMAN, 199001, 200001, 600_000)
    filed = file(FileKind.RETIREMENT, WOMAN)
    prepare(filed)
    decided = decide(filed)
    kept = decision(decided.decision_id)
    opened = {kind: amount for _, kind, _, _, _, amount in entitlements()}
    assert opened == {
        "pension": kept.explanation["results"]["pension"],
        "retirement_extra": kept.explanation["results"]["retirement_extra"],
    }
    # 35 and a half years: five and a half beyond 30, half an average each.
    assert abs(opened["retirement_extra"] - kept.explanation["average_salary"]["amount"] * 11 / 4) < 1


def test_a_bridge_lasts_until_the_social_pension() -> None:
    execute(
        "UPDATE participation_span SET superseded_at = '2025-02-01', superseded_by = 'test' WHERE person_id = %s",
        [WOMAN],
    )
    pay(WOMAN, 201501, 202301, 5_000_000)
    filed = file(FileKind.BRIDGE, WOMAN)
    # No text that sets this deadline is known here, so none is counted.
    assert (filed.file.deadline_days, filed.file.due_on) == (None, None)
    prepare(filed)
    kept = decision(decide(filed).decision_id)
    results = kept.explanation["results"]
    assert kept.awards[0]["amount"] == results["bridge_allowance"] > 0
    ((_, kind, _, *months, _),) = entitlements()
    start, until = (int(str(month)) for month in months)
    assert (kind, start) == ("bridge", 202508)
    assert (until // 100 - start // 100) * 12 + until % 100 - start % 100 == results["bridge_months"]


def test_what_a_withdrawal_used_up_counts_no_more() -> None:
    execute(
        "UPDATE participation_span SET superseded_at = '2025-02-01', superseded_by = 'test' WHERE person_id = %s",
        [WORKER],
    )
    pay(WORKER, 202001, 202401, 10_000_000)
    filed = state(file(FileKind.ONE_OFF, WORKER), withdrawal_reason="left_work")
    prepare(filed)
    decide(filed)
    again = file(FileKind.RETIREMENT, WORKER)
    assert {one["key"]: one["value"] for one in _facts(again)}["months"] == "0 tháng"


def _facts(filed: Filed) -> list[dict[str, str]]:
    prepare(filed)
    return decisions_on(filed.application_id)[0].facts


def test_what_a_benefit_used_up_counts_for_no_second_one() -> None:
    first = state(file(FileKind.UNEMPLOYMENT, WORKER), contract_end="2025-06-30", broke_contract="no")
    prepare(first)
    decide(first)
    clock = at(20, 8)
    execute("UPDATE benefits_version SET superseded_at = now() WHERE person_id = %s AND state = 'paid'", [WORKER])
    second = file(FileKind.UNEMPLOYMENT, WORKER, clock)
    state(second, clock, contract_end="2025-06-30", broke_contract="no")
    assert prepare(second, clock).outcome is Outcome.REFUSED


def test_an_officer_a_person_or_an_event_may_file() -> None:
    for channel in Channel:
        filed = file(FileKind.RETIREMENT, WOMAN, channel=channel)
        assert filed.file.channel is channel
        withdraw(filed)


def test_who_lacks_a_few_months_is_told_that_they_may_be_paid_at_once() -> None:
    execute(
        "UPDATE participation_span SET superseded_at = '2025-02-01', superseded_by = 'test' WHERE person_id = %s",
        [WOMAN],
    )
    pay(WOMAN, 201008, 202504, 9_000_000)
    filed = file(FileKind.RETIREMENT, WOMAN)
    assert prepare(filed).outcome is Outcome.REFUSED
    because = decision(decide(filed).decision_id).because_vi
    assert "Còn thiếu 4 tháng" in because
    # Paid, they open the pension.
    again = state(file(FileKind.RETIREMENT, WOMAN), missing_months_paid="4", missing_months_paid_on="2025-07-14")
    assert prepare(again).outcome is Outcome.GRANTED


def test_reduced_capacity_opens_a_pension_early_with_its_reduction() -> None:
    execute("UPDATE people_person SET birth_year = 1972 WHERE person_id = %s", [WOMAN])
    filed = file(FileKind.RETIREMENT, WOMAN, stated={"capacity_loss": 65, "medical_conclusion": "2025-06-20"})
    prepare(filed)
    results = decision(decide(filed).decision_id).explanation["results"]
    assert results["pension_basis"] == "reduced_capacity"
    assert results["early_reduction"] > 0
