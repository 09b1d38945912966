"""The same mirror, in whatever order, how often and with what left out at first the events come."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansinh.database.sql import number
from ansinh.registry import operations, procedures
from ansinh.registry.exchange import Delivered, Page
from ansinh.registry.record import Record
from tests.registry.registers import Known, SmallRegister, broken, copied, mirrored

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
