"""Who reacts to what a room announces. Each batch of announcements, the reactions to it and the subscriber's position are one commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from ansinh.access.queries import operator
from ansinh.config.following import follow
from ansinh.foundation.clock import Clock
from ansinh.lifeevents.operations import Move, hear_moves, hear_register
from ansinh.people.operations import mark_for_verification, record_death, replace_pin
from ansinh.registry.operations import advance_consumer
from ansinh.registry.queries import Announced, announcements_after, consumer_position, record_of

ANNOUNCEMENTS_AT_ONCE = 500
PEOPLE, LIFE_EVENTS = "people", "lifeevents"

Reaction = Callable[[Sequence[Announced], str, Clock], None]


def deliver_announcements(*, reason: str, clock: Clock) -> int:
    """Let `people`, then `lifeevents`, react to everything the registry announced and they have not read; returns how many `people` read.

    Reactions look at the record as it is now, so that news that came twice, late or in pairs has one effect.
    """
    delivered = _delivered(PEOPLE, _people_follow, reason, clock)
    _delivered(LIFE_EVENTS, _life_events_react, reason, clock)
    return delivered


def _delivered(name: str, react: Reaction, reason: str, clock: Clock) -> int:
    """Let one subscriber read to the end."""
    delivered = 0
    while True:
        with transaction.atomic():
            waiting = announcements_after(consumer_position(name), ANNOUNCEMENTS_AT_ONCE)
            if not waiting:
                return delivered
            react(waiting, reason, clock)
            advance_consumer(
                actor=operator(), reason=reason, clock=clock, name=name, announcement_no=waiting[-1].announcement_no
            )
        delivered += len(waiting)


def _people_follow(waiting: Sequence[Announced], reason: str, clock: Clock) -> None:
    follow(_people_react(waiting, reason, clock), reason=reason, clock=clock)


def _life_events_react(waiting: Sequence[Announced], reason: str, clock: Clock) -> None:
    """Tell `lifeevents` of deaths the register learned of and of moves to another province, and of those it took back."""
    deaths, moves = [], []
    for told in waiting:
        if "province" in told.changed and (now := record_of(told.pin)) is not None and now.cancelled_on is None:
            event = f"announcement:{told.announcement_no}:move"
            moves.append(Move(told.pin, now.province, now.commune, event, withdrawn=told.fact == "event_withdrawn"))
        record = record_of(told.pin) if "died_on" in told.changed else None
        if record is not None and record.cancelled_on is None:
            deaths.append((told.pin, record.died_on, f"announcement:{told.announcement_no}"))
    if deaths:
        hear_register(actor=operator(), reason=reason, clock=clock, deaths=deaths)
    if moves:
        hear_moves(actor=operator(), reason=reason, clock=clock, moves=moves)


def _people_react(waiting: Sequence[Announced], reason: str, clock: Clock) -> list[int]:
    """Let numbers that were replaced or cancelled, and deaths, have their effect, and mark everybody named to be compared again; returns who changed."""
    actor = operator()
    changed: list[int | None] = []
    for told in waiting:
        record = record_of(told.pin)
        if record is None:
            continue
        if record.cancelled_on is not None:
            changed.append(
                replace_pin(
                    actor=actor,
                    reason=reason,
                    clock=clock,
                    old=told.pin,
                    new=record.replaced_by,
                    on=record.cancelled_on,
                )
            )
        elif record.replaces is not None and told.fact == "pin_replaced":
            changed.append(
                replace_pin(
                    actor=actor, reason=reason, clock=clock, old=record.replaces, new=told.pin, on=told.happened_on
                )
            )
        if "died_on" in told.changed or (record.died_on is not None and "*" in told.changed):
            changed.append(record_death(actor=actor, reason=reason, clock=clock, pin=told.pin, on=record.died_on))
    pins = sorted({told.pin for told in waiting} | {told.other_pin for told in waiting if told.other_pin is not None})
    mark_for_verification(actor=actor, reason=reason, clock=clock, because="the register changed the record", pins=pins)
    return sorted({person for person in changed if person is not None})
