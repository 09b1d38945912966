"""An application from the form to the answer."""

from __future__ import annotations

from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from ansinh.access.keys import signing_keys
from ansinh.access.queries import actor_of_person
from ansinh.benefits.deadlines.kinds import deadline
from ansinh.benefits.file_states import FileKind, FileState
from ansinh.benefits.operations import decide_application, prepare_decision
from ansinh.benefits.queries import STATEMENTS, entitlements_of, files_of
from ansinh.database.sql import execute, number, row
from ansinh.documents.signatures import KEYS_NAME, proven
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.notices.queries import messages_of
from ansinh.places.operations import load_reference
from ansinh.services import checks, operations, queries, states
from ansinh.services.content import NotTheSame
from ansinh.services.offices.outcomes import NotPossible
from ansinh.services.operations import KeyReused
from ansinh.services.rows import NotInState
from ansinh.services.states import ApplicationState, Channel, Office
from tests.benefits.filed import DUC, HUSBAND, WIDOW, WORKER
from tests.services.applied import (
    FUNERAL,
    HOA,
    LAN,
    REASON,
    TODAY,
    at,
    carry_on,
    form,
    forward,
    receive,
    settle_people,
    submit,
)
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    """Everybody lives, but for the husband."""
    settle_people()


def shown(reference: str) -> queries.ApplicationShown:
    """Return an application as its applicant sees it."""
    found = queries.application(WIDOW, reference)
    assert found is not None
    return found


def test_a_funeral_claim_ends_in_an_allowance_after_two_officers() -> None:
    receipt = submit()
    assert (receipt.counts_from, receipt.due_on) == (date(2025, 7, 15), date(2025, 7, 29))
    receive(receipt.reference)
    assert forward(receipt.reference) is ApplicationState.FORWARDED
    one = shown(receipt.reference)
    assert (one.channel, one.holder_en, one.due_on) == (Channel.PERSON, "the benefits desk", date(2025, 7, 29))
    (file,) = [each.application_id for each in files_of(WIDOW)]
    prepare_decision(actor=HOA, reason=REASON, clock=at(16), application=file)
    decide_application(actor=DUC, reason=REASON, clock=at(17), application=file)
    carry_on(at(17, hour=10))
    done = shown(receipt.reference)
    assert (done.state, done.closed_on) == (ApplicationState.GRANTED, date(2025, 7, 17))
    assert done.result_facts[-1] == ("Số tiền", "Amount", "23.400.000 ₫")
    assert [each.happening for each in done.lines] == ["submitted", "received", "forwarded", "granted"]
    assert [(each.kind, each.versions[0].amount) for each in entitlements_of(WIDOW)] == [("funeral", 23_400_000)]


def test_the_same_form_again_is_one_application_with_one_receipt() -> None:
    first = submit()
    assert submit(clock=at(16)) == first
    assert len(queries.applications_of(WIDOW)) == 1
    with pytest.raises(KeyReused):
        submit(form(answers=FUNERAL | {"work_death": "yes"}))
    with pytest.raises(KeyReused):
        submit(form("card_reissue", answers={"because": "lost"}))


