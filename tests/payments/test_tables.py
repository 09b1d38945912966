"""What the tables refuse, whoever asks and whatever the code forgot."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ansinh.database.sql import execute, number, rows
from ansinh.payments import operations
from ansinh.payments.handover.messages import MessageWrong
from ansinh.payments.operations import NotZero
from ansinh.payments.procedures import collect_all, send_ready
from ansinh.payments.runs.sealing import SealBroken
from tests.payments.world import (
    JULY_1,
    MAKER,
    REASON,
    TREASURER,
    VCB,
    BankDouble,
    Owed,
    add_payee,
    at,
    built_run,
    desk_of,
    signed_run,
)
from tests.support.database import OwnDatabase

CLOCK = at(JULY_1)


def _paid_run(tmp_path: Path) -> int:
    add_payee(1, "0011")
    run_id = signed_run([Owed(1, 1_000)], tmp_path)
    desk = desk_of(TREASURER, tmp_path, [BankDouble(VCB)])
    send_ready(desk, run_id)
    collect_all(desk)
    return run_id


_ANOTHER_LIVE = """
INSERT INTO payments_attempt SELECT pay_month, order_id, 2::smallint, person_id, run_id, batch_id, 99, channel, partner, account, holder, amount
FROM payments_attempt
"""


@pytest.mark.parametrize("table", ["event", "posting", "message", "seal", "approval", "batchevent", "funding"])
def test_nobody_changes_what_happened(fresh_database: OwnDatabase, tmp_path: Path, table: str) -> None:
    _paid_run(tmp_path)
    assert number(f"SELECT count(*) FROM payments_{table}")
    column = rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attidentity = '' ORDER BY attnum LIMIT 1",
        [f"payments_{table}"],
    )[0][0]
    for statement in (
        f"UPDATE payments_{table} SET {column} = {column}",
        f"DELETE FROM payments_{table}",
        f"TRUNCATE payments_{table} CASCADE",
    ):
        with pytest.raises(DatabaseError):
            execute(statement)
        with psycopg.connect(fresh_database.urls.owner) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_attempt SET amount = amount + 1",
        "UPDATE payments_attempt SET account = '9'",
        "UPDATE payments_attempt SET batch_id = batch_id + 1",
        "UPDATE payments_order SET amount = amount + 1",
        "UPDATE payments_obligation SET amount = amount + 1",
        "UPDATE payments_batch SET message_id = 'x'",
        "UPDATE payments_account SET account = '9999'",
        "DELETE FROM payments_obligation",
        "DELETE FROM payments_attempt",
        "UPDATE payments_attempt_202507 SET ended = 20",
        "UPDATE payments_obligation SET order_id = order_id + 1",
        "UPDATE payments_obligation SET order_id = NULL, pay_month = NULL",
        "INSERT INTO payments_posting SELECT pay_month, order_id, 9, 9, 101, person_id, run_id, 1, now() FROM payments_posting LIMIT 1",
        _ANOTHER_LIVE,
    ],
)
@pytest.mark.django_db
def test_the_running_role_cannot(tmp_path: Path, statement: str) -> None:
    add_payee(1, "0011")
    built_run([Owed(1, 1_000)], tmp_path)
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(statement)


@pytest.mark.django_db
def test_a_month_is_owed_once(tmp_path: Path) -> None:
    add_payee(1, "0011")
    built_run([Owed(1, 1_000)], tmp_path)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(
            "INSERT INTO payments_obligation (month, person_id, entitlement_id, component, correction, amount, kind) VALUES (202507, 1, 1, 'base', 0, 5, 'x')"
        )


@pytest.mark.parametrize(
    ("column", "value"),
    [("amount", "amount + 1"), ("account", "'0012'"), ("holder", "'AI DO'"), ("channel", "'cash', account = NULL")],
)
def test_a_line_changed_after_the_seal_is_not_handed_over(
    fresh_database: OwnDatabase, tmp_path: Path, column: str, value: str
) -> None:
    add_payee(1, "0011")
    run_id = signed_run([Owed(1, 1_000)], tmp_path)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute(f"UPDATE payments_attempt SET {column} = {value}".encode())
    bank = BankDouble(VCB)
    with pytest.raises((SealBroken, MessageWrong)):
        send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    assert not bank.messages
    assert rows("SELECT state, tries FROM payments_batch") == [("ready", 0)]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE payments_batch SET digest = sha256('x')", "UPDATE payments_batch SET amount = amount + 1, lines = lines"],
)
def test_a_batch_changed_after_the_seal_is_not_handed_over(
    fresh_database: OwnDatabase, tmp_path: Path, statement: str
) -> None:
    add_payee(1, "0011")
    run_id = signed_run([Owed(1, 1_000)], tmp_path)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute(statement.encode())
    bank = BankDouble(VCB)
    with pytest.raises(Exception, match=r"not handed over"):
        send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    assert not bank.messages


def test_an_approval_forged_by_sql_is_not_enough(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_payee(1, "0011")
    run_id = built_run([Owed(1, 1_000)], tmp_path)
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        for step, who, first in ((1, "officer:x", None), (2, "officer:y", "officer:x")):
            owner.execute(
                "INSERT INTO payments_approval (run_id, seal_no, step, officer, made_by, sealed_by, first_by, signature, signed_at)"
                " VALUES (%s, 1, %s, %s, 'officer:hanoi.lan', 'officer:hanoi.lan', %s, 'a..b', now())",
                [run_id, step, who, first],
            )
        owner.execute("UPDATE payments_run SET state = 'authorised'")
    operations.fund_run(actor=TREASURER, reason=REASON, clock=CLOCK, run_id=run_id)
    bank = BankDouble(VCB)
    with pytest.raises(SealBroken):
        send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    assert not bank.messages


def test_close_refuses_a_run_whose_sums_differ(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    run_id = _paid_run(tmp_path)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute("UPDATE payments_obligation SET amount = amount + 1")
    with pytest.raises(NotZero, match="obligations = orders"):
        operations.close_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
