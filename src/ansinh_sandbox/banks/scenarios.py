"""What can go wrong at a bank: accounts that call up an outcome, and faults of a bank as a whole, the same for the same seed.

    --faults "970436:lose_answer=0.2,answer_twice;970418:silent_days=3,hole"

An account that begins with 9999 is a scenario; its last four digits say which (`contracts/banks/README.md`). Other accounts fail now and then as real ones do.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum

from ansinh_sandbox.chances import share


class Fate(Enum):
    """What becomes of a payment."""

    CREDITED = "credited"
    REJECTED = "rejected"
    REJECTED_AT_SETTLEMENT = "rejected_at_settlement"
    RETURNED = "returned"
    RETURNED_SHORT = "returned_short"
    RETURNED_NAMELESS = "returned_nameless"
    CREDITED_TWICE = "credited_twice"
    ANSWERED_TWICE = "answered_twice"
    SILENT = "silent"


SCENARIO = "9999"
_FATES: dict[str, tuple[Fate, str]] = {
    "0001": (Fate.REJECTED, "AC01"),
    "0004": (Fate.REJECTED, "AC04"),
    "0006": (Fate.REJECTED, "AC06"),
    "0007": (Fate.REJECTED, "MD07"),
    "0011": (Fate.REJECTED, "BE01"),
    "0012": (Fate.REJECTED, "ZZ12"),
    "0020": (Fate.REJECTED_AT_SETTLEMENT, "AC04"),
    "0030": (Fate.RETURNED, "AC06"),
    "0031": (Fate.RETURNED_SHORT, "AC06"),
    "0032": (Fate.RETURNED_NAMELESS, "AC06"),
    "0040": (Fate.CREDITED_TWICE, ""),
    "0050": (Fate.SILENT, ""),
    "0080": (Fate.ANSWERED_TWICE, ""),
}
RETURN_DAYS = 21
# Ordinary accounts in a hundred thousand that refuse money, by reason: about 400 together (an assumption).
_ORDINARY = (("AC04", 160), ("BE01", 120), ("AC06", 80), ("AC01", 30), ("MD07", 10))
_CREDITED = (Fate.CREDITED, "")


@dataclass(frozen=True)
class Faults:
    """A bank's faults as a whole; all off is an honest bank. Rates are shares of deliveries."""

    lose_request: float = 0.0
    """The connection ends before the bank has read anything."""
    lose_answer: float = 0.0
    """The bank has the message, and the connection ends before it says so."""
    refuse_file: float = 0.0
    """1: whole files are refused in the status report (FF01)."""
    answer_twice: float = 0.0
    """1: each file of answers is laid ready a second time under another name."""
    hole: float = 0.0
    """1: the statement leaves out the day's last entry, so that its balances do not meet."""
    silent_days: float = 0.0
    """Days until the bank says anything about a message."""
    slow: float = 0.0
    """Seconds before each answer."""
    refuses_duplicates: float = 1.0
    """0: the same message again is carried out again, as the contract of an unkind bank may say."""
    cannot_be_asked: float = 0.0
    """1: the bank does not tell whether it has a message."""
    names_busy: float = 0.0
    """Share of questions after names that are answered with busy."""

    def falls(self, fault: str, key: str) -> bool:
        """Tell whether a fault falls on a delivery or question."""
        rate = float(getattr(self, fault))
        return rate > 0 and share(f"{fault}:{key}") < rate


HONEST = Faults()


def faults_from(text: str) -> dict[str, Faults]:
    """Read each bank's faults; raises ValueError for an unknown one."""
    known = {field.name for field in fields(Faults)}
    chosen: dict[str, Faults] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        bank, _, switches = part.partition(":")
        values: dict[str, float] = {}
        for switch in filter(None, (one.strip() for one in switches.split(","))):
            name, _, value = switch.partition("=")
            if name not in known:
                raise ValueError(f"there is no fault “{name}”; known: {', '.join(sorted(known))}")
            values[name] = float(value or 1)
        chosen[bank] = Faults(**values)
    return chosen


def fate(account: str, *, ordinary_refusals: bool) -> tuple[Fate, str]:
    """Return what becomes of a payment to an account, and the reason code if it fails."""
    if account.startswith(SCENARIO):
        return _FATES.get(account[-4:], _CREDITED)
    if not ordinary_refusals:
        return _CREDITED
    drawn = int(share(account) * 100_000)
    for code, part in _ORDINARY:
        if drawn < part:
            return Fate.REJECTED, code
        drawn -= part
    return _CREDITED
