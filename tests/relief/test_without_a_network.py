"""Lists without a network: signed, numbered, told by line in any order, twice, with lines nobody sent; and a province that is dark for three days."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from ansinh.access.keys import signing_keys
from ansinh.database.sql import number, rows
from ansinh.foundation import detached
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, PartnerTrouble
from ansinh.payments import operations
from ansinh.payments.queries import differences_of
from ansinh.relief import operations as relief
from ansinh.relief.checks import checks
from ansinh.relief.operations import NotOurList, SignedList
from ansinh.relief.operations.listing import KEY_NAME, SIGNATURE_TYPE
from ansinh.relief.queries import report_of
from ansinh.relief.results import read_results
from tests.payments.world import MAKER, REASON, TREASURER, add_account
from tests.relief.world import (
    CLOCK,
    JULY_5,
    MACHINE,
    OTHER,
    PostDouble,
    add_person,
    apply,
    attempts,
    carry,
    in_force,
    list_lines,
    normal_run,
    owed,
    paid_out,
    post_tells,
    sign,
)

pytestmark = pytest.mark.django_db
FORM = "ansinh-results-1"


def at_home(tmp_path: Path, *persons: int, home: PostDouble | None = None) -> tuple[int, int]:
    """Return an emergency and a run whose payees are paid at home, the list handed over."""
    for person in persons:
        add_person(person, name=f"Đỗ Thị “{person}”")
    run_id = normal_run(owed(*persons))
    emergency = in_force()
    apply(emergency, run_id)
    sign(run_id, tmp_path)
    carry(run_id, {"H01": home or PostDouble("H01")}, tmp_path)
    return emergency, run_id


def signed(emergency: int, run_id: int, tmp_path: Path, *, papers: bool = False) -> list[SignedList]:
    return relief.sign_lists(
        actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=emergency, run_id=run_id, secrets=tmp_path, papers=papers
    )


def results(of: SignedList, *lines: tuple[object, ...]) -> bytes:
    """Return a file of results: number, outcome, amount."""
    text = io.StringIO()
    told = csv.writer(text, lineterminator="\n")
    told.writerow([FORM, of.message_id, of.sha256])
    for one in lines:
        told.writerow([*one, JULY_5.isoformat(), ""])
    return text.getvalue().encode()


def tell(body: bytes, name: str = "kq.csv") -> relief.TakenResults:
    return relief.take_results(actor=MACHINE, reason=REASON, clock=CLOCK, name=name, body=body)


def test_a_list_is_signed_printed_and_provable(tmp_path: Path) -> None:
    post = PostDouble("H01")
    emergency, run_id = at_home(tmp_path, 1, 2, home=post)
    (made,) = signed(emergency, run_id, tmp_path, papers=True)
    assert made.body == post.lists[made.message_id]
    digest = hashlib.sha256(made.body).digest()
    keys = signing_keys(tmp_path, KEY_NAME).by_id()
    assert made.sha256 == digest.hex()
    assert detached.proven(digest, made.signature, keys, SIGNATURE_TYPE)
    assert not detached.proven(hashlib.sha256(made.body + b" ").digest(), made.signature, keys, SIGNATURE_TYPE)
    (paper,) = made.papers
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "Đỗ Thị “1”" in text
    assert "1.000.002" in text
    assert made.sha256[:8] in text
    again = signed(emergency, run_id, tmp_path, papers=True)
    assert [(one.signature, one.papers) for one in again] == [(made.signature, made.papers)]
    assert number("SELECT count(*) FROM relief_list") == 1


def test_results_come_twice_out_of_order_and_with_lines_nobody_sent(tmp_path: Path) -> None:
    emergency, run_id = at_home(tmp_path, 1, 2, 3)
    (made,) = signed(emergency, run_id, tmp_path)
    by_line = {int(line[0]): int(line[4]) for line in list_lines(made.body)}
    first = results(made, (3, "paid", by_line[3]), (1, "paid", by_line[1]), (77, "paid", 5), (1, "paid", by_line[1]))
    assert (tell(first).matched, tell(first).known) == (3, True)
    # The same lines again in another file, with what was missing, the last first.
    assert tell(results(made, (2, "uncollected", ""), (1, "paid", by_line[1]), (3, "paid", "")), "kq2.csv").matched == 3
    assert [state for _, _, channel, state in attempts(run_id) if channel == "home"] == [30, 40, 30]
    assert rows("SELECT kind, detail FROM payments_case WHERE settled_at IS NULL") == [
        ("unknown_payment", f"{made.message_id}#77")
    ]
    assert [paid_out(person) for person in (1, 2, 3)] == [1_000_001, 0, 1_000_003]
    assert all(one.zero for one in differences_of(run_id))
    assert all(one.ok for one in checks())


def test_a_line_told_two_ways_or_with_another_amount_is_for_a_person(tmp_path: Path) -> None:
    emergency, run_id = at_home(tmp_path, 1, 2)
    (made,) = signed(emergency, run_id, tmp_path)
    tell(results(made, (1, "paid", ""), (2, "paid", 999)))
    tell(results(made, (1, "uncollected", "")), "kq2.csv")
    assert rows("SELECT kind FROM payments_case WHERE settled_at IS NULL ORDER BY 1") == [
        ("cannot_be",),
        ("other_amount",),
    ]
    assert [paid_out(person) for person in (1, 2)] == [1_000_001, 0]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"ansinh-results-2,x,y\n",
        FORM.encode() + b",x\n",
        FORM.encode() + b",M,00\n1,paid,1,2025-07-05T09:00:00\n",
        FORM.encode() + b",M,00\n-1,paid,1,2025-07-05T09:00:00+07:00\n",
        FORM.encode() + b",M,00\n1,drunk,1,2025-07-05T09:00:00+07:00\n",
        FORM.encode() + b",M,00\n1,paid,1e9,2025-07-05T09:00:00+07:00\n",
        FORM.encode() + b",M,00\n" + "١,paid,1,2025-07-05T09:00:00+07:00\n".encode(),
        FORM.encode() + b",M,00\n1,paid,1,2025-07-05T09:00:00+07:00,a\x00b\n",
        FORM.encode() + b',M,00\n1,paid,1,"2025-07-05',
    ],
)
def test_a_file_that_is_not_of_the_form_is_refused_whole(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        tell(body)
    assert number("SELECT count(*) FROM payments_message") == 0


def test_results_of_a_list_nobody_sent_or_of_another_digest_are_refused(tmp_path: Path) -> None:
    emergency, run_id = at_home(tmp_path, 1)
    (made,) = signed(emergency, run_id, tmp_path)
    for wrong in (b"AS", made.sha256.encode()):
        with pytest.raises(NotOurList):
            tell(results(made, (1, "paid", "")).replace(wrong, b"00", 1))
    assert paid_out(1) == 0


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{FORM},M,00\n{text}".encode()))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    try:
        read = read_results(body)
    except InvalidInput:
        return
    assert read.message_id is not None


def test_a_province_dark_for_three_days_keeps_its_list_unknown_and_gets_the_same_bytes(tmp_path: Path) -> None:
    add_person(1)
    add_person(2, commune=OTHER)
    run_id = normal_run(owed(1, 2))
    sign(run_id, tmp_path)
    dark, far = PostDouble("P01", network=False), PostDouble("P02")
    assert carry(run_id, {"P01": dark, "P02": far}, tmp_path) == {"P01": "unknown", "P02": "sent"}
    add_account(1, "0011")
    emergency = in_force()
    for day in range(1, 4):
        _ask(run_id, dark, day)
        # Never another channel while nobody knows, and no recall of what nobody is known to have.
        assert apply(emergency, run_id, {"P01": dark}).recalls == {}
        assert attempts(run_id)[0] == (1, 1, "cash", 3)
    assert {one.why for one in report_of(emergency).lines} == {"no_answer"}
    post_tells(far, {2: "paid"})
    dark.network = True
    for _ in range(3):
        _ask(run_id, dark, 4)
    assert rows("SELECT state FROM payments_batch WHERE partner = 'P01'") == [("ready",)]
    before = number("SELECT count(*) FROM payments_message WHERE direction = 'out'")
    assert carry(run_id, {"P01": dark}, tmp_path, FixedClock(JULY_5 + timedelta(days=4))) == {"P01": "sent"}
    assert number("SELECT count(*) FROM payments_message WHERE direction = 'out'") == before
    post_tells(dark, {1: "paid"})
    assert [paid_out(person) for person in (1, 2)] == [1_000_001, 1_000_002]


def test_a_list_carried_by_hand_into_the_dark_proves_itself_by_its_results(tmp_path: Path) -> None:
    dark = PostDouble("H01", network=False)
    emergency, run_id = at_home(tmp_path, 1, 2, home=dark)
    assert [state for _, _, channel, state in attempts(run_id) if channel == "home"] == [3, 3]
    (made,) = signed(emergency, run_id, tmp_path)
    tell(results(made, (2, "paid", "")))
    assert [state for _, _, channel, state in attempts(run_id) if channel == "home"] == [4, 30]
    _ask(run_id, dark, 3)
    tell(results(made, (1, "uncollected", "")), "kq2.csv")
    report = report_of(emergency)
    assert {(one.why, one.persons) for one in report.lines} == {("reached", 1), ("not_collected", 1)}
    operations.close_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    assert all(one.ok for one in checks())


def _ask(run_id: int, post: PostDouble, day: int) -> None:
    """Ask after what hangs, as the daily chase does."""
    clock = FixedClock(JULY_5 + timedelta(days=day))
    for batch_id, message_id in rows(
        "SELECT batch_id, message_id FROM payments_batch WHERE run_id = %s AND state = 'unknown'", [run_id]
    ):
        try:
            outcome = post.ask(message_id).value
        except PartnerTrouble:
            outcome = "busy"
        operations.end_try(
            actor=TREASURER, reason=REASON, clock=clock, batch_id=batch_id, outcome=outcome, abilities=post.abilities
        )
