"""Where a payee is paid: filed, confirmed by a one-time code, stopped; and the accounts the former system knew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, look_again_at, number, row
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal
from ansinh.notices.operations import Notice, send_message
from ansinh.payments.accounts.codes import CODE_LIVES, MISSES_MAX, digest_of, new_code, same
from ansinh.payments.accounts.effective import effective_month
from ansinh.payments.accounts.loading import load
from ansinh.payments.accounts.names import folded

_ACCOUNT = re.compile(r"[0-9A-Za-z]{4,34}")
_RELATIONS = ("own", "guardian", "proxy")


class NotConfirmed(Refusal):
    """The one-time code is wrong, too old, or was missed too often."""

    code = "not_confirmed"


class NameDiffers(Refusal):
    """The holder the bank knows is not the payee."""

    code = "name_differs"


@dataclass(frozen=True)
class NewAccount:
    """An account as filed: the bank's BIN, the account, its holder as the bank prints them, and whose it is (own, guardian, proxy)."""

    bank: str
    account: str
    holder: str
    relation: str = "own"


@operation(permission="payments.keep_account")
def file_account(*, actor: Actor, reason: str, clock: Clock, person_id: int, account: NewAccount) -> int:
    """Take a payee's new account in, send them a one-time code, and return its number; it is paid to only once it is confirmed.

    Filed before the 20th it is in force from the next month, later from the month after. Refuses `not_found`, `invalid_input` (an unknown bank, an account or
    holder that has not the form), and `name_differs` an account said to be their own whose holder is somebody else.
    """
    now = clock.now()
    found = row("SELECT full_name FROM people_person WHERE person_id = %s", [person_id])
    if found is None or _anothers(actor, person_id):
        raise NotFound("Không có hồ sơ người hưởng này.", "There is no such person.", person=person_id)
    _require_form(account)
    if account.relation == "own" and folded(account.holder) != folded(str(found[0])):
        raise NameDiffers(
            "Tên chủ tài khoản khác tên người hưởng. Tài khoản chính chủ phải cùng tên; nếu là người giám hộ hoặc ủy quyền, hãy chọn đúng quan hệ.",
            "The holder's name is not the payee's. Their own account bears their name; for a guardian or proxy say so.",
            person=person_id,
        )
    account_id, code = number("SELECT nextval('payments_account_number')"), new_code()
    execute(
        "INSERT INTO payments_account (person_id, account_id, bank, account, holder, checked_name, relation, from_month, filed_at, filed_by,"
        " code_digest, code_until) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            person_id,
            account_id,
            account.bank,
            account.account,
            account.holder.strip(),
            found[0] if account.relation == "own" else None,
            account.relation,
            effective_month(now),
            now,
            actor.named(),
            digest_of(account_id, code),
            now + CODE_LIVES,
        ],
    )
    notice = Notice(person_id, "account_code", {"code": code}, f"payments.account:{account_id}", legal_day(now))
    send_message(actor=actor, reason=reason, clock=clock, notice=notice)
    note(person_id=person_id, account_id=account_id)
    return account_id


