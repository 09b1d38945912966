"""The same mirror, in whatever order, how often and with what left out at first the events come."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansinh.config.subscriptions import deliver_announcements
from ansinh.database.sql import number, rows
from ansinh.registry import operations, procedures
from ansinh.registry.exchange import Delivered, Page
from ansinh.registry.record import Record
from tests.registry.registers import Known, SmallRegister, broken, copied, mirrored
from tests.registry.test_reactions import insured_as

KNOWN = Known()
UNTIL = date(2025, 6, 29)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> SmallRegister:
    """A register of 40 persons to whom something happens all the time."""
    return SmallRegister.of(tmp_path_factory.mktemp("crowded"), 40)


@pytest.fixture(scope="module")
def stream(crowded: SmallRegister) -> tuple[SmallRegister, tuple[Delivered, ...], dict[str, Record]]:
    """A copy of the register that has told nothing; its events, as delivered; and what they make of its people."""
    before = crowded.copy_to(crowded.store.parent / "before")
    # The register's files say that some of them die on the days to be lived.
    crowded.write(
        "INSERT INTO undead SELECT pin, date('2025-06-01', (rowid % 25) || ' days') FROM person WHERE rowid % 8 = 0"
    )
    crowded.live(UNTIL, intensity=700)
    with crowded.exchange() as source:
        events = source.events_after(0, 1_000).events
    return before, events, crowded.people()


@pytest.fixture
def mirror(db: None, stream: tuple[SmallRegister, tuple[Delivered, ...], object]) -> None:
    """The mirror before any event."""
    copied(stream[0], KNOWN)


def _page(events: list[Delivered]) -> Page:
    return Page(tuple(events), 0, 0, "0" * 64)


def _deliver(events: list[Delivered]) -> None:
    operations.receive(
        actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, page=_page(events), channel="notified"
    )


class _Over(Exception):
    """Ends an example and takes back what it did."""


@pytest.mark.usefixtures("mirror")
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.data())
def test_any_order_of_the_events_gives_the_same_mirror(
    chosen: st.DataObject, stream: tuple[SmallRegister, tuple[Delivered, ...], dict[str, Record]]
) -> None:
    _, events, people = stream
    assert len(events) > 60
    order = chosen.draw(st.permutations(range(len(events))))
    repeated = chosen.draw(st.lists(st.sampled_from(range(len(events))), max_size=30))
    dropped = chosen.draw(st.sets(st.sampled_from(range(len(events))), max_size=20))
    cuts = sorted(chosen.draw(st.sets(st.integers(0, len(order) + len(repeated)), max_size=4)))
    first = [events[place] for place in [*order, *repeated] if place not in dropped]
    pages = [first[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    try:
        with transaction.atomic():
            for page in [*pages, [events[place] for place in dropped]]:
                _deliver(page)
                procedures.apply_due(actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock)
            assert mirrored() == people
            assert number("SELECT count(*) FROM registry_announcement") == len(events)
            assert not broken()
            raise _Over
    except _Over:
        pass


def _people_now() -> dict[str, list[tuple[Any, ...]]]:
    """Return all that the register's news does to people: numbers, deaths, verdicts, and who is to be compared again."""
    return {
        "numbers": rows("SELECT person_id, value FROM people_identifier WHERE valid_until IS NULL ORDER BY 1, 2"),
        "former": rows(
            "SELECT DISTINCT person_id, value FROM people_identifier WHERE valid_until IS NOT NULL ORDER BY 1, 2"
        ),
        "deaths": rows("SELECT person_id, died_on FROM people_person WHERE died_on IS NOT NULL ORDER BY 1"),
        "verdicts": rows(
            "SELECT person_id, verdict, register_pin FROM people_verdict WHERE superseded_at IS NULL ORDER BY 1"
        ),
        "due": rows("SELECT person_id FROM people_due ORDER BY 1"),
    }


def _react(pages: list[list[Delivered]]) -> dict[str, list[tuple[Any, ...]]]:
    """Deliver the pages, let people react after each, return what that made of them, and take it all back."""
    try:
        with transaction.atomic():
            for page in pages:
                _deliver(page)
                procedures.apply_due(actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock)
                deliver_announcements(reason=KNOWN.reason, clock=KNOWN.clock)
            found = _people_now()
            raise _Over
    except _Over:
        return found


@pytest.fixture
def insured(mirror: None, stream: tuple[SmallRegister, tuple[Delivered, ...], object]) -> None:
    """An insured record for everybody the register had before its first event, verified as them."""
    for person_id, pin in enumerate(sorted(stream[0].people()), 1):
        insured_as(person_id, pin)


@pytest.mark.usefixtures("insured")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.data())
def test_any_order_of_the_events_does_the_same_to_people(
    chosen: st.DataObject, stream: tuple[SmallRegister, tuple[Delivered, ...], dict[str, Record]]
) -> None:
    _, events, _ = stream
    in_order = _react([list(events)])
    assert in_order["deaths"]
    assert in_order["former"]
    order = chosen.draw(st.permutations(range(len(events))))
    repeated = chosen.draw(st.lists(st.sampled_from(range(len(events))), max_size=30))
    cuts = sorted(chosen.draw(st.sets(st.integers(0, len(order) + len(repeated)), max_size=4)))
    told = [events[place] for place in [*order, *repeated]]
    assert _react([told[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]) == in_order