def test_after_three_in_the_afternoon_the_clock_starts_the_next_working_day() -> None:
    late = submit(clock=at(18, hour=15, minute=1))  # a Friday
    assert (late.counts_from, late.due_on) == (date(2025, 7, 21), date(2025, 8, 4))


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"deceased_name": "Người Thử"}, "deceased_number"),
        (FUNERAL | {"deceased_number": "12345678901"}, "deceased_number"),
        (FUNERAL | {"deceased_name": "\u202eNgười"}, "deceased_name"),
        (FUNERAL | {"died": "2025-02-30"}, "died"),
        (FUNERAL | {"work_death": "perhaps"}, "work_death"),
        (FUNERAL | {"more": "x"}, "more"),
        (FUNERAL | {"deceased_name": ["Người Thử"]}, "deceased_name"),
    ],
)
def test_an_answer_of_the_wrong_form_is_refused_by_its_question(answers: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        submit(form(answers=answers))
    assert refusal.value.facts["field"] == field
    assert not queries.applications_of(WIDOW)


def test_a_wrong_name_and_an_unknown_number_are_told_alike() -> None:
    told = set()
    for answers in (FUNERAL | {"deceased_name": "Ai Khác"}, FUNERAL | {"deceased_number": "099999999999"}):
        with pytest.raises(NotTheSame) as refusal:
            submit(form(answers=answers))
        told.add((refusal.value.vi, str(refusal.value.facts)))
    assert len(told) == 1


def test_nobody_sees_or_moves_somebody_elses_application() -> None:
    mine = submit().reference
    stranger = actor_of_person(WORKER)
    assert queries.application(WORKER, mine) is None
    for act in (operations.withdraw_application, partial(operations.supplement_application, answers={})):
        with pytest.raises(NotFound):
            act(actor=stranger, reason=REASON, clock=TODAY, reference=mine)
    with pytest.raises(NotFound):
        submit(form(), actor=stranger)


def test_the_counter_applies_for_somebody_without_a_phone_and_says_why() -> None:
    with pytest.raises(InvalidInput):
        submit(form(), actor=LAN)
    receipt = submit(form(why="không có điện thoại; đã xem thẻ căn cước"), actor=LAN)
    one = shown(receipt.reference)
    assert (one.channel, one.on_behalf_why) == (Channel.OFFICER, "không có điện thoại; đã xem thẻ căn cước")
    assert one.lines[0].by == "officer:hanoi.lan"


def test_who_acts_for_somebody_is_written_down() -> None:
    receipt = submit(actor=actor_of_person(WIDOW, by=WORKER))
    one = shown(receipt.reference)
    assert (one.channel, one.lines[0].by) == (Channel.MANDATE, f"person:{WORKER} for person:{WIDOW}")


def test_a_supplement_stops_the_clock_for_as_long_as_it_takes() -> None:
    reference = submit().reference
    receive(reference)
    ask(reference, at(16))
    waiting = shown(reference)
    assert waiting.wanted is not None
    assert (waiting.state, waiting.holder_en) == (ApplicationState.WAITING_SUPPLEMENT, "the applicant")
    assert (waiting.wanted.until_on, waiting.wanted.wanted[0]["key"]) == (date(2025, 7, 25), "death_extract")
    with pytest.raises(NotInState):
        forward(reference)
    due = operations.supplement_application(
        actor=actor_of_person(WIDOW), reason=REASON, clock=at(18), reference=reference, answers={"died": "2025-07-03"}
    )
    assert (due, shown(reference).state) == (date(2025, 7, 31), ApplicationState.RECEIVED)
    assert forward(reference, at(18)) is ApplicationState.FORWARDED


def test_a_withdrawn_application_is_withdrawn_where_it_is_decided() -> None:
    reference = submit().reference
    receive(reference)
    forward(reference)
    operations.withdraw_application(actor=actor_of_person(WIDOW), reason=REASON, clock=at(16), reference=reference)
    assert shown(reference).state is ApplicationState.WITHDRAWN
    assert files_of(WIDOW)[0].state is FileState.WITHDRAWN
    assert sound(at(17))


def test_what_benefits_still_need_is_asked_of_the_applicant_and_handed_on() -> None:
    execute("UPDATE people_person SET died_on = NULL WHERE person_id = %s", [HUSBAND])
    reference = submit().reference
    receive(reference)
    assert forward(reference) is ApplicationState.WAITING_SUPPLEMENT
    wanted = shown(reference).wanted
    assert wanted is not None
    assert [one["key"] for one in wanted.wanted] == ["died"]
    operations.supplement_application(
        actor=actor_of_person(WIDOW), reason=REASON, clock=at(16), reference=reference, answers={"died": "2025-07-03"}
    )
    carry_on(at(16, hour=10))
    assert shown(reference).state is ApplicationState.FORWARDED
    assert files_of(WIDOW)[0].state is FileState.GATHERING


def test_a_late_application_has_an_alert_a_reason_an_apology_and_a_new_date() -> None:
    reference = submit().reference
    assert watch(at(28))["near"] == 1
    assert not sound(at(30))
    assert watch(at(30))["late"] == 1
    assert watch(at(30)) == {"near": 0, "late": 0, "unanswered": 0}
    one = shown(reference)
    assert (one.late, one.promised_on) == (True, date(2025, 8, 6))
    assert {message.template for message in messages_of(WIDOW)} == {"application_received", "file_late"}
    assert sound(at(30))


def test_a_supplement_that_never_comes_is_told() -> None:
    reference = submit().reference
    ask(reference, at(16))
    assert watch(at(28))["unanswered"] == 1
    operations.refuse_application(
        actor=HOA, reason=REASON, clock=at(28), reference=reference, because=("không bổ sung", "no supplement came")
    )
    one = shown(reference)
    assert (one.state, one.result_vi, one.wanted) == (ApplicationState.REFUSED, "không bổ sung", None)
    assert sound(at(28))


def test_an_account_waits_for_its_owners_code() -> None:
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=TODAY)
    answers = {"bank": "970436", "account": "0123 456 789", "holder": "NGUOI THU"}
    reference = submit(form("account_change", answers=answers)).reference
    receive(reference)
    assert forward(reference, actor=ANYBODY_WITH_RIGHTS) is ApplicationState.WAITING_SUPPLEMENT
    execute("UPDATE payments_account SET confirmed_at = %s WHERE person_id = %s", [TODAY.at, WIDOW])
    carry_on(at(16))
    one = shown(reference)
    assert one.state is ApplicationState.GRANTED
    assert one.result_facts[0] == ("Tài khoản", "Account", "…6789")
    assert sound(at(16))


def test_a_correction_goes_to_the_book_desk_and_comes_back() -> None:
    answers = {"wrong": "thiếu tháng 03/2024", "evidence": "hợp đồng số 12"}
    reference = submit(form("book_correction", WORKER, answers=answers)).reference
    receive(reference)
    assert forward(reference, actor=ANYBODY_WITH_RIGHTS) is ApplicationState.FORWARDED
    execute(
        "UPDATE participation_correction SET state = 'refused', answer = 'không đúng', refused_by = 'officer:x', refused_at = now()"
    )
    carry_on(at(16))
    one = queries.application(WORKER, reference)
    assert one is not None
    assert (one.state, one.result_vi) == (ApplicationState.REFUSED, "Không điều chỉnh: không đúng")