@operation(permission="payments.keep_account")
def confirm_account(*, actor: Actor, reason: str, clock: Clock, person_id: int, account_id: int, code: str) -> bool:
    """Confirm an account with the code its payee was sent; the former one ends with the month it is in force from. Returns whether it is confirmed.

    False when the code is wrong; then the miss is counted. Refuses `not_found`, and `not_confirmed` a code that is too old or was missed too often: file again.
    """
    now = clock.now()
    execute("SELECT pg_advisory_xact_lock(hashtext('payments.account'), (%s %% 2147483647)::integer)", [person_id])
    found = row(
        "SELECT code_digest, code_until, code_misses, confirmed_at, from_month FROM payments_account WHERE person_id = %s AND account_id = %s FOR UPDATE",
        [person_id, account_id],
    )
    if found is None or (found[0] is None and found[3] is None) or _anothers(actor, person_id):
        raise NotFound(
            "Không có tài khoản chờ xác nhận.", "There is no such account to confirm.", account_id=account_id
        )
    kept, until, misses, confirmed_at, from_month = found
    if confirmed_at is not None:
        return True
    if now >= until or misses >= MISSES_MAX:
        raise NotConfirmed(
            "Mã xác nhận đã hết hạn hoặc nhập sai quá nhiều lần; hãy khai lại tài khoản để nhận mã mới.",
            "The code is too old or was missed too often; file the account again for a new one.",
            account_id=account_id,
        )
    note(person_id=person_id, account_id=account_id)
    where = [person_id, account_id]
    if not same(bytes(kept), account_id, code):
        execute(
            "UPDATE payments_account SET code_misses = code_misses + 1 WHERE person_id = %s AND account_id = %s", where
        )
        return False
    execute(
        "UPDATE payments_account SET until_month = greatest(from_month, %s) WHERE person_id = %s AND account_id <> %s AND confirmed_at IS NOT NULL"
        " AND stopped_at IS NULL AND until_month IS NULL",
        [from_month, *where],
    )
    execute(
        "UPDATE payments_account SET confirmed_at = %s, code_digest = NULL, code_until = NULL WHERE person_id = %s AND account_id = %s",
        [now, *where],
    )
    return True


@operation(permission="payments.stop_account")
def stop_account(*, actor: Actor, reason: str, clock: Clock, person_id: int, because: str) -> int:
    """Pay a person's accounts no more (blocked, holder dead, asked for cash) from the next build on; returns how many were stopped."""
    if not because.strip():
        raise InvalidInput("Cần nêu lý do ngừng tài khoản.", "Say why the account is stopped.", field="because")
    stopped = execute(
        "UPDATE payments_account SET stopped_at = %s, stop_reason = %s WHERE person_id = %s AND stopped_at IS NULL",
        [clock.now(), because.strip()[:140], person_id],
    )
    note(person_id=person_id, stopped=stopped)
    return stopped


@operation(permission="payments.load_accounts")
def load_accounts(*, actor: Actor, reason: str, clock: Clock, source: str, file: Path, persons_before: int) -> int:
    """Take in the accounts of the former system's payees (people numbered from `persons_before` + 1) and return how many there are.

    A file taken in before (same `source`) changes nothing.
    """
    execute("SELECT pg_advisory_xact_lock(hashtext('payments.load'))")
    known = row("SELECT row_count FROM payments_load WHERE source = %s", [source])
    if known:
        note(already_loaded=1)
        return int(known[0])
    made = load(file, persons_before, source, actor.named(), clock.now())
    execute("INSERT INTO payments_load (source, row_count) VALUES (%s, %s)", [source, made])
    look_again_at("payments_account")
    note(accounts=made)
    return made


def _anothers(actor: Actor, person_id: int) -> bool:
    """A person names an account for themselves, or for whom they may act for: then it is done in that person's right."""
    return actor.kind is ActorKind.PERSON and actor.reference != str(person_id)


def _require_form(account: NewAccount) -> None:
    if not _ACCOUNT.fullmatch(account.account):
        raise InvalidInput(
            "Số tài khoản gồm 4 đến 34 chữ số hoặc chữ cái, không dấu cách.",
            "An account is 4 to 34 digits or letters, without spaces.",
            field="account",
        )
    holder = account.holder.strip()
    if not (0 < len(holder) <= 140 and holder.isprintable()):
        raise InvalidInput(
            "Tên chủ tài khoản phải có, không quá 140 ký tự.",
            "The holder's name is needed, at most 140 characters.",
            field="holder",
        )
    if account.relation not in _RELATIONS:
        raise InvalidInput(
            "Quan hệ phải là own, guardian hoặc proxy.", "The relation is own, guardian or proxy.", field="relation"
        )
    if not number("SELECT count(*) FROM places_bank WHERE bin = %s AND closed_on IS NULL", [account.bank]):
        raise InvalidInput("Không có ngân hàng với mã BIN này.", "There is no bank with this BIN.", field="bank")
