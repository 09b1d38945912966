"""What holds whatever happens: matching finds who waits, packs are read like rows, files that cannot be borne are parked, checks see damage."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ansinh.config.health import keep_books
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import NotFound
from ansinh.foundation.settings import settings
from ansinh.healthbook.adapters.packs import StoredPacks, packs_in
from ansinh.healthbook.checks import checks
from ansinh.healthbook.events import Means
from ansinh.healthbook.intake import claims
from ansinh.healthbook.intake.entries import Submitted
from ansinh.healthbook.intake.judging import judge
from ansinh.healthbook.operations import claim_submissions, dismiss_entry, match_waiting, pack_away, place_entry
from tests.healthbook.inbox import FACILITY, NOW, SOUND, Inbox, changed, field, with_episode
from tests.support.cast import ANYBODY_WITH_RIGHTS

CLOCK = FixedClock(NOW)
ACT: dict[str, Any] = {"actor": ANYBODY_WITH_RIGHTS, "reason": "thử", "clock": CLOCK}


def unknown(episode: str, pin: str) -> bytes:
    content = with_episode(SOUND, episode)
    return changed(content, (field(content, "SO_CCCD"), pin), (field(content, "MA_THE_BHYT"), ""))


def offending(packs: StoredPacks | None = None) -> dict[str, list[str]]:
    return {one.name: list(one.offending) for one in checks(packs) if not one.ok}


def test_matching_places_who_becomes_known(inbox: Inbox) -> None:
    receipt = inbox.submit(unknown("match.1", "074088000001"))
    inbox.work()
    assert inbox.state(receipt) == "waiting"
    assert match_waiting(**ACT) == 0
    inbox.add_person(88, field(SOUND, "HO_TEN"), field(SOUND, "NGAY_SINH")[:8], "074088000001")
    assert match_waiting(**ACT) == 1
    inbox.work()
    assert inbox.state(receipt) == "accepted"
    assert inbox.versions("match.1")[0][2] == 88


def test_officer_places_or_dismisses_an_entry(inbox: Inbox) -> None:
    first, second = inbox.submit(unknown("decide.1", "074088000002")), inbox.submit(unknown("decide.2", "074088000003"))
    inbox.work()
    place_entry(**ACT, facility=FACILITY, receipt=first, entry=1, person_id=1)
    dismiss_entry(**ACT, facility=FACILITY, receipt=second, entry=1)
    inbox.work()
    assert (inbox.state(first), inbox.state(second)) == ("accepted", "rejected")
    assert inbox.versions("decide.1")[0][2] == 1
    assert inbox.errors(second)[-1]["code"] == "dismissed"
    for receipt in (first, second):
        with pytest.raises(NotFound):
            place_entry(**ACT, facility=FACILITY, receipt=receipt, entry=1, person_id=1)


def test_packed_bytes_are_read_as_before(inbox: Inbox, tmp_path: Path) -> None:
    receipt = inbox.submit(with_episode(SOUND, "pack.1"))
    inbox.work()
    packs = packs_in(tmp_path)
    assert pack_away(**ACT, before=date(2025, 6, 30), packs=packs) is None
    packed = pack_away(**ACT, before=date(2025, 7, 1), packs=packs)
    assert packed is not None
    assert [(packed.members,)] == inbox.rows("SELECT count(*) FROM healthbook_submission WHERE pack IS NOT NULL")
    assert inbox.rows("SELECT content, pack FROM healthbook_submission WHERE receipt = %s", receipt) == [
        (None, packed.pack)
    ]
    assert offending(packs) == {}
    # A reading from the pack: the same bytes, judged again.
    inbox.run("UPDATE healthbook_submission SET state = 'received', settled_at = NULL WHERE receipt = %s", receipt)
    assert inbox.work(Means(packs=packs)) == {"accepted": 1}
    assert len(inbox.versions("pack.1")) == 1
    # A damaged pack shows.
    (file,) = tmp_path.glob("*/*.pack")
    file.write_bytes(file.read_bytes()[:-40] + b"x" * 40)
    assert "healthbook: every receipt's stored bytes hash to it" in offending(packs)
    inbox.run("DELETE FROM healthbook_submission WHERE pack IS NOT NULL AND receipt <> %s", receipt)


def test_books_are_kept_every_day(inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Months to come have room, though years have gone by since the tables were made; what has ended goes into packs, once."""
    receipt = inbox.submit(with_episode(SOUND, "daily.1"))
    inbox.work()
    years_on = FixedClock(NOW.replace(year=2031, month=12))
    monkeypatch.setattr("ansinh.config.health.agency_clock", lambda: years_on)
    monkeypatch.setattr("ansinh.config.health.packs_at", lambda _: packs_in(tmp_path))
    assert keep_books(settings())["submissions"] >= 1
    assert keep_books(settings()) == {"packs": 0, "submissions": 0}
    assert inbox.rows("SELECT content FROM healthbook_submission WHERE receipt = %s", receipt) == [(None,)]
    inbox.submit(with_episode(SOUND, "daily.2"), at=NOW.replace(year=2033, month=1))
    inbox.run("DELETE FROM healthbook_submission WHERE pack IS NOT NULL OR month = 203301")