def test_what_cannot_be_done_is_told_to_the_officer_and_changes_nothing() -> None:
    reference = submit(form("card_reissue", answers={"because": "lost"})).reference
    receive(reference)
    with pytest.raises(NotPossible):
        forward(reference, actor=ANYBODY_WITH_RIGHTS)
    assert shown(reference).state is ApplicationState.RECEIVED


def test_a_result_is_a_signed_paper_whose_code_anybody_can_check(tmp_path: Path) -> None:
    reference = submit().reference
    receive(reference)
    with pytest.raises(NotInState):
        issue(reference, tmp_path)
    operations.refuse_application(
        actor=HOA,
        reason=REASON,
        clock=at(16),
        reference=reference,
        because=("đã có người hưởng", "somebody else drew it"),
    )
    issued = issue(reference, tmp_path)
    assert issue(reference, tmp_path).paper == issued.paper
    assert shown(reference).paper == issued.paper.number
    keys = signing_keys(tmp_path, KEYS_NAME).by_id()
    assert proven(issued.content, issued.paper.signature, keys)
    text = " ".join(PdfReader(BytesIO(issued.content)).pages[0].extract_text().split())
    assert "đã có người hưởng" in text
    code = text[text.index("ANSINH|KQ|") :].split()[0]
    verify = partial(operations.verify_result, actor=actor_of_person(WORKER), reason=REASON)
    assert verify(code=code)
    assert not verify(code=code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert not any(verify(code=one) for one in ("", "ANSINH|KQ||", "ANSINH|GCT|1|2", "ANSINH|KQ|TN-2025-00000x01|1"))


def test_the_apps_words_are_those_of_the_tables() -> None:
    reference = submit().reference
    for step in ("submitted", "received", "waiting", "received", "forwarded"):
        told = row(
            "SELECT state_vi, state_en, holder_vi, holder_en, due_on, name_vi, wanted_vi FROM services_told_files(%s)",
            [WIDOW],
        )
        one = shown(reference)
        wanted = one.wanted.because_vi if one.wanted else None
        assert told == (one.state_vi, one.state_en, one.holder_vi, one.holder_en, one.due_on, one.service.vi, wanted)
        match step:
            case "submitted":
                receive(reference)
            case "received" if one.wanted is None and len(one.pauses) == 0:
                ask(reference, TODAY)
            case "waiting":
                operations.supplement_application(
                    actor=actor_of_person(WIDOW), reason=REASON, clock=at(16), reference=reference, answers={}
                )
            case "received":
                forward(reference, at(16))
    # What reached benefits from here is told once.
    assert number("SELECT count(*) FROM services_told_files(%s)", [WIDOW]) == 1


def test_the_catalogue_is_whole() -> None:
    """Every service names questions with words in both languages, a deadline that is law, registers that exist, and a kind its room knows."""
    assert len(queries.catalogue()) == 11
    for code, one in queries.catalogue().items():
        assert one.topic in queries.TOPICS, code
        assert deadline(one.deadline, TODAY.at.date()).days, code
        assert all(each.vi and each.en for each in one.asks), code
        assert all(each.vi and each.en and each.when_vi and each.when_en for each in one.papers), code
        assert all((each.form == "choice") is bool(each.choices) for each in one.asks), code
        assert queries.pulled(WIDOW, one, TODAY.at, HUSBAND if one.about else None), code
        if one.office is Office.BENEFITS:
            known = {each.key for each in STATEMENTS[FileKind(one.kind)]}
            own = {f"{one.about}_number", f"{one.about}_name"}
            assert {each.key for each in one.asks} <= known | own, code
    words = {one.key: one.there for one in queries.pulled(WIDOW, queries.service("funeral"), TODAY.at, HUSBAND)}
    assert words == {"identity": True, "death": True, "book": True, "account": False}


def test_the_page_of_the_room_draws_the_states_as_they_are() -> None:
    page = Path(states.__file__).with_name("README.md").read_text(encoding="utf-8")
    assert states.drawn() in page


def ask(reference: str, clock: FixedClock) -> None:
    """Lan asks for the extract."""
    words = ("thiếu trích lục khai tử", "the death extract is missing")
    operations.ask_supplement(
        actor=LAN, reason=REASON, clock=clock, reference=reference, because=words, wanted=["death_extract"]
    )


def watch(clock: FixedClock) -> dict[str, int]:
    """Raise what alerts are due."""
    return operations.watch_deadlines(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock)


def sound(clock: FixedClock) -> bool:
    """Tell whether nothing offends on a day."""
    return all(one.ok for one in checks.checks(clock.at.date()))


def issue(reference: str, secrets: Path) -> operations.Issued:
    """Issue the result to the widow."""
    return operations.issue_result(
        actor=actor_of_person(WIDOW), reason=REASON, clock=at(17), reference=reference, secrets=secrets
    )
