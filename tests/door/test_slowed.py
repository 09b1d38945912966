"""Whoever begins sign-ins and never comes back, or brings answers that do not hold, waits; whoever comes back does not. Merged records are one person."""

from __future__ import annotations

import pytest

from ansinh.database.sql import execute, number
from ansinh.signin.slowing import door_mark
from ansinh.signin.throttle import Counter
from tests.door.conftest import AN, BINH
from tests.door.visiting import Visitor

# One e-ID serves all of these.
pytestmark = pytest.mark.xdist_group("door")

HERE = "127.0.0.1"


def counted(counter: Counter) -> int:
    return number("SELECT coalesce(max(failures), 0) FROM signin_throttle WHERE mark = %s", [door_mark(counter, HERE)])


def counted_to_the_end(counter: Counter) -> None:
    """Let the address have used up what is free."""
    execute(
        "INSERT INTO signin_throttle (mark, failures, last_failed_at, blocked_until) VALUES (%s, %s, now(), now())",
        [door_mark(counter, HERE), counter.free],
    )


def begin(visitor: Visitor, address: str = "/sign-in", here: str = HERE) -> tuple[int, str, str]:
    visitor.ours.get(address)
    form = {"csrfmiddlewaretoken": visitor.ours.cookies["ansinh-form"].value}
    answer = visitor.ours.post(address, form, REMOTE_ADDR=here)
    return answer.status_code, answer.headers.get("Retry-After", ""), answer.content.decode()


def test_beginnings_that_nobody_came_back_from_make_an_address_wait(visitor: Visitor) -> None:
    counted_to_the_end(Counter.BEGUN)
    assert begin(visitor)[0] == 303
    status, after, page = begin(visitor)
    assert (status, 1 <= int(after) <= 6, f"Thử lại sau {after} giây" in page) == (429, True, True)
    assert "Try again in" in begin(visitor, "/en/sign-in")[2]
    assert begin(visitor, here="192.0.2.7")[0] == 303
    execute("UPDATE signin_throttle SET blocked_until = now() + interval '9 minutes 30 seconds' WHERE failures > 100")
    assert "Thử lại sau 10 phút" in begin(visitor)[2]
    execute("UPDATE signin_throttle SET blocked_until = now()")
    assert begin(visitor)[0] == 303


def test_who_comes_back_is_not_counted(visitor: Visitor) -> None:
    way = visitor.asks()
    assert counted(Counter.BEGUN) == 1
    assert visitor.returns(visitor.grants(way, AN[0])).status_code == 303
    assert (counted(Counter.BEGUN), counted(Counter.UNPROVEN)) == (0, 0)


def test_answers_that_do_not_hold_make_an_address_wait_and_a_true_one_is_let_in(visitor: Visitor) -> None:
    begun = visitor.grants(visitor.asks(), AN[0])
    counted_to_the_end(Counter.UNPROVEN)
    assert visitor.returns(begun, state="x").status_code == 400
    refused = visitor.returns(begun, state="x")
    assert (refused.status_code, bool(refused.headers["Retry-After"])) == (429, True)
    assert counted(Counter.UNPROVEN) == Counter.UNPROVEN.free + 1
    assert begin(Visitor())[0] == 429
    assert visitor.returns(begun).status_code == 303
    assert visitor.citizen()


def test_a_stranger_the_e_id_vouches_for_counts_for_nothing(visitor: Visitor) -> None:
    execute("DELETE FROM people_identifier WHERE value = %s", [AN[0]])
    assert visitor.comes(AN[0]).status_code == 403
    assert (counted(Counter.BEGUN), counted(Counter.UNPROVEN)) == (0, 0)


def test_devices_of_merged_records_are_shown_together_and_end_together(visitor: Visitor) -> None:
    other = Visitor()
    visitor.comes(AN[0])
    other.comes(BINH[0])
    assert "Đăng xuất nơi này" not in visitor.ours.get("/devices").content.decode()
    execute(
        "INSERT INTO people_alias (alias_person_id, person_id, merged_into, merged_at) VALUES (%s, %s, %s, now())",
        [BINH[1], AN[1], AN[1]],
    )
    page = visitor.ours.get("/devices").content.decode()
    assert (page.count("Đăng xuất nơi này"), page.count("Đăng nhập (mức 1")) == (1, 2)
    token = visitor.ours.cookies["ansinh-form"].value
    ended = visitor.ours.post("/devices", {"csrfmiddlewaretoken": token})
    assert "Đã đăng xuất 1 nơi" in ended.content.decode()
    assert (other.citizen(), bool(visitor.citizen())) == (None, True)
