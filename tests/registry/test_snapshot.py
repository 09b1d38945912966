"""Taking in the whole register: once, whole, whatever dies in between, and nothing that is not as agreed."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pyarrow as pa
import pytest

from ansinh.database.sql import execute, number, rows
from ansinh.foundation.errors import PartnerTrouble
from ansinh.registry import procedures, queries
from ansinh.registry.adapters.snapshot_chunks import SCHEMA, read_chunk
from ansinh.registry.exchange import ChunkReady
from ansinh_sandbox.register import snapshot as their_snapshots
from ansinh_sandbox.register.starting import start
from tests.registry.conftest import PEOPLE, UNTIL
from tests.registry.registers import Known, SmallRegister, broken, copied, mirrored, pulled
from tests.sandbox.partners import free_port

KNOWN = Known()


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let the register cut its snapshots small; returns how many chunks that makes."""
    monkeypatch.setattr(their_snapshots, "PERSONS_PER_CHUNK", 100)
    return -(-PEOPLE // 100)


def test_take_snapshot_mirrors_everybody(db: None, register: SmallRegister, small_chunks: int) -> None:
    copied(register, KNOWN)
    assert mirrored() == register.people()
    assert number("SELECT count(*) FROM registry_snapshot_chunk") == small_chunks
    assert queries.unfinished_snapshot() is None
    assert queries.count_people() == len(register.people())


def test_take_snapshot_again_changes_nothing(db: None, register: SmallRegister) -> None:
    copied(register, KNOWN)
    with register.exchange() as source:
        changed = procedures.take_snapshot(
            actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, source=source, anew=True
        )
    assert changed == 0
    assert number("SELECT count(*) FROM registry_former_record") == 0


class Died(Exception):
    """The platform, killed between two commits."""


def test_take_snapshot_cut_off_goes_on_where_it_ended(db: None, register: SmallRegister, small_chunks: int) -> None:
    def die_after_two(persons: int) -> None:
        if number("SELECT count(*) FROM registry_snapshot_chunk") == 2:
            raise Died

    with register.exchange() as source, pytest.raises(Died):
        procedures.take_snapshot(
            actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, source=source, progress=die_after_two
        )
    token = queries.unfinished_snapshot()
    taken: list[int] = []
    with register.exchange() as source:
        procedures.take_snapshot(
            actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, source=source, progress=taken.append
        )
    assert len(taken) == small_chunks - 2
    assert rows("SELECT token FROM registry_snapshot") == [(token,)]
    assert mirrored() == register.people()


def test_take_snapshot_of_a_register_that_forgot_it_asks_for_a_new_one(db: None, register: SmallRegister) -> None:
    execute(
        "INSERT INTO registry_snapshot (token, feed_no, people, chunks, asked_at) VALUES ('gone', 0, 1, 1, now() - interval '1 day')"
    )
    copied(register, KNOWN)
    assert mirrored() == register.people()


@pytest.fixture
def processes(register: SmallRegister) -> Iterator[Callable[[int], subprocess.Popen[bytes]]]:
    """Start the register on a port, as often as it is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def again(port: int) -> subprocess.Popen[bytes]:
        started.append(start(register.store, register.secrets, port=port))
        return started[-1]

    yield again
    for process in started:
        process.kill()
        process.wait()


def test_take_snapshot_goes_on_after_the_register_was_killed(
    db: None, register: SmallRegister, processes: Callable[[int], subprocess.Popen[bytes]]
) -> None:
    port = free_port()
    first = processes(port)
    source = register.over_the_wire(port)
    asked = source.ask_snapshot()
    first.send_signal(signal.SIGKILL)
    first.wait()
    with pytest.raises(PartnerTrouble) as trouble:
        source.snapshot_status(asked.token, 0)
    assert trouble.value.temporary
    processes(port)
    procedures.take_snapshot(actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, source=source)
    source.close()
    assert mirrored() == register.people()


def test_a_later_snapshot_brings_what_was_told_meanwhile_and_the_feed_changes_nothing_more(
    db: None, register: SmallRegister
) -> None:
    copied(register, KNOWN)
    before = mirrored()
    register.live(UNTIL, intensity=10)
    later = Known.days_later(1)
    with register.exchange() as source:
        changed = procedures.take_snapshot(
            actor=later.actor, reason=later.reason, clock=later.clock, source=source, anew=True
        )
    assert mirrored() == register.people()
    assert changed == sum(record != before.get(pin) for pin, record in mirrored().items())
    assert number("SELECT count(*) FROM registry_healing") == changed
    assert number("SELECT count(*) FROM registry_announcement") == changed
    found = pulled(register, later)
    assert found.settled == len(register.told())
    assert queries.count_events() == {"contained": found.settled}
    assert number("SELECT count(*) FROM registry_announcement") == changed
    assert not broken()


def _chunk(**changes: list[Any]) -> tuple[bytes, ChunkReady]:
    people: dict[str, list[Any]] = {name: [None, None] for name in SCHEMA.names}
    people |= {
        "pin": ["000000000001", "000000000002"], "full_name": ["Đặng Thị Ánh", "Lê Văn Ba"], "sex": ["F", "M"],
        "birth_date": ["1960", "1985-02-28"], "commune": ["00004"] * 2, "province": ["01"] * 2, "household": [1, 2],
        "registered_on": ["2020-01-01"] * 2, "version": [1, 3],
    }  # fmt: skip
    table = pa.table({**people, **changes}, schema=SCHEMA)
    sink = BytesIO()
    with pa.ipc.new_stream(sink, SCHEMA) as writer:
        writer.write_table(table)
    return sink.getvalue(), ChunkReady(1, "", "000000000009", 2, 0, "", 0)


def test_read_chunk_takes_dates_apart_as_precise_as_they_are_known() -> None:
    people = read_chunk(*_chunk())
    birth = [people.column(name).to_pylist() for name in ("birth_year", "birth_month", "birth_day")]
    assert birth == [[1960, 1985], [None, 2], [None, 28]]
    assert people.column("registered_on").to_pylist() == [date(2020, 1, 1)] * 2


LIES: dict[str, dict[str, list[Any]]] = {
    "a PIN that is none": {"pin": ["000000000001", "2"]},
    "a PIN twice": {"pin": ["000000000001", "000000000001"]},
    "people out of order": {"pin": ["000000000002", "000000000001"]},
    "people of another chunk": {"pin": ["000000000001", "000000000010"]},
    "nobody's name": {"full_name": ["Lê Văn Ba", None]},
    "a name with markup": {"full_name": ["Lê Văn Ba", "Ba<script>"]},
    "a name written backwards": {"full_name": ["Lê Văn Ba", "Ba\u202e"]},
    "a name of digits": {"full_name": ["Lê Văn Ba", "123"]},
    "an endless name": {"full_name": ["Lê Văn Ba", "x" * 201]},
    "a birth that never was": {"birth_date": ["1960", "1985-02-30"]},
    "a month that never was": {"birth_date": ["1960", "1985-13"]},
    "a death that never was": {"died_on": [None, "2025-02-30"]},
    "a sex nobody has": {"sex": ["F", "X"]},
    "a commune that is none": {"commune": ["00004", "'; --"]},
    "a household below nothing": {"household": [1, -1]},
    "no version": {"version": [1, 0]},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_read_chunk_believes_no_lie(lie: dict[str, list[Any]]) -> None:
    with pytest.raises(PartnerTrouble) as trouble:
        read_chunk(*_chunk(**lie))
    assert not trouble.value.temporary
    assert "000000000001" not in str(trouble.value)


def test_read_chunk_refuses_bytes_that_are_none_and_other_columns() -> None:
    body, expected = _chunk()
    other = BytesIO()
    with pa.ipc.new_stream(other, pa.schema([("pin", pa.string())])) as writer:
        writer.write_table(pa.table({"pin": ["000000000001", "000000000002"]}))
    for bad, said in (
        (b"<html>", expected),
        (body[:200], expected),
        (other.getvalue(), expected),
        (body, replace(expected, persons=3)),
    ):
        with pytest.raises(PartnerTrouble):
            read_chunk(bad, said)


def test_a_chunk_of_other_bytes_than_were_signed_for_is_refused(db: None, register: SmallRegister) -> None:
    with register.exchange() as source:
        status = source.ask_snapshot()
        while not status.ready:
            status = source.snapshot_status(status.token, 0)
        with pytest.raises(PartnerTrouble, match="other bytes"):
            source.snapshot_chunk(status.token, replace(status.ready[0], sha256="0" * 64))
