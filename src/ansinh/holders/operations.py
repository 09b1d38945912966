"""What may be done about holders: keep what a bank said."""

from __future__ import annotations

from collections.abc import Mapping

from ansinh.audit.operation import note, operation
from ansinh.database.sql import driver
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.holders.asking import NAME_LENGTH_MAX, Told
from ansinh.holders.states import HolderState

_COPY = "COPY holders_holderanswer (bank, account, asked_at, state, name) FROM STDIN"


@operation(permission="holders.ask")
def keep_answers(*, actor: Actor, reason: str, clock: Clock, bank: str, answers: Mapping[str, Told]) -> dict[str, int]:
    """Keep a bank's (BIN) answers about accounts with the moment they were given; returns how many of each state.

    An open account without a holder's name was not answered: it is kept as busy.
    """
    now = clock.now()
    found = dict.fromkeys(map(str, HolderState), 0)
    with driver().cursor() as cursor, cursor.copy(_COPY) as copy:
        for account, told in answers.items():
            name = " ".join((told.name or "").replace("\x00", "").split())[:NAME_LENGTH_MAX]
            state = HolderState.BUSY if told.state is HolderState.OPEN and not name else told.state
            copy.write_row((bank, account, now, state.value, name if state is HolderState.OPEN else None))
            found[state.value] += 1
    note(bank=bank, **found)
    return found
