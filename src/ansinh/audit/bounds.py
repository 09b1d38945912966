"""Where an operation may be done, and what for: an officer bound to provinces acts on people who live there, and on nobody else.

What an argument of an operation is about is told by the room that knows (`subjects`): SQL that answers with the provinces concerned. An operation that can
name nobody is not for officers bound to provinces, unless it stands among those that are about nobody yet.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from ansinh.audit.subjects import ABOUT_NOBODY, SUBJECTS, WHOLES
from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import OutsideProvinces, Refusal
from ansinh.foundation.purpose import Purpose


class NotForThis(Refusal):
    """The actor's roles do not read about people for this purpose."""

    code = "not_for_this"

    def __init__(self, permission: str, purpose: Purpose) -> None:
        super().__init__(
            f"Vai trò của bạn không được xem hồ sơ với mục đích “{purpose.vi}”. Chọn mục đích thuộc việc của bạn.",
            f"Your roles do not read about people for the purpose “{purpose.code}”. Choose one of your work.",
            permission=permission,
            purpose=purpose.code,
        )


def require_purpose(actor: Actor, permission: str, purpose: Purpose) -> None:
    """Refuse (`not_for_this`) a purpose the actor's roles do not serve."""
    if not actor.may_for(permission, purpose):
        raise NotForThis(permission, purpose)


def require_within(actor: Actor, permission: str, argument: str, value: object, room: str) -> None:
    """Refuse (`outside_provinces`) what an argument names outside the provinces the actor holds the permission in; nobody known is nobody's province."""
    provinces = actor.provinces(permission)
    if provinces is None:
        return
    query = SUBJECTS.get((room, argument)) or SUBJECTS["", argument]
    concerned = {province for (province,) in rows(query, [value])}
    if not concerned or not concerned <= provinces:
        raise OutsideProvinces(permission, provinces)


def require_all_within(actor: Actor, permission: str, operation: str, arguments: Mapping[str, object]) -> None:
    """Refuse (`outside_provinces`) an act of an officer bound to provinces when anybody it names lives elsewhere, or when it names nobody."""
    provinces = actor.provinces(permission)
    if provinces is None or operation in ABOUT_NOBODY:
        return
    room = operation.partition(".")[0]
    named = [(name, value) for name, value in _named(arguments) if subject_of(room, name)]
    if any((room, name) not in WHOLES for name, _ in named):
        named = [(name, value) for name, value in named if (room, name) not in WHOLES]
    if not named:
        raise OutsideProvinces(permission, provinces)
    for name, value in named:
        require_within(actor, permission, name, value, room)


def subject_of(room: str, argument: str) -> str | None:
    """Return the SQL that says whose province an argument of a room's operations is about; None when it names nobody."""
    return SUBJECTS.get((room, argument)) or SUBJECTS.get(("", argument))


def _named(arguments: Mapping[str, object]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in arguments.items():
        if dataclasses.is_dataclass(value) and not isinstance(value, type | Actor):
            found += [(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)]
        elif value is not None:
            found.append((name, value))
    return found
