"""What asking a bank gives, and the seam behind which each way of asking lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ansinh.holders.states import HolderState

NAME_LENGTH_MAX = 140


@dataclass(frozen=True, slots=True)
class Told:
    """A bank's answer about an account: its state and, where it is open, the holder's name as the bank prints it."""

    state: HolderState
    name: str | None = None


class NameProvider(Protocol):
    """A bank, or a clearing house for it, that tells whose an account is. Raises PartnerTrouble when there is no answer at all."""

    def names(self, accounts: Sequence[str]) -> Mapping[str, Told]:
        """Return the answer about each account; one left out was not answered."""
        ...
