"""Everything about a person in one archive: what is in it, what is not and why, who gets it, and how often."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from ansinh.access.queries import actor_of_person
from ansinh.config.declared import declared_fields
from ansinh.database.sql import number, rows
from ansinh.foundation.clock import Clock, FixedClock, RealClock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.rights.checks import checks
from ansinh.rights.gathering import OWN_COLUMNS, left_out, own_tables
from ansinh.rights.operations import (
    DOWNLOAD_LASTS,
    DOWNLOADS_A_DAY_MAX,
    fetch_download,
    make_download,
    watch_requests,
)
from ansinh.signin.states import LevelTooLow
from tests.mandates.family import GRANDMOTHER, MORNING, MOTHER, NEIGHBOUR, REASON, given, pin_of, settle_family
from tests.rights.test_requests import ask
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db
# What must never leave: what proves who somebody is, bytes kept elsewhere, whoever works here by name.
_SECRET = re.compile(r"digest|password|secret|token|invitation|_by$|signature")


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    settle_family()


def make(person: int = GRANDMOTHER, level: int = 2, clock: Clock = MORNING) -> str:
    return make_download(
        actor=actor_of_person(person),
        reason=REASON,
        clock=clock,
        person_id=person,
        level=level,
        declared=declared_fields(),
    )


def fetch(key: str, person: int = GRANDMOTHER, clock: FixedClock = MORNING) -> bytes:
    return fetch_download(actor=actor_of_person(person), reason=REASON, clock=clock, person_id=person, level=2, key=key)


def test_a_download_holds_what_rooms_have_of_the_person_and_nobody_else() -> None:
    given(GRANDMOTHER, MOTHER)
    ask(words="tên viết sai dấu")
    archive = zipfile.ZipFile(io.BytesIO(fetch(make())))
    assert archive.testzip() is None
    told = json.loads(archive.read("du-lieu.json"))
    assert told["tables"]["people_person"][0]["full_name"] == "Lê Thị Ứng"
    assert told["tables"]["people_identifier"][0]["value"] == pin_of(GRANDMOTHER)
    assert told["tables"]["rights_request"][0]["words"] == "tên viết sai dấu"
    assert "mandates_mandate" in told["tables"]
    everything = archive.read("du-lieu.json").decode() + archive.read("doc-duoc.html").decode()
    assert pin_of(NEIGHBOUR) not in everything
    assert "Lê Thị Ứng" in archive.read("doc-duoc.html").decode()
    assert "<script" not in everything


def test_a_link_is_good_once_for_its_person_for_a_day() -> None:
    key = make()
    with pytest.raises(NotFound):
        fetch(key, NEIGHBOUR)
    with pytest.raises(NotFound):
        fetch(key, clock=FixedClock(MORNING.at + DOWNLOAD_LASTS))
    assert fetch(key)
    for wrong in (key, "", "x" * 10_000, "\ud800"):
        with pytest.raises(NotFound):
            fetch(wrong)
    assert number("SELECT count(*) FROM rights_download WHERE content IS NOT NULL") == 0


def test_what_nobody_fetched_is_emptied() -> None:
    wall = RealClock()
    make(clock=FixedClock(wall.now() - DOWNLOAD_LASTS / 2))
    watched: dict[str, Any] = {"actor": ANYBODY_WITH_RIGHTS, "reason": REASON, "clock": MORNING}
    assert watch_requests(**watched)["emptied"] == 0
    make(clock=FixedClock(wall.now() - DOWNLOAD_LASTS - timedelta(days=2)))
    assert [one.name for one in checks(MORNING.at) if not one.ok] == ["rights.downloads_are_emptied"]
    assert watch_requests(**watched)["emptied"] == 1
    assert all(one.ok for one in checks(MORNING.at))


def test_level_1_and_more_than_three_a_day_are_refused() -> None:
    with pytest.raises(LevelTooLow):
        make(level=1)
    for _ in range(DOWNLOADS_A_DAY_MAX):
        make()
    with pytest.raises(InvalidInput):
        make()
    assert make(clock=FixedClock(MORNING.at + timedelta(days=1)))


def test_every_table_about_persons_is_handed_out_or_left_out_with_a_reason() -> None:
    declared, out = declared_fields(), left_out()
    whole = {one.table for one in out if one.column == "*"}
    for table, columns in declared.items():
        if any(name in columns for name in OWN_COLUMNS):
            assert (table in own_tables(declared)) != (table in whole), table
    strangers = [f"{one.table}.{one.column}" for one in out if one.column not in {"*", *declared.get(one.table, {})}]
    assert not strangers
    assert all(one.vi and one.en for one in out)


def test_no_secret_and_no_heap_of_bytes_is_handed_out() -> None:
    declared = declared_fields()
    binary = set(
        rows("SELECT table_name::text, column_name::text FROM information_schema.columns WHERE data_type = 'bytea'")
    )
    leaking = [
        f"{table}.{column}"
        for table, (_, without) in own_tables(declared).items()
        for column in declared[table]
        if column not in without and ((table, column) in binary or _SECRET.search(column))
    ]
    assert not leaking, f"{leaking}. Cure: put them in src/ansinh/rights/left_out.csv, with the reason."
