"""What an officer sees while a page is made for them: rows about people of their provinces, whatever the page asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from ansinh.database.sql import sight_of
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import Refusal


@contextmanager
def as_officer(actor: Actor, permission: str | None = None) -> Iterator[None]:
    """Run a block, in one transaction, with the sight of an officer: that of one permission, or of all they hold together.

    An officer of the whole country sees all rows. One of provinces reads what is about people who live there, and writes nothing directly: acts are
    operations, which lift the limit for themselves and ask about the province themselves. A page is finished inside the block (rendered, never streamed).
    A refusal passes through and is no reason to roll back: its line in the audit stays.
    """
    refused: Refusal | None = None
    with transaction.atomic(), sight_of(actor.provinces(permission)):
        try:
            yield
        except Refusal as refusal:
            refused = refusal
    if refused is not None:
        raise refused
