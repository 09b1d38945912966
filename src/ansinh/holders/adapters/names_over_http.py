"""A bank asked over HTTP whose accounts are (`contracts/banks/README.md`): numbers in the body, never in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import httpx
import msgspec

from ansinh.foundation.errors import PartnerTrouble
from ansinh.holders.asking import NAME_LENGTH_MAX, Told
from ansinh.holders.states import HolderState

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
ANSWER_BYTES_MAX = 4 << 20
_STATES = {one.value: one for one in HolderState}


class _Name(msgspec.Struct, frozen=True):
    state: str
    name: str = ""


class _Names(msgspec.Struct, frozen=True):
    names: dict[str, _Name]


class NamesOverHttp:
    """One bank at an address."""

    def __init__(self, bank: str, url: str, line: httpx.Client) -> None:
        self._bank = bank
        self._address = f"{url.rstrip('/')}/banks/{bank}/names"
        self._line = line

    def names(self, accounts: Sequence[str]) -> Mapping[str, Told]:
        """Ask about accounts; a state nobody agreed on is no answer. Raises PartnerTrouble when there is none that can be read."""
        try:
            answer = self._line.post(self._address, json={"accounts": list(accounts)}, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            raise PartnerTrouble(self._bank, type(error).__name__, temporary=True) from None
        if answer.status_code != 200 or len(answer.content) > ANSWER_BYTES_MAX:
            raise PartnerTrouble(self._bank, f"HTTP {answer.status_code}", temporary=True)
        try:
            found = msgspec.json.decode(answer.content, type=_Names).names
        except msgspec.MsgspecError:
            raise PartnerTrouble(self._bank, "an answer that is not the agreed one", temporary=True) from None
        return {
            account: Told(_STATES.get(one.state, HolderState.BUSY), one.name[:NAME_LENGTH_MAX] or None)
            for account, one in found.items()
        }
