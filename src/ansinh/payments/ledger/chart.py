"""The chart of accounts as a table: which account a flow of money leaves and which it enters, and which fund owes which benefit.

An entry moves an amount between two accounts: plus on the one it leaves, minus on the one it enters, so that its lines sum to zero.
"""

from __future__ import annotations

from enum import IntEnum


class Entry(IntEnum):
    """The kinds of entry; each happens at most once to an attempt (claim and release: to an order)."""

    CLAIM = 1
    PAID = 2
    RETURNED = 3
    REISSUE = 4
    HANDED = 5
    UNCOLLECTED = 6
    RELEASE = 7
    RECOVERY = 8
    RECOVERED = 9
    FORFEIT = 10


class Account(IntEnum):
    """Accounts that are one each. Banks and provinces have theirs above: `bank_account`, `cash_account`."""

    PENSION_FUND = 101
    ACCIDENT_FUND = 102
    UNEMPLOYMENT_FUND = 103
    STATE_BUDGET = 104
    CLEARING = 200
    RETURNED = 210
    RECOVERY = 220
    UNCLAIMED = 230
    PAID_IN_CASH = 240


BANKS_FROM = 1_000_000
CASH_FROM = 300_000

# Which fund owes a kind of benefit (Law on Social Insurance 41/2024/QH15; Law on Employment 38/2013/QH13). Those granted before
# 1995, cadres' allowances and social pensions are the State budget's.
FUND_OF_KIND: dict[str, Account] = {
    "pension": Account.PENSION_FUND,
    "survivor": Account.PENSION_FUND,
    "one_off_withdrawal": Account.PENSION_FUND,
    "retirement_extra": Account.PENSION_FUND,
    "funeral": Account.PENSION_FUND,
    "survivor_one_off": Account.PENSION_FUND,
    "bridge": Account.STATE_BUDGET,
    "social_pension": Account.STATE_BUDGET,
    "capacity_loss": Account.STATE_BUDGET,
    "cadre": Account.STATE_BUDGET,
    "work_injury": Account.ACCIDENT_FUND,
    "unemployment": Account.UNEMPLOYMENT_FUND,
}

# The fund's account as SQL over a column `kind`.
FUND_SQL = (
    "CASE kind "
    + " ".join(f"WHEN '{kind}' THEN {int(fund)}" for kind, fund in FUND_OF_KIND.items() if fund != Account.PENSION_FUND)
    + f" ELSE {int(Account.PENSION_FUND)} END"
)

# The account a channel's money leaves us through, as SQL over columns `channel` and `partner`: a bank's settlement account, or the cash at a province's post.
PARTNER_SQL = f"CASE channel WHEN 'account' THEN {BANKS_FROM} + partner::integer ELSE {CASH_FROM} + substr(partner, 2)::integer END"


def bank_account(bank: str) -> int:
    """Return the settlement account at the bank with this BIN."""
    return BANKS_FROM + int(bank)


def cash_account(province: str) -> int:
    """Return the account of cash handed to the post of a province."""
    return CASH_FROM + int(province)


def named(account: int) -> str:
    """Return what an account is called in lists: `bank:970405`, `cash:01`, `clearing`."""
    if account >= BANKS_FROM:
        return f"bank:{account - BANKS_FROM:06d}"
    if account >= CASH_FROM:
        return f"cash:{account - CASH_FROM:02d}"
    return Account(account).name.lower()
