"""What payments is wired to: the room above that says what is owed, and the partners through which it is paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx

from ansinh.access.keys import published_keys, signing_keys
from ansinh.access.queries import operator
from ansinh.database.folder import data_folder
from ansinh.database.sql import row, rows
from ansinh.database.urls import secrets_folder
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.settings import Settings
from ansinh.holders.adapters.names_over_http import NamesOverHttp
from ansinh.payments.adapters.bank_over_http import BANK_KEYS, OUR_KEYS, BankKeys, BankOverHttp
from ansinh.payments.adapters.drop_folder import DropFolder
from ansinh.payments.adapters.iso20022 import AnswerReader, CreditTransferWriter, Payer
from ansinh.payments.operations import Abilities
from ansinh.payments.procedures import Desk, Partner, list_forms

# What the room of benefits froze: a month's own, found by its partition, and what was frozen with it of other months, found by its index. Besides, what nobody
# had collected for months and was claimed since.
_OWED = """
SELECT person_id, entitlement_id, component, month, correction, amount, kind, province, commune, urban FROM benefits_owed_v1
WHERE month = ANY(ARRAY[{months}]) AND frozen_in = month
UNION ALL
SELECT person_id, entitlement_id, component, month, correction, amount, kind, province, commune, urban FROM benefits_owed_v1
WHERE frozen_in = ANY(ARRAY[{months}]) AND frozen_in <> month
UNION ALL
SELECT person_id, entitlement_id, component, month, correction, amount, kind, province, commune, urban FROM reckoning_owed_v1
WHERE frozen_in = ANY(ARRAY[{months}])
"""
_PARTNERS = "SELECT DISTINCT partner FROM payments_batch WHERE state NOT IN ('new', 'sealed', 'cancelled') ORDER BY 1"
_HAS = "SELECT 1 FROM payments_message WHERE partner = %s AND direction = 'in' AND sha256 = %s"

_NEW_ACCOUNTS = """
SELECT DISTINCT a.partner, a.account FROM payments_attempt a JOIN payments_run r ON r.run_id = a.run_id AND r.pay_month = a.pay_month
JOIN payments_account k ON k.person_id = a.person_id AND k.bank = a.partner AND k.account = a.account
WHERE a.run_id = %s AND a.channel = 'account' AND a.ended IS NULL AND (k.source IS NULL OR %s) ORDER BY 1, 2
"""
_FILED = "SELECT DISTINCT bank, account FROM payments_account WHERE person_id = %s AND stopped_at IS NULL ORDER BY 1, 2"

# What the contracts with banks over HTTP say (`contracts/banks/README.md`).
_CONTRACT = Abilities(can_ask=True, refuses_duplicates=True, lateness_max=timedelta(minutes=30))
_PAYER = "Bảo hiểm xã hội Việt Nam"


def owed_in(months: tuple[int, ...]) -> str:
    """Return, as a SELECT, what is owed by the freezes of these months."""
    return _OWED.format(months=", ".join(str(int(month)) for month in months))


def partners_folder(settings: Settings) -> Path:
    """Return the folder below which each partner that takes files has its own."""
    return data_folder(settings) / "partners"


@contextmanager
def payment_desk(settings: Settings, clock: Clock, reason: str, actor: Actor | None = None) -> Iterator[Desk]:
    """Somebody at work on payments, the operator if nobody else, with every partner that has something to carry, until the block ends."""
    with httpx.Client(trust_env=False) as line:
        partners = {name: _partner(name, settings, line) for (name,) in rows(_PARTNERS)}
        yield Desk(actor or operator(), reason, clock, secrets_folder(settings), partners)


def _partner(name: str, settings: Settings, line: httpx.Client) -> Partner:
    """A bank (BIN) over HTTP where there is an address; otherwise, like the post of a province, a pair of folders."""
    if settings.banks_url is None or not name.isdigit():
        return Partner(DropFolder(name, partners_folder(settings), ".csv"), *list_forms())
    secrets = secrets_folder(settings)
    keys = BankKeys(signing_keys(secrets, OUR_KEYS).signing, partial(published_keys, secrets, BANK_KEYS))
    bank = BankOverHttp(name, settings.banks_url, _CONTRACT, keys, line, _taken_from(name))
    return Partner(bank, *bank_forms(name))


@contextmanager
def name_provider(settings: Settings) -> Iterator[Callable[[str], NamesOverHttp | None]]:
    """What tells whose an account at a bank (BIN) is, where banks have an address, until the block ends."""
    with httpx.Client(trust_env=False) as line:
        url = settings.banks_url
        yield lambda bank: NamesOverHttp(bank, url, line) if url else None


def accounts_to_ask(run_id: int, *, everybody: bool = False) -> list[tuple[str, str]]:
    """Return the accounts (BIN, number) a run pays into that were filed with us; with `everybody` also those the former system had paid for years."""
    return [(str(bank), str(account)) for bank, account in rows(_NEW_ACCOUNTS, [run_id, everybody])]


def accounts_filed_by(person_id: int) -> list[tuple[str, str]]:
    """Return a person's accounts (BIN, number) that are not stopped, confirmed or not."""
    return [(str(bank), str(account)) for bank, account in rows(_FILED, [person_id])]


def bank_forms(bank: str) -> tuple[CreditTransferWriter, AnswerReader]:
    """Return the forms of messages and answers between us and a bank (BIN): ISO 20022."""
    return CreditTransferWriter(Payer(_PAYER, account_at(bank), bank)), AnswerReader()


def _taken_from(partner: str) -> Callable[[bytes], bool]:
    return lambda digest: row(_HAS, [partner, digest]) is not None


def account_at(bank: str) -> str:
    """Return the agency's own account at a bank."""
    return f"{bank}0000001"
