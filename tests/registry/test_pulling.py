"""Reading the feed: whatever a register does to its events, each has its effect once, in order, or is parked with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ansinh.database.sql import number, rows
from ansinh.foundation.errors import Refusal
from ansinh.registry import operations, queries
from ansinh_sandbox.register.faults import HONEST, Faults
from tests.registry.conftest import UNTIL
from tests.registry.registers import (
    Known,
    SmallRegister,
    broken,
    copied,
    in_states,
    mirrored,
    pulled,
    reconciled,
    retried,
)

KNOWN = Known()
EVENTFUL = 30.0


@pytest.fixture
def eventful(db: None, register: SmallRegister) -> SmallRegister:
    """A register that was copied on 1 June and has lived two eventful months since."""
    copied(register, KNOWN)
    register.live(UNTIL, intensity=EVENTFUL)
    return register


def test_pull_before_any_snapshot_is_refused(db: None, register: SmallRegister) -> None:
    with pytest.raises(Refusal, match="never copied"):
        pulled(register, KNOWN)


WHOLE_AT_ONCE = {
    "honest": HONEST,
    "duplicating": Faults(duplicate=0.5),
    "reordering": Faults(reorder=1),
    "gaps": Faults(gap=0.2),
    "all of these": Faults(duplicate=0.5, reorder=1, gap=0.2, seed=3),
}


@pytest.mark.parametrize("faults", WHOLE_AT_ONCE.values(), ids=WHOLE_AT_ONCE)
def test_pull_from_a_careless_register_gives_the_same_mirror(eventful: SmallRegister, faults: Faults) -> None:
    told = len(eventful.told())
    found = pulled(eventful, KNOWN, faults)
    assert (found.received, found.settled, found.waiting, found.parked) == (told, told, 0, 0)
    assert mirrored() == eventful.people()
    assert number("SELECT count(*) FROM registry_announcement") == told
    assert not broken()
    again = pulled(eventful, KNOWN, faults)
    assert (again.received, again.settled) == (0, 0)
    assert mirrored() == eventful.people()


def test_pull_asks_again_for_what_was_jumped_over_and_closes_the_gap(eventful: SmallRegister) -> None:
    pulled(eventful, KNOWN, Faults(gap=0.2))
    assert number("SELECT count(*) FROM registry_gap WHERE closed_at IS NULL") == 0
    assert number("SELECT count(*) FROM registry_gap") > 5
    feed = queries.feed_position()
    assert feed is not None
    assert feed.whole_until == feed.head == len(eventful.told())


def test_pull_parks_poison_with_its_reason_and_nobody_else_waits(eventful: SmallRegister) -> None:
    faults = Faults(poison=0.3)
    told = len(eventful.told())
    spoilt = sum(faults.falls("poison", feed_no) for feed_no in range(1, told + 1))
    found = pulled(eventful, KNOWN, faults)
    assert found.parked == spoilt > 10
    reasons = {reason for (reason,) in rows("SELECT DISTINCT reason FROM registry_event WHERE state = 'parked'")}
    assert reasons == {"signature", "unreadable", "other_person", "impossible_day"}
    assert sum(in_states().values()) == told
    assert found.settled + found.parked + found.waiting == told
    assert not broken()


def test_retry_applies_poison_that_comes_whole_and_what_waited_behind_it(eventful: SmallRegister) -> None:
    pulled(eventful, KNOWN, Faults(poison=0.1))
    found = retried(eventful, KNOWN)
    assert (found.waiting, found.parked) == (0, 0)
    assert mirrored() == eventful.people()
    assert number("SELECT count(*) FROM registry_announcement") == len(eventful.told())
    assert not broken()


def test_retry_of_stubborn_poison_leaves_it_parked_and_counts_the_attempts(eventful: SmallRegister) -> None:
    faults = Faults(stubborn=0.05)
    parked = pulled(eventful, KNOWN, faults).parked
    assert retried(eventful, KNOWN, faults).parked == parked > 0
    assert {attempts for (attempts,) in rows("SELECT attempts FROM registry_event WHERE state = 'parked'")} == {2}
    assert {event.feed_no for event in queries.parked_events()} == {
        feed_no for feed_no in range(1, len(eventful.told()) + 1) if faults.falls("stubborn", feed_no)
    }


def test_stubborn_poison_is_outlived_by_reconciliation(eventful: SmallRegister) -> None:
    pulled(eventful, KNOWN, Faults(stubborn=0.05))
    reconciled(eventful, KNOWN)
    assert mirrored() == eventful.people()
    assert in_states().get("waiting", 0) == 0
    assert reconciled(eventful, KNOWN).differing == ()
    assert not broken()


def test_a_lying_register_is_parked_or_found_out_by_reconciliation(eventful: SmallRegister) -> None:
    pulled(eventful, KNOWN, Faults(lie=0.1))
    assert in_states()["parked"] > 5
    retried(eventful, KNOWN)
    reconciled(eventful, KNOWN)
    assert mirrored() == eventful.people()
    assert reconciled(eventful, KNOWN).differing == ()


def test_other_bytes_under_a_known_id_are_kept_as_a_contradiction_and_change_nothing(eventful: SmallRegister) -> None:
    pulled(eventful, KNOWN)
    before = mirrored()
    # The feed is read again from its beginning, and this time the register tells some of it differently.
    rows("UPDATE registry_feed SET cursor = 0 RETURNING 1")
    pulled(eventful, KNOWN, Faults(lie=0.2))
    assert number("SELECT count(*) FROM registry_contradiction") > 5
    assert mirrored() == before
    assert not broken()


def test_an_event_first_told_under_another_day_is_cured_and_applied_once(eventful: SmallRegister) -> None:
    with eventful.exchange() as source:
        page = source.events_after(0, 1)
        (event,) = page.events
        misdated = replace(event, told_on=event.told_on + timedelta(days=40), told=None, doubt="unlike_its_cover")
        for told in (misdated, event, misdated, event):
            operations.receive(
                actor=KNOWN.actor,
                reason=KNOWN.reason,
                clock=KNOWN.clock,
                page=replace(page, events=(told,)),
                channel="notified",
            )
    pulled(eventful, KNOWN)
    assert mirrored() == eventful.people()
    assert number("SELECT count(*) FROM registry_event") == len(eventful.told())
    assert not broken()


def test_events_the_snapshot_contains_are_not_applied_again(db: None, register: SmallRegister) -> None:
    register.live(UNTIL, intensity=EVENTFUL)
    copied(register, KNOWN)
    # A register that tells from its beginning what the snapshot has shown already.
    rows("UPDATE registry_feed SET cursor = 0, begins_after = 0, whole_until = 0 RETURNING 1")
    pulled(register, KNOWN, Faults(reorder=1, duplicate=0.3))
    assert in_states() == {"contained": len(register.told())}
    assert mirrored() == register.people()
    assert number("SELECT count(*) FROM registry_announcement") == 0
    assert not broken()


def test_withdrawals_undo_and_mark_what_they_withdraw(eventful: SmallRegister) -> None:
    withdrawn = {event_id for (event_id,) in eventful.told("json_extract(body, '$.withdraws')") if event_id}
    pulled(eventful, KNOWN)
    undone = rows("SELECT event_id, kind FROM registry_event WHERE state = 'undone' AND withdrawn_by IS NOT NULL")
    assert {event_id for event_id, _ in undone} == withdrawn
    assert {kind for _, kind in undone} >= {"death", "address_change", "birth"}
    false_births = {pin for (pin,) in rows("SELECT pin FROM registry_event WHERE state = 'undone' AND kind = 'birth'")}
    assert all(mirrored()[pin].cancelled_on is not None for pin in false_births)


def test_what_was_known_on_an_earlier_day_stays_known(eventful: SmallRegister) -> None:
    early = mirrored()
    learned = KNOWN.clock.now()
    later = Known.days_later(1)
    pulled(eventful, later)
    changed = [pin for pin, record in mirrored().items() if pin in early and record != early[pin]]
    assert len(changed) > 50
    for pin in changed:
        assert queries.record_as_known(pin, learned) == early[pin]
        assert queries.record_as_known(pin, later.clock.now()) == mirrored()[pin]
