"""The payments desk takes an account in; its owner confirms it with the code they are sent, and it is in force from the month payments say."""

from __future__ import annotations

from ansinh.database.sql import row
from ansinh.payments.operations import NewAccount, file_account
from ansinh.services.offices.outcomes import Concluded, Forwarded, Said, Wanted, Word
from ansinh.services.rows import Application

_ROOM = "payments.account:"


def forward(one: Application, said: Said) -> Word:
    """File the account; its owner is sent a code."""
    account = NewAccount(one.content["bank"], one.content["account"], one.content["holder"])
    return Forwarded(f"{_ROOM}{file_account(**said, person_id=one.person_id, account=account)}")


def heard(one: Application) -> Word:
    """Tell whether the account is confirmed; until then its owner is waited for."""
    assert one.forwarded_to is not None
    found = row(
        "SELECT confirmed_at, stopped_at, from_month FROM payments_account WHERE person_id = %s AND account_id = %s",
        [one.person_id, int(one.forwarded_to.removeprefix(_ROOM))],
    )
    if found is None or found[1] is not None:
        return Concluded(False, "Tài khoản đã bị ngừng.", "The account was stopped.")
    if found[0] is None:
        words = {"key": "account_code", "vi": "Mã xác nhận gửi qua tin nhắn", "en": "The code sent as a message"}
        return Wanted((words,))
    month = f"{found[2] % 100:02}/{found[2] // 100}"
    return Concluded(
        True,
        f"Tài khoản mới có hiệu lực từ kỳ chi trả tháng {month}.",
        f"The new account is in force from the payment of {month}.",
        facts=(("Tài khoản", "Account", f"…{one.content['account'][-4:]}"), ("Từ tháng", "From month", month)),
    )
