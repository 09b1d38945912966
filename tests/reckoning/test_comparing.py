"""Statements held against our books: an honest bank differs in nothing, and each fault is named with its amount."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ansinh.reckoning.statements.comparing import Day, Flow, Found, compare

OURS = "9704360000001"
FIRST = date(2025, 7, 1)
Movements = list[tuple[int, int]]

movements = st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**12)), min_size=1, max_size=8)


def honest(moved: Movements, opening: int = 0) -> tuple[list[Day], dict[date, Flow]]:
    """Statements of an honest bank over days on which so much came and went, and our books of them."""
    days, flows, stands = [], {}, opening
    for place, (came, went) in enumerate(moved):
        on = FIRST + timedelta(days=place)
        days.append(Day(on, place + 1, OURS, stands, stands + came - went, came, went))
        flows[on] = Flow(came - went)
        stands += came - went
    return days, flows


def named(found: list[Found]) -> list[tuple[str, int]]:
    return [(one.kind, one.amount) for one in found]


@given(movements, st.integers(-(10**12), 10**12))
def test_an_honest_bank_differs_in_nothing(moved: Movements, opening: int) -> None:
    assert compare(OURS, *honest(moved, opening)) == []


@given(movements, st.data(), st.integers(1, 10**9))
def test_money_that_left_unknown_to_us_is_named_on_its_day(moved: Movements, data: st.DataObject, extra: int) -> None:
    place = data.draw(st.integers(0, len(moved) - 1))
    days, _ = honest([(came, went + extra if n == place else went) for n, (came, went) in enumerate(moved)])
    _, flows = honest(moved)
    assert named(compare(OURS, days, flows)) == [("more_left", -extra)]
    told = {on: replace(flow, paid_against_rule=extra if on == days[place].on_day else 0) for on, flow in flows.items()}
    assert named(compare(OURS, days, told)) == [("paid_twice", -extra)]


@given(movements, st.data(), st.integers(1, 10**9))
def test_an_entry_left_out_is_a_hole(moved: Movements, data: st.DataObject, left_out: int) -> None:
    place = data.draw(st.integers(0, len(moved) - 1))
    days, flows = honest([(came, went + left_out if n == place else went) for n, (came, went) in enumerate(moved)])
    days[place] = replace(days[place], went_out=days[place].went_out - left_out)
    assert named(compare(OURS, days, flows)) == [("hole", -left_out)]


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 0)), min_size=3, max_size=8), st.data())
def test_a_day_nobody_told_of_shows_in_the_next_opening(moved: Movements, data: st.DataObject) -> None:
    days, flows = honest(moved)
    place = data.draw(st.integers(1, len(days) - 2))
    missing = days.pop(place)
    assert named(compare(OURS, days, flows)) == [("opening_differs", missing.came_in)]


def test_money_we_say_was_paid_and_the_bank_never_booked() -> None:
    days, _ = honest([(100, 0), (0, 0)])
    flows = {FIRST: Flow(100), FIRST + timedelta(days=1): Flow(-40)}
    assert named(compare(OURS, days, flows)) == [("less_left", 40)]


def test_paid_twice_and_returned_otherwise_on_one_day_are_two_differences() -> None:
    days, _ = honest([(900, 500)])
    flows = {FIRST: Flow(0, paid_against_rule=500, returned_against_rule=900)}
    assert named(compare(OURS, days, flows)) == [("paid_twice", -500), ("returned_otherwise", 900)]


def test_other_accounts_missing_balances_and_unread_parts_are_named_and_stop_nothing() -> None:
    days, flows = honest([(100, 0), (50, 0), (0, 30)])
    strange = replace(days[1], account="9999", message_no=9)
    days[1] = replace(days[1], unread=2)
    blank = Day(FIRST + timedelta(days=9), 10, OURS, None, 5, 0, 0)
    assert named(compare(OURS, [*days, strange, blank], flows)) == [
        ("other_account", 0),
        ("unread_part", 0),
        ("no_balance", 0),
    ]


def test_a_statement_told_otherwise_later_holds_and_says_so() -> None:
    days, flows = honest([(100, 0)])
    wrong = replace(days[0], closing=70, came_in=70, message_no=0)
    assert named(compare(OURS, [*days, wrong], flows)) == [("told_otherwise", 30)]
    assert compare(OURS, [*days, replace(days[0], message_no=0)], flows) == []
