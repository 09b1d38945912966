"""Which room decides which service: hand on, hear, supplement, withdraw."""

from __future__ import annotations

from collections.abc import Callable

from ansinh.services.offices import benefits, books, cards, payments
from ansinh.services.offices.outcomes import Said, Word
from ansinh.services.rows import Application
from ansinh.services.states import Office

_FORWARD: dict[Office, Callable[[Application, Said], Word]] = {
    Office.BENEFITS: benefits.forward,
    Office.CARDS: cards.forward,
    Office.PAYMENTS: payments.forward,
    Office.BOOKS: books.forward,
}
_HEARD: dict[Office, Callable[[Application], Word]] = {
    Office.BENEFITS: benefits.heard,
    Office.CARDS: cards.heard,
    Office.PAYMENTS: payments.heard,
    Office.BOOKS: books.heard,
}


def handed_on(one: Application, said: Said) -> Word:
    """Hand an application to the room that decides it."""
    return _FORWARD[one.told.office](one, said)


def heard_of(one: Application) -> Word:
    """Return what became of it there."""
    return _HEARD[one.told.office](one)


def carried_over(one: Application, said: Said) -> None:
    """Hand what happened to an application since on to the room that has it."""
    if one.told.office is Office.BENEFITS and one.forwarded_to:
        benefits.carry_over(one, said)
