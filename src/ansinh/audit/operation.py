"""What makes a function an operation: permission, transaction and audit line cannot be left out.

An operation takes only keywords, `actor` and `reason` first, and declares the permission it asks for. One that does not is refused when its room is
loaded. The audit line is written in the operation's own transaction, so that there is never one without the other; a refused attempt leaves a line of its own.
Of what somebody does for another person, the line names who did it, and its facts for whom (`for_person`).

One that reads about a person declares what it `reads`, and says inside whom it read and for what (`note_read`). One that forgets shows nothing; all others
stand in the person's own list of who looked (`queries.looks_at`).
"""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import transaction

from ansinh.audit.bounds import require_all_within, require_purpose, require_within
from ansinh.database.sql import execute, sight_of
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import InvalidInput, NotPermitted, Refusal
from ansinh.foundation.purpose import Purpose

P = ParamSpec("P")
R = TypeVar("R")

REASON_LENGTH_MAX = 500

_facts: ContextVar[dict[str, str | int] | None] = ContextVar("operation_facts", default=None)
_acting: ContextVar[tuple[Actor, str] | None] = ContextVar("operation_acting", default=None)
_declared: dict[str, str] = {}
_readings: dict[str, str] = {}


def declared_operations() -> dict[str, str]:
    """Return every operation loaded so far, as `room.name` → permission."""
    return dict(_declared)


def declared_readings() -> dict[str, str]:
    """Return every operation loaded so far that reads about a person, as `room.name` → what it reads."""
    return dict(_readings)


def note(**facts: str | int) -> None:
    """Add facts to the audit line of the running operation: counts and record numbers, never names or personal numbers."""
    running = _facts.get()
    if running is None:
        raise RuntimeError("note() belongs inside an operation")
    running.update(facts)


def note_read(person_id: int, purpose: Purpose) -> None:
    """Say whom the running operation reads about, and what for, so that this person sees it among who looked. Before anything is read is best.

    Refuses a purpose the actor's roles do not serve (`not_for_this`), and a person of another province than theirs (`outside_provinces`).
    """
    note(person=person_id, purpose=purpose.code)
    actor, permission = _acting.get() or (None, "")
    if actor is not None:
        require_purpose(actor, permission, purpose)
        require_within(actor, permission, "person_id", person_id, "")


def operation(*, permission: str, reads: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a room's operation and the permission it asks for; raises TypeError at load when the function is not shaped like one.

    `reads`: what of a person it shows, in a few words, such as “contribution book”. It must then `note_read`, or it raises RuntimeError and shows nothing.
    """

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        name = _checked_name(function, permission)
        if reads:
            _readings[name] = reads

        @functools.wraps(function)
        def perform(*args: P.args, **kwargs: P.kwargs) -> R:
            actor, reason = kwargs.get("actor"), kwargs.get("reason")
            if not isinstance(actor, Actor):
                raise TypeError(f"{name} needs actor=, an Actor")
            if not isinstance(reason, str) or not 0 < len(reason.strip()) <= REASON_LENGTH_MAX:
                raise InvalidInput(
                    f"Cần nêu lý do, không quá {REASON_LENGTH_MAX} ký tự.",
                    f"A reason is needed, of at most {REASON_LENGTH_MAX} characters.",
                    field="reason",
                )
            if not actor.may(permission):
                _write(name, actor, reason, "not_permitted", {"permission": permission})
                raise NotPermitted(permission)
            facts: dict[str, str | int] = {"read": reads} if reads else {}
            token, acting = _facts.set(facts), _acting.set((actor, permission))
            try:
                # What an officer's page may see, it may see by itself; what is done here is asked about here.
                with transaction.atomic(), sight_of(None):
                    require_all_within(actor, permission, name, kwargs)
                    result = function(*args, **kwargs)
                    if reads and not {"person", "purpose"} <= facts.keys():
                        raise RuntimeError(f"{name} reads about a person and does not say whom: call note_read()")
                    _write(name, actor, reason, "done", facts)
                    return result
            except Refusal as refusal:
                _write(name, actor, reason, refusal.code, {**facts, **refusal.facts})
                raise
            finally:
                _facts.reset(token)
                _acting.reset(acting)

        perform.__operation__ = name  # type: ignore[attr-defined]  # read by the test that walks all rooms
        _declared[name] = permission
        return perform

    return declare


def _checked_name(function: Callable[..., object], permission: str) -> str:
    room = function.__module__.split(".")[1]
    name = f"{room}.{function.__name__}"
    parameters = list(inspect.signature(function).parameters.values())
    if [p.name for p in parameters[:2]] != ["actor", "reason"] or any(p.kind is not p.KEYWORD_ONLY for p in parameters):
        raise TypeError(f"{name}: an operation takes only keywords, `actor` and `reason` first")
    if not permission.startswith(f"{room}."):
        raise TypeError(f"{name}: its permission must be one of its own room, such as {room}.{function.__name__}")
    if not (function.__doc__ or "").strip():
        raise TypeError(f"{name}: an operation says what it does, and what it refuses, in a docstring")
    if name in _declared and _declared[name] != permission:
        raise TypeError(f"{name}: declared twice")
    return name


def _write(act: str, actor: Actor, reason: str, outcome: str, facts: dict[str, str | int]) -> None:
    """Insert the line. The database's clock is used on purpose: it says when the act was recorded, whatever day the act was for."""
    told = {**facts, "for_person": actor.reference} if actor.by else facts
    line = [act, actor.kind.value, actor.by or actor.reference, reason, outcome, json.dumps(told, ensure_ascii=False)]
    with sight_of(None):
        execute(
            "INSERT INTO audit_act (act, actor_kind, actor_reference, reason, outcome, facts) VALUES (%s, %s, %s, %s, %s, %s)",
            line,
        )