def test_file_that_cannot_be_borne_is_parked_and_the_others_are_settled(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound, bad = inbox.submit(with_episode(SOUND, "bear.1")), inbox.submit(with_episode(SOUND, "bear.2"))

    def unbearable(submitted: Submitted, raw: bytes, facilities: object, certificates: object) -> None:
        if submitted.receipt == bad:
            raise MemoryError
        judge(submitted, raw, None)

    monkeypatch.setattr("ansinh.healthbook.intake.settling.judge", unbearable)
    assert inbox.work() == {"accepted": 1, "parked": 1}
    assert (inbox.state(sound), inbox.state(bad)) == ("accepted", "parked")


def test_chunk_that_fails_is_read_one_at_a_time_and_the_bad_one_parked(inbox: Inbox) -> None:
    receipts = {name: inbox.submit(with_episode(SOUND, name)) for name in ("poison.1", "poison.2", "poison.3")}

    def poisoned(changes: object) -> None:
        if any(change.episode == "poison.2" for change in changes):  # type: ignore[attr-defined]
            raise ValueError("poison")

    inbox.work(Means(receivers=(poisoned,)))
    assert {name: inbox.state(receipt) for name, receipt in receipts.items()} == {
        "poison.1": "accepted",
        "poison.2": "parked",
        "poison.3": "accepted",
    }
    assert inbox.rows("SELECT count(*) FROM healthbook_claim") == [(0,)]


def test_claim_of_a_dead_worker_is_taken_over(inbox: Inbox) -> None:
    receipt = inbox.submit(with_episode(SOUND, "dead.1"))
    ((number,),) = inbox.rows("SELECT received_no FROM healthbook_submission WHERE receipt = %s", receipt)
    with psycopg.connect(inbox.database.urls.owner) as other:
        other.execute(
            "INSERT INTO healthbook_claim (claim_no, numbers, claimed_at) VALUES (1000000, %s, now())", [[number]]
        )
        other.execute("SELECT pg_advisory_lock(hashtext('healthbook_claim'), 1000000)")
        other.commit()
        assert claim_submissions(**ACT) is None
    while inbox.rows("SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 1000000"):
        pass  # the server takes a moment to notice that the other worker is gone
    assert inbox.work() == {"accepted": 1}
    assert inbox.rows("SELECT tries FROM healthbook_submission WHERE receipt = %s", receipt) == [(1,)]
    assert claims.TRIES_MAX > 1


def test_checks_see_what_is_damaged(inbox: Inbox) -> None:
    inbox.run(
        "TRUNCATE healthbook_submission, healthbook_episode, healthbook_visit, healthbook_paper, healthbook_checkin, healthbook_daily, healthbook_unplaced"
    )
    receipt = inbox.submit(with_episode(SOUND, "check.1"))
    inbox.work()
    assert offending() == {}
    inbox.run("TRUNCATE healthbook_daily")
    assert set(offending()) == {"healthbook: the counts equal a recount"}
    inbox.run("UPDATE healthbook_submission SET counted = NULL")
    assert offending() == {}
    inbox.run("UPDATE healthbook_visit SET current = false WHERE receipt = %s", receipt)
    assert list(offending()) == ["healthbook: every episode has its versions, one current unless withdrawn"]
    inbox.run("DELETE FROM healthbook_visit WHERE receipt = %s", receipt)
    inbox.run("DELETE FROM healthbook_paper WHERE receipt = %s", receipt)
    assert receipt in offending()["healthbook: every accepted submission is in the book"]
    inbox.run(
        "UPDATE healthbook_submission SET content = overlay(content placing 'xyz'::bytea from octet_length(content) - 20) WHERE receipt = %s",
        receipt,
    )
    assert offending()["healthbook: every receipt's stored bytes hash to it"] == [receipt]
