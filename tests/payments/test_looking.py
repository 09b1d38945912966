"""What an officer looks at before signing: sums as built, the month before, and the way down to one order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ansinh.database.sql import execute
from ansinh.payments import checks, operations, queries
from ansinh.payments.operations import abort_run
from tests.payments.world import BIDV, JULY_1, MAKER, REASON, VCB, Owed, add_payee, at, built_run

pytestmark = pytest.mark.django_db
CLOCK = at(JULY_1)


def _two_months(tmp_path: Path) -> tuple[int, int]:
    for person in range(1, 6):
        add_payee(person, f"00100{person}" if person % 2 else None, bank=BIDV if person == 5 else VCB)
    june = built_run(
        [Owed(person, 1_000_000 * person, month=202506) for person in (1, 2, 3)],
        tmp_path, months=(202506,), pay_on=date(2025, 6, 2), act="tháng 6",
    )  # fmt: skip
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=june)
    july = built_run(
        [
            Owed(1, 1_050_000),
            Owed(1, 200_000, entitlement_id=2, kind="social_pension"),
            Owed(2, 6_000_000),
            Owed(4, 700_000, province="79"),
            Owed(5, 900_000),
        ],
        tmp_path,
        act="tháng 7",
    )
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=july)
    return june, july


def test_sums_of_run_tell_what_was_built_by_province_kind_and_partner(tmp_path: Path) -> None:
    _, july = _two_months(tmp_path)
    sums = {
        dimension: {one.key: (one.payees, one.amount) for one in found}
        for dimension, found in queries.sums_of_run(july).items()
    }
    assert sums == {
        "province": {"01": (3, 8_150_000), "79": (1, 700_000)},
        "kind": {"pension": (4, 8_650_000), "social_pension": (1, 200_000)},
        "partner": {"P01": (1, 6_000_000), "P79": (1, 700_000), VCB: (1, 1_250_000), BIDV: (1, 900_000)},
    }
    (recount,) = (one for one in checks.checks() if one.name == "payments.run_sums_recount")
    assert not recount.offending


def test_sums_of_run_stay_as_built_when_the_run_is_given_up_and_the_check_finds_a_changed_row(tmp_path: Path) -> None:
    _, july = _two_months(tmp_path)
    before = queries.sums_of_run(july)
    abort_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=july)
    assert queries.sums_of_run(july) == before
    execute("INSERT INTO payments_runsum VALUES (%s, 99, 'province', '48', 1, 5)", [july])
    (recount,) = (one for one in checks.checks() if one.name == "payments.run_sums_recount")
    assert [str(one) for one in recount.offending] == [f"{july}: province 48"]


def test_compared_with_last_explains_the_difference_to_the_dong(tmp_path: Path) -> None:
    june, july = _two_months(tmp_path)
    run, head = queries.run_of(july), queries.run_head(july)
    found = queries.compared_with_last(run)
    assert found is not None
    assert found.before.run_id == june
    assert {one.kind: (one.payees, one.amount, one.before) for one in found.moved} == {
        "new": (2, 1_600_000, 0),
        "gone": (1, 0, 3_000_000),
        "changed": (2, 7_250_000, 3_000_000),
    }
    assert found.rest(head.amount) == 0
    assert queries.compared_with_last(queries.run_of(june)) is None
    assert [one.person_id for one in queries.largest_changes(july)] == [2, 3, 5, 4, 1]


def test_orders_are_followed_by_their_key_and_found_by_their_number(tmp_path: Path) -> None:
    june, july = _two_months(tmp_path)
    run = queries.run_of(july)
    listed = queries.orders_in(run, "01")
    assert sorted(one.amount for one in listed) == [900_000, 1_250_000, 6_000_000]
    assert queries.orders_in(run, "01", listed[0].order_id) == listed[1:]
    named = queries.order_numbered(run, listed[0].order_id)
    assert named is not None
    assert named.amount == listed[0].amount
    assert queries.order_numbered(queries.run_of(june), listed[0].order_id) is None
    assert [one.run_id for one in queries.runs_before()] == [july, june]
    assert [one.run_id for one in queries.runs_before(july)] == [june]
    assert [one.run_id for one in queries.runs_before(pay_month=202507, state="checked")] == [july]
