"""Who acts on the command line, and by which clock."""

from __future__ import annotations

from ansinh.access.queries import actor_of_officer, operator
from ansinh.foundation.actor import Actor

_as_officer: str | None = None


def act_as(officer_no: str | None) -> None:
    """Remember the officer named with `--as` for the rest of this process."""
    global _as_officer  # noqa: PLW0603  # one command line, one actor
    _as_officer = officer_no


def actor() -> Actor:
    """Return the officer named with `--as`, or the operator, who may run batch work but decides nothing about money or identity.

    Raises NotFound when there is no such officer.
    """
    return actor_of_officer(_as_officer) if _as_officer else operator()
