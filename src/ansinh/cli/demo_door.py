"""What the demo does at the citizens' door: some sign in with the national e-ID, over HTTP, and three are named for whoever tries the demo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansinh.cli.nation import register_store
from ansinh.cli.screen import counted, out, titled_table
from ansinh.config.queries import agency_clock
from ansinh.database.sql import rows
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.payments.states import AttemptState
from ansinh_sandbox import eid_app
from ansinh_sandbox.eid.accounts import Accounts
from ansinh_sandbox.eid.citizens import sign_in
from ansinh_sandbox.eid.pages import PASSCODE

SIGN_INS_MAX = 40
APP_PER_HUNDRED = 78
CANDIDATES_MAX = 200

_PIN = "JOIN people_identifier i ON i.person_id = c.person_id AND i.scheme = 'pin' AND i.valid_until IS NULL"
_RETURNED = f"""
SELECT DISTINCT i.value FROM (SELECT person_id FROM payments_attempt WHERE ended = %(returned)s ORDER BY pay_month DESC, order_id LIMIT %(most)s) AS c {_PIN}
ORDER BY 1 LIMIT %(most)s
"""
_MOTHERS = """
SELECT content ->> 'mother_pin' FROM lifeevents_file WHERE kind = 'birth' AND state = 'done' AND content ? 'mother_pin' ORDER BY file_id LIMIT %(most)s
"""
_PAID = f"""
SELECT i.value FROM (
    SELECT person_id FROM payments_attempt WHERE ended IS NULL AND account IS NOT NULL ORDER BY pay_month DESC, order_id LIMIT %(most)s
) AS c {_PIN} ORDER BY 1
"""
_REFERRED = f"""
SELECT i.value FROM (
    SELECT person_id FROM referrals_referral WHERE state = 'issued' AND valid_until >= %(today)s ORDER BY issued_on DESC, person_id LIMIT %(most)s
) AS c {_PIN} ORDER BY 1
"""
_WAS_REFERRED = f"""
SELECT i.value FROM (
    SELECT person_id FROM referrals_referral WHERE state <> 'withdrawn' ORDER BY issued_on DESC, person_id LIMIT %(most)s
) AS c {_PIN} ORDER BY 1
"""
_VISITED = f"""
SELECT i.value FROM (SELECT DISTINCT person_id FROM healthbook_visit ORDER BY person_id LIMIT %(most)s) AS c {_PIN} ORDER BY 1
"""
# Three to name: of each, the first of these that somebody of the nation lives.
_NAMED = (
    (
        (_RETURNED, "người hưởng có khoản chi bị trả lại", "a payee whose payment came back"),
        (_PAID, "người hưởng nhận tiền qua tài khoản", "a payee paid into an account"),
    ),
    ((_MOTHERS, "mẹ vừa sinh, con đã có thẻ BHYT", "a mother whose newborn has a card"),),
    (
        (_REFERRED, "người bệnh có giấy chuyển cơ sở còn hạn", "a patient with a referral that is good"),
        (_WAS_REFERRED, "người bệnh đã được chuyển cơ sở", "a patient who was referred"),
        (_VISITED, "người bệnh có hồ sơ khám trong sổ sức khỏe", "a patient with visits in the health book"),
    ),
)


@dataclass(frozen=True)
class NamedCitizen:
    """Somebody invented to sign in as, and what there is to see."""

    number: str
    name: str
    vi: str
    en: str


def citizens_sign_in(folder: Path, seed: int) -> str:
    """Let some citizens sign in, most through the app, and return what came of it in words; refuses when none was let in."""
    readers = eid_app.citizens(folder / "register" / "person.parquet", SIGN_INS_MAX, seed)
    here = settings()
    visits = sign_in(f"http://{here.screens_host}:{here.screens_port}", readers, through_app=APP_PER_HUNDRED)
    if not visits.let_in:
        raise Refusal(
            f"Không công dân nào đăng nhập được: {dict(visits.turned_away)}",
            f"No citizen could sign in: {dict(visits.turned_away)}",
        )
    away = sum(visits.turned_away.values())
    return f"{counted(visits.let_in)} người vào, {counted(away)} được chỉ cách làm tiếp"


def named_citizens() -> list[NamedCitizen]:
    """Return three people to sign in as: whose payment came back, whose newborn has a card, who holds a referral; fewer where nobody lives that."""
    accounts, named = Accounts(register_store()), dict[str, NamedCitizen]()
    today = legal_day(agency_clock().now())
    given: dict[str, Any] = {"returned": AttemptState.RETURNED.value, "today": today, "most": CANDIDATES_MAX}
    for ways in _NAMED:
        found = (one for query, vi, en in ways for one in _living(accounts, query, given, vi, en))
        one = next((one for one in found if one.number not in named), None)
        if one is not None:
            named[one.number] = one
    return list(named.values())


def _living(accounts: Accounts, query: str, given: dict[str, Any], vi: str, en: str) -> Iterator[NamedCitizen]:
    """Whom a query names, as far as they can sign in at the surer level."""
    for (number,) in rows(query, given):
        account = accounts.find(number)
        if account is not None and account.level > 1:
            yield NamedCitizen(number, account.name, vi, en)


def show_citizens() -> None:
    """Print whom to sign in as, and how."""
    here = settings()
    table = titled_table(
        f"Đăng nhập thử · sign in as (http://{here.screens_host}:{here.screens_port}/sign-in, mã · code {PASSCODE})",
        "Số định danh · number",
        "Họ tên · name",
        "Có gì · what there is to see",
    )
    for one in named_citizens():
        table.add_row(one.number, one.name, f"{one.vi} · {one.en}")
    out.print(table)
