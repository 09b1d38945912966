"""Who reacts to what a room announces. Each batch of announcements, the reactions to it and the subscriber's position are one commit."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from ansinh.access.queries import operator
from ansinh.config.following import follow
from ansinh.foundation.clock import Clock
from ansinh.people.operations import mark_for_verification, record_death, replace_pin
from ansinh.registry.operations import advance_consumer
from ansinh.registry.queries import Announced, announcements_after, consumer_position, record_of

ANNOUNCEMENTS_AT_ONCE = 500
PEOPLE = "people"


def deliver_announcements(*, reason: str, clock: Clock) -> int:
    """Let `people` react to everything the registry announced and it has not read; returns how many announcements that were.

    Reactions look at the record as it is now, so that news that came twice, late or in pairs has one effect.
    """
    delivered = 0
    while True:
        with transaction.atomic():
            waiting = announcements_after(consumer_position(PEOPLE), ANNOUNCEMENTS_AT_ONCE)
            if not waiting:
                return delivered
            follow(_people_react(waiting, reason, clock), reason=reason, clock=clock)
            advance_consumer(
                actor=operator(), reason=reason, clock=clock, name=PEOPLE, announcement_no=waiting[-1].announcement_no
            )
        delivered += len(waiting)


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
