"""A citizen is asked to confirm what a relative filed: told on the first page, answered at level 2, by nobody in their place."""

from __future__ import annotations

from datetime import date

import pytest

from ansinh.access.queries import life_events
from ansinh.confirmations.operations import Wanted, ask_to_confirm
from ansinh.confirmations.queries import confirmation
from ansinh.confirmations.states import ConfirmationState
from tests.acts.world import answer, citizen, see
from tests.mandates.family import GRANDMOTHER, MORNING, MOTHER, NEIGHBOUR, given

pytestmark = pytest.mark.usefixtures("rolled_back")
QUESTION = ("Bà Mai đứng tên hồ sơ mai táng. Ông/bà có đồng ý không?", "Ms Mai files for the funeral. Do you agree?")


def asked(person: int = GRANDMOTHER) -> str:
    """A relative names somebody; returns the address of the question."""
    wanted = Wanted(person, "lifeevents.file:77", MOTHER, QUESTION, date(2025, 7, 28))
    return ask_to_confirm(actor=life_events(), reason="thử", clock=MORNING, wanted=wanted)


def stands(reference: str) -> str:
    """Return where a confirmation of the grandmother stands."""
    found = confirmation(GRANDMOTHER, reference)
    assert found is not None
    return found.state.value


def test_who_is_asked_sees_it_at_home_and_agrees() -> None:
    me = citizen(GRANDMOTHER)
    assert "Chờ bạn xác nhận" not in see(me, "/")
    assert "Không có gì cần xác nhận" in see(me, "/confirmations")
    reference = asked()
    assert "Chờ bạn xác nhận" in see(me, "/")
    assert QUESTION[0] in see(me, "/confirmations")
    assert QUESTION[1] in see(me, f"/en/confirmations/{reference}")
    assert "Chọn một câu trả lời" in answer(me, f"/confirmations/{reference}")
    assert "Đã ghi nhận câu trả lời" in answer(me, f"/confirmations/{reference}", answer="agreed")
    assert stands(reference) == ConfirmationState.AGREED
    # Answered twice, it is the same answer; and it is not taken back.
    assert "Đã ghi nhận câu trả lời" in answer(me, f"/confirmations/{reference}", answer="agreed")
    assert "đã được trả lời" in answer(me, f"/confirmations/{reference}", answer="declined")
    assert stands(reference) == ConfirmationState.AGREED
    assert "Chờ bạn xác nhận" not in see(me, "/")


def test_who_declines_says_why_and_may_agree_after_all() -> None:
    me, reference = citizen(GRANDMOTHER), asked()
    told = answer(me, f"/confirmations/{reference}", answer="declined", because="Tôi lo mai táng")
    assert "không đồng ý" in told
    assert "Tôi lo mai táng" in told
    assert stands(reference) == ConfirmationState.DECLINED
    answer(me, f"/confirmations/{reference}", answer="agreed")
    assert stands(reference) == ConfirmationState.AGREED


def test_nobody_answers_for_another_or_without_the_surer_level() -> None:
    reference = asked()
    other, weak = citizen(NEIGHBOUR), citizen(GRANDMOTHER, level=1)
    assert other.get(f"/confirmations/{reference}").status_code == 404
    assert other.post(f"/confirmations/{reference}", {"answer": "agreed"}).status_code == 404
    assert other.get("/confirmations/khong-co").status_code == 404
    assert "level=2" in weak.get(f"/confirmations/{reference}").headers["location"]
    # Who acts for her on other pages sees here what they themselves are asked.
    given(GRANDMOTHER, MOTHER)
    assert "Không có gì cần xác nhận" in see(citizen(MOTHER), "/confirmations")
    assert stands(reference) == ConfirmationState.ASKED
