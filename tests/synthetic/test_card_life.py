"""What happens to cards in the last weeks: some of every kind even in a village, on cards that are in force, and in the right order."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from typing import Any

from ansinh_synthetic.card_life import EVENTS
from tests.synthetic.conftest import PEOPLE, Nation

LAST = datetime.date(2025, 7, 31)


def _rows(table: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _in_force(nation: Nation) -> set[int]:
    return {
        row["record_no"] for row in _rows(nation("agency/coverage")) if row["valid_from"] <= LAST < row["valid_until"]
    }


def test_every_kind_of_event_happens_to_some_cards_in_force(nation: Nation) -> None:
    events = _rows(nation("agency/card_event"))
    kinds = Counter((row["event"], row["state"]) for row in events)
    # Whoever is restored was suspended before.
    assert kinds == {kind: 4 if kind[0] == "suspended" else 2 for kind in EVENTS}
    assert {row["record_no"] for row in events} <= _in_force(nation)
    for row in events:
        assert (row["object_code"] is not None) == (row["event"] == "replaced")
        assert (row["effect_on"] > LAST) == (row["event"] == "replaced")


def test_a_card_is_touched_once_but_for_those_suspended_and_then_restored(nation: Nation) -> None:
    lines: dict[int, list[tuple[datetime.date, str]]] = defaultdict(list)
    for row in _rows(nation("agency/card_event")):
        lines[row["record_no"]].append((row["effect_on"], row["event"]))
    several = [sorted(one) for one in lines.values() if len(one) > 1]
    assert [[event for _, event in one] for one in several] == [["suspended", "restored"]] * 2
    assert all(one[0][0] < one[1][0] for one in several)


def test_copayments_are_of_this_year_and_some_pass_the_ceiling(nation: Nation) -> None:
    paid = _rows(nation("agency/copayment"))
    facilities = set(nation("agency/facility").column("code").to_pylist())
    assert all(row["facility"] in facilities and row["amount"] > 0 for row in paid)
    assert all(datetime.date(2024, 12, 1) < row["admitted_on"] <= row["paid_on"] <= LAST for row in paid)
    payers = {row["record_no"] for row in paid}
    assert len(payers) == PEOPLE * 4 // 1000
    assert payers <= _in_force(nation)
    assert len({(row["record_no"], row["paid_on"], row["facility"], row["visit"]) for row in paid}) == len(paid)
    total: Counter[int] = Counter()
    for row in paid:
        total[row["record_no"]] += row["amount"] if row["counted"] else 0
    assert max(total.values()) > 14_040_000
    assert any(not row["counted"] for row in paid)


def test_newborns_are_of_june_and_july_and_have_no_record(nation: Nation) -> None:
    born = _rows(nation("agency/newborn"))
    assert len(born) == 2
    known = {row["pin"] for row in _rows(nation("truth/link"))}
    registered = {row["pin"]: row for row in _rows(nation("register/person"))}
    for row in born:
        assert (row["birth_year"], row["birth_month"] in (6, 7)) == (2025, True)
        assert row["pin"] not in known
        assert {name: registered[row["pin"]][name] for name in row} == row


def test_a_dense_nation_has_nothing_of_it(dense: Nation) -> None:
    assert [dense(f"agency/{name}").num_rows for name in ("card_event", "copayment", "newborn")] == [0, 0, 0]
