"""Accounts: filed, confirmed by a one-time code, in force by the rule of the 20th, with history; and taken over from the former system."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ansinh.database.sql import row, rows
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.errors import Refusal
from ansinh.payments import operations
from ansinh.payments.accounts.names import folded
from ansinh.payments.operations import NewAccount
from ansinh.payments.queries import effective_month
from ansinh.places.operations import load_reference
from tests.payments.world import JULY_1, MAKER, REASON, VCB, add_payee, at
from tests.support.cast import ANYBODY_WITH_RIGHTS

OWN = NewAccount(VCB, "00123", "NGUYEN VAN AN")


@pytest.fixture(autouse=True)
def reference(db: None) -> None:
    """Banks and units."""
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=at(JULY_1))


def file(person: int, account: NewAccount = OWN, moment: datetime = JULY_1) -> tuple[int, str]:
    """File an account and read the code from the message, as its payee would."""
    account_id = operations.file_account(
        actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=at(moment), person_id=person, account=account
    )
    found = row("SELECT parameters->>'code' FROM notices_message WHERE fact = %s", [f"payments.account:{account_id}"])
    assert found is not None
    return account_id, str(found[0])


def confirm(person: int, account_id: int, code: str, moment: datetime = JULY_1) -> bool:
    """Confirm an account."""
    return operations.confirm_account(
        actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=at(moment), person_id=person, account_id=account_id, code=code
    )


@pytest.mark.parametrize(
    ("filed", "month"),
    [
        (datetime(2025, 7, 1, tzinfo=VIET_NAM), 202508),
        (datetime(2025, 7, 19, 23, 59, tzinfo=VIET_NAM), 202508),
        (datetime(2025, 7, 20, 0, 0, tzinfo=VIET_NAM), 202509),
        (datetime(2025, 11, 20, tzinfo=VIET_NAM), 202601),
        (datetime(2025, 12, 31, tzinfo=VIET_NAM), 202602),
    ],
)
def test_the_rule_of_the_20th(filed: datetime, month: int) -> None:
    assert effective_month(filed) == month


def test_a_new_account_takes_over_from_its_month(db: None) -> None:
    add_payee(1, "0011")
    account_id, code = file(1)
    assert rows("SELECT account FROM payments_account WHERE confirmed_at IS NOT NULL") == [("0011",)]
    assert confirm(1, account_id, code)
    assert confirm(1, account_id, code)
    assert rows("SELECT account, from_month, until_month FROM payments_account ORDER BY from_month") == [
        ("0011", 202401, 202508),
        ("00123", 202508, None),
    ]
    assert rows("SELECT code_digest FROM payments_account WHERE account = '00123'") == [(None,)]


def test_wrong_and_old_codes_confirm_nothing(db: None) -> None:
    add_payee(1)
    account_id, code = file(1)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert not confirm(1, account_id, wrong)
    with pytest.raises(Refusal) as refused:
        confirm(1, account_id, code)
    assert refused.value.code == "not_confirmed"
    account_id, code = file(1)
    with pytest.raises(Refusal):
        confirm(1, account_id, code, JULY_1 + timedelta(minutes=10))
    assert rows("SELECT count(*) FROM payments_account WHERE confirmed_at IS NOT NULL") == [(0,)]


@pytest.mark.parametrize(
    ("account", "code"),
    [
        (NewAccount(VCB, "00123", "TRAN THI ME"), "name_differs"),
        (NewAccount("999999", "00123", "NGUYEN VAN AN"), "invalid_input"),
        (NewAccount(VCB, "00 123", "NGUYEN VAN AN"), "invalid_input"),
        (NewAccount(VCB, "१२३४५", "NGUYEN VAN AN"), "invalid_input"),
        (NewAccount(VCB, "00123\n", "NGUYEN VAN AN"), "invalid_input"),
        (NewAccount(VCB, "00123", "  ", "proxy"), "invalid_input"),
        (NewAccount(VCB, "00123", "NGUYEN VAN AN", "friend"), "invalid_input"),
    ],
)
def test_file_account_refuses(account: NewAccount, code: str) -> None:
    add_payee(1)
    with pytest.raises(Refusal) as refused:
        file(1, account)
    assert refused.value.code == code
    assert refused.value.vi
    assert rows("SELECT count(*) FROM payments_account") == [(0,)]


def test_a_guardians_account_bears_another_name(db: None) -> None:
    add_payee(1)
    account_id, code = file(1, NewAccount(VCB, "AB0123", "TRẦN THỊ MẸ", "guardian"))
    assert confirm(1, account_id, code)


def test_names_fold() -> None:
    assert folded("  Đặng  Thị Ước ") == folded("DANG THI UOC") == "DANG THI UOC"


def test_accounts_of_the_former_system(tmp_path: Path) -> None:
    for person in (11, 12, 13):
        add_payee(person)
    columns = {
        "record_no": pa.array([1, 2, 3, 3], pa.int64()),
        "bank": ["VCB", None, "BIDV", "VCB"],
        "account": ["0123456789", None, "00001234567890", "0999999999"],
        "account_since": pa.array([202001, None, 202301, 202105], pa.int32()),
    }
    pq.write_table(pa.table(columns), tmp_path / "payee.parquet")
    made = [
        operations.load_accounts(
            actor=ANYBODY_WITH_RIGHTS,
            reason=REASON,
            clock=at(JULY_1),
            source="s",
            file=tmp_path / "payee.parquet",
            persons_before=10,
        )
        for _ in range(2)
    ]
    assert made == [2, 2]
    assert rows("SELECT person_id, bank, account, from_month, holder FROM payments_account ORDER BY 1") == [
        (11, "970436", "0123456789", 202001, "Nguyễn Văn An"),
        (13, "970436", "0999999999", 202105, "Nguyễn Văn An"),
    ]


def test_stop_account_ends_payment_to_it(db: None) -> None:
    add_payee(1, "0011")
    stopped = [
        operations.stop_account(actor=MAKER, reason=REASON, clock=at(JULY_1), person_id=1, because="chủ tài khoản mất")
        for _ in range(2)
    ]
    assert stopped == [1, 0]
