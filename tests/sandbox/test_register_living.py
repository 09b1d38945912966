"""The register lives days: the same for the same seed, each once, and its own records say what its events said."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from ansinh.foundation.errors import PartnerTrouble
from ansinh.registry.adapters.register_exchange import RegisterExchange
from ansinh.registry.adapters.signed_calls import SignedCalls
from ansinh_sandbox.register.__main__ import main
from ansinh_sandbox.register.faults import BLOCK_EVENTS, Faults, faults_from
from ansinh_sandbox.register.living import OutOfOrder, live
from ansinh_sandbox.register.loading import load
from ansinh_sandbox.register.slips import slip
from ansinh_sandbox.register.starting import start
from ansinh_sandbox.register.store import STORE_FILE, NotLoaded
from tests.registry.registers import SmallRegister
from tests.sandbox.nations import pin_of, write_register
from tests.sandbox.partners import free_port

JUNE, JULY, AUGUST = date(2025, 6, 1), date(2025, 7, 1), date(2025, 8, 1)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A loaded store of 800 persons that has not lived yet."""
    load(write_register(tmp_path / "nation", 800), tmp_path / "store")
    return tmp_path / "store"


def look(store: Path, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(store / STORE_FILE)
    try:
        found = connection.execute(query, parameters).fetchall()
        connection.commit()
        return found
    finally:
        connection.close()


def test_the_same_seed_tells_the_same_and_another_seed_another(tmp_path: Path) -> None:
    nation = write_register(tmp_path / "nation", 800)
    streams = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        load(nation, tmp_path / name)
        live(tmp_path / name, begin=JUNE, until=AUGUST, seed=seed, intensity=10)
        streams.append(look(tmp_path / name, "SELECT body FROM event ORDER BY feed_no"))
    assert streams[0] == streams[1] != streams[2]
    assert len(streams[0]) > 50


def test_days_lived_one_by_one_tell_what_the_months_tell_at_once(tmp_path: Path) -> None:
    nation = write_register(tmp_path / "nation", 800)
    for name in ("at once", "by months"):
        load(nation, tmp_path / name)
    live(tmp_path / "at once", begin=JUNE, until=AUGUST, intensity=10)
    live(tmp_path / "by months", begin=JUNE, until=JULY, intensity=10)
    live(tmp_path / "by months", begin=None, until=AUGUST, intensity=10)
    assert live(tmp_path / "by months", begin=JUNE, until=AUGUST, intensity=10) == 0
    queries = ("SELECT body FROM event ORDER BY feed_no", "SELECT * FROM person ORDER BY pin")
    for query in queries:
        assert look(tmp_path / "at once", query) == look(tmp_path / "by months", query)


def test_births_and_deaths_of_the_files_are_put_back_and_told_on_their_days(store: Path) -> None:
    look(store, "UPDATE person SET registered_on = '2025-06-10' WHERE pin = ?", pin_of(7))
    look(store, "UPDATE person SET died_on = '2025-07-04' WHERE pin = ?", pin_of(8))
    live(store, begin=JUNE, until=JUNE)
    assert look(store, "SELECT 1 FROM person WHERE pin = ?", pin_of(7)) == []
    assert look(store, "SELECT died_on FROM person WHERE pin = ?", pin_of(8)) == [(None,)]
    live(store, begin=None, until=AUGUST)
    told = look(store, "SELECT kind, told_on FROM event WHERE pin IN (?, ?) ORDER BY told_on", pin_of(7), pin_of(8))
    assert told == [("birth", "2025-06-10"), ("death", "2025-07-05")]
    assert look(store, "SELECT died_on FROM person WHERE pin = ?", pin_of(8)) == [("2025-07-04",)]
    assert len(look(store, "SELECT 1 FROM person WHERE pin = ?", pin_of(7))) == 1


def test_events_are_numbered_without_a_gap_and_each_person_in_sequence(store: Path) -> None:
    told = live(store, begin=JUNE, until=AUGUST, intensity=60)
    assert look(store, "SELECT feed_no FROM event ORDER BY feed_no") == [(number,) for number in range(1, told + 1)]
    places: dict[object, int] = {}
    born = {pin for (pin,) in look(store, "SELECT pin FROM event WHERE kind IN ('birth', 'pin_issued')")}
    for pin, sequence in look(store, "SELECT pin, sequence FROM event ORDER BY feed_no"):
        assert sequence == places.get(pin, 0 if pin in born else 1) + 1
        places[pin] = places.get(pin, 0 if pin in born else 1) + 1
    assert (
        dict(look(store, "SELECT pin, version FROM person WHERE version > 1 OR pin IN (SELECT pin FROM event)"))
        == places
    )


def test_every_kind_of_event_happens_even_in_a_small_nation(store: Path) -> None:
    live(store, begin=JUNE, until=AUGUST)
    kinds = {kind for (kind,) in look(store, "SELECT DISTINCT kind FROM event")}
    assert kinds >= {
        "birth",
        "death",
        "name_change",
        "address_change",
        "marriage",
        "pin_cancelled",
        "pin_issued",
        "correction",
        "withdrawal",
    }


def test_a_register_does_not_live_days_twice_or_leave_some_out(store: Path, tmp_path: Path) -> None:
    with pytest.raises(OutOfOrder):
        live(store, begin=None, until=JULY)
    live(store, begin=JUNE, until=JULY)
    with pytest.raises(OutOfOrder):
        live(store, begin=date(2025, 6, 15), until=AUGUST)
    with pytest.raises(NotLoaded):
        live(tmp_path, begin=JUNE, until=JULY)


def test_the_command_lives_days(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["events", "--store", str(store), "--from", "2025-06-01", "--until", "2025-07-01"]) == 0
    assert "events told" in capsys.readouterr().out
    assert main(["events", "--store", str(store), "--from", "2025-06-20", "--until", "2025-07-01"]) == 2
    assert "can only go on" in capsys.readouterr().err


def test_slips_change_people_silently_the_same_ones_for_the_same_seed(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live(store, begin=JUNE, until=JULY)
    before = dict(look(store, "SELECT pin, full_name FROM person"))
    (told,) = look(store, "SELECT count(*) FROM event")
    shutil.copytree(store, tmp_path / "other")
    assert main(["slip", "--store", str(store), "--persons", "3", "--seed", "7"]) == 0
    assert "3 records changed" in capsys.readouterr().out
    changed = {pin for pin, name in look(store, "SELECT pin, full_name FROM person") if before[pin] != name}
    assert set(slip(tmp_path / "other", persons=3, seed=7)) == changed
    assert len(changed) == 3
    assert look(store, "SELECT count(*) FROM event") == [told]
    with pytest.raises(NotLoaded):
        slip(tmp_path, persons=1)


def test_faults_are_read_by_name_and_fall_the_same_each_time() -> None:
    faults = faults_from("poison=0.05, reorder,gap=0.02,silent=10")
    assert faults == Faults(poison=0.05, reorder=1, gap=0.02, silent=10)
    spoilt = [number for number in range(1, 10_001) if faults.falls("poison", number)]
    assert 400 < len(spoilt) < 600
    assert spoilt == [number for number in range(1, 10_001) if faults.falls("poison", number)]
    with pytest.raises(ValueError, match="no fault"):
        faults_from("kindness=1")


def test_reordering_loses_and_doubles_nothing() -> None:
    numbers = list(range(1, 5 * BLOCK_EVENTS))
    shuffled = Faults(reorder=1).order(numbers)
    assert shuffled != numbers
    assert sorted(shuffled) == numbers


def test_a_silent_register_is_asked_again_and_a_slow_one_is_waited_for(tmp_path: Path) -> None:
    register = SmallRegister.of(tmp_path, 50)
    register.live(JULY, intensity=50)
    port = free_port()
    pauses: list[float] = []
    process = start(register.store, register.secrets, port=port, faults="silent=2,slow=0.05")
    impatient = httpx.Timeout(0.5, connect=3.0)
    calls = SignedCalls(f"http://127.0.0.1:{port}", register.keys(), pause=pauses.append, timeout=impatient)
    source = RegisterExchange(calls)
    try:
        first = source.events_after(0, 10)
        again = source.events_after(0, 10)
    finally:
        source.close()
        process.kill()
        process.wait()
    assert [event.event_id for event in first.events] == [event.event_id for event in again.events]
    assert len(pauses) == 1
    with pytest.raises(PartnerTrouble) as trouble:
        RegisterExchange(calls_to_nobody(register)).events_after(0, 10)
    assert trouble.value.temporary


def calls_to_nobody(register: SmallRegister) -> SignedCalls:
    return SignedCalls(f"http://127.0.0.1:{free_port()}", register.keys(), pause=lambda seconds: None)


def test_events_say_no_more_than_the_contract(store: Path) -> None:
    live(store, begin=JUNE, until=AUGUST)
    for (body,) in look(store, "SELECT body FROM event"):
        told = json.loads(body)
        assert ("record" in told) == (told["kind"] in {"birth", "pin_issued"})
        assert ("withdraws" in told) == (told["kind"] == "withdrawal")
        assert told["happened_on"] <= told["told_at"][:10]
