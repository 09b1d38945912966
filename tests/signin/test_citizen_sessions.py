"""Sessions of citizens: rows behind a key, a new key at each proof, an end for each, and each sign-in in the person's own list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from ansinh.access.queries import actor_of_person, sign_in_door
from ansinh.database.sql import execute, number, rows
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.portal.door.guard import NEXT_LENGTH_MAX, citizen_page, cookie_name, local_path
from ansinh.reporting.operations import count_days
from ansinh.reporting.queries import counted, figures, recounted
from ansinh.signin.operations import (
    Arrival,
    EndedThere,
    act_for,
    end_other_sessions,
    end_provider_sessions,
    leave,
    let_citizen_in,
    load_former_entries,
    raise_level,
)
from ansinh.signin.queries import IDLE_MAX, WHOLE_MAX, citizen_of, devices_of, entries_of
from ansinh.signin.states import Channel
from tests.support.cast import A_STRANGER, ANYBODY_WITH_RIGHTS
from tests.support.citizens import signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
JULY = datetime(2025, 7, 31, 1, 0, tzinfo=UTC)
AN = 7001
ARRIVAL = Arrival(
    AN, 1, Channel.PORTAL, "Firefox · Linux", issuer="https://eid", subject="pair-1", provider_session="sid-1"
)


def come(arrival: Arrival = ARRIVAL, at: datetime = NOW) -> str:
    return let_citizen_in(actor=sign_in_door(), reason="thử", clock=FixedClock(at), arrival=arrival, entered_at=JULY)


def step_up(key: str, arrival: Arrival, at: datetime = NOW) -> str:
    return raise_level(
        actor=sign_in_door(), reason="thử", clock=FixedClock(at), former_key=key, arrival=arrival, entered_at=JULY
    )


def _ended(subject: str, sid: str) -> int:
    told = EndedThere(subject, sid, "token-1", NOW + timedelta(minutes=2))
    return end_provider_sessions(
        actor=sign_in_door(), reason="thử", clock=FixedClock(NOW), issuer="https://eid", ended=told
    )


def test_let_citizen_in_gives_a_key_the_database_does_not_hold() -> None:
    key = come()
    found = citizen_of(key, NOW)
    assert found
    assert (found.person_id, found.level, found.channel, found.acting_for) == (AN, 1, Channel.PORTAL, None)
    kept = str(rows("SELECT * FROM signin_citizensession"))
    assert key not in kept
    assert found.session_id in kept
    assert citizen_of(found.session_id, NOW) is None
    assert [(one.kind, one.entered_at, one.device) for one in entries_of([AN])] == [
        ("sign_in", JULY, "Firefox · Linux")
    ]


@pytest.mark.parametrize("key", ["", "x", "k" * 100_000, "\ud800", "'; --"])
def test_citizen_of_strange_keys_is_nobody(key: str) -> None:
    come()
    assert citizen_of(key, NOW) is None


def test_session_ends_after_its_rest_and_after_its_whole_time() -> None:
    key, rested = come(), NOW + IDLE_MAX
    assert citizen_of(key, rested - timedelta(seconds=1))
    # Looked at a second before, so the rest began anew.
    assert citizen_of(key, rested)
    assert citizen_of(key, rested + IDLE_MAX) is None
    other, moment = come(), NOW
    while moment < NOW + WHOLE_MAX:
        found = citizen_of(other, moment)
        assert found
        assert found.ends_at <= NOW + WHOLE_MAX
        moment += IDLE_MAX / 2
    assert citizen_of(other, NOW + WHOLE_MAX) is None


def test_raise_level_changes_the_key_and_keeps_the_beginning() -> None:
    key = come()
    later = NOW + timedelta(minutes=5)
    surer = step_up(key, replace(ARRIVAL, level=2), later)
    assert citizen_of(key, later) is None
    found = citizen_of(surer, later)
    assert found
    assert (found.level, found.opened_at) == (2, NOW)
    assert sorted(one.kind for one in entries_of([AN])) == ["sign_in", "step_up"]


def test_raise_level_of_another_persons_session_is_refused_and_changes_nothing() -> None:
    key = come()
    with pytest.raises(NotFound):
        step_up(key, replace(ARRIVAL, person_id=AN + 1, level=2))
    found = citizen_of(key, NOW)
    assert found
    assert found.level == 1
    assert number("SELECT count(*) FROM signin_citizenentry") == 1


def test_let_citizen_in_refuses_a_level_that_is_none_and_actors_who_are_not_the_door() -> None:
    with pytest.raises(InvalidInput):
        come(replace(ARRIVAL, level=3))
    with pytest.raises(NotPermitted):
        let_citizen_in(actor=A_STRANGER, reason="thử", clock=FixedClock(NOW), arrival=ARRIVAL, entered_at=JULY)
    assert number("SELECT count(*) FROM signin_citizensession") == 0


def test_leave_ends_the_session_once() -> None:
    key = come(replace(ARRIVAL, id_token="sealed"))
    assert leave(actor=sign_in_door(), reason="thử", key=key) == "sealed"
    assert leave(actor=sign_in_door(), reason="thử", key=key) == ""
    assert citizen_of(key, NOW) is None


def test_end_other_sessions_keeps_ones_own_and_other_peoples() -> None:
    mine, other, third, anothers = come(), come(), come(), come(replace(ARRIVAL, person_id=AN + 1))
    kept, named = citizen_of(mine, NOW), citizen_of(other, NOW)
    assert kept
    assert named
    assert len(devices_of([AN], NOW)) == 3
    me = actor_of_person(AN)
    wanted = {"actor": me, "reason": "thử", "records": [AN], "kept": kept.session_id}
    assert end_other_sessions(**wanted, only=named.session_id) == 1  # type: ignore[arg-type]
    assert (citizen_of(other, NOW), bool(citizen_of(third, NOW))) == (None, True)
    assert end_other_sessions(**wanted) == 1  # type: ignore[arg-type]
    assert [one.session_id for one in devices_of([AN], NOW)] == [kept.session_id]
    assert citizen_of(anothers, NOW)


@pytest.mark.parametrize(
    ("subject", "sid", "ended"), [("pair-1", "", 2), ("", "sid-1", 1), ("pair-1", "sid-2", 1), ("pair-9", "sid-1", 0)]
)
def test_end_provider_sessions_ends_what_the_eid_named(subject: str, sid: str, ended: int) -> None:
    come()
    come(replace(ARRIVAL, provider_session="sid-2"))
    come(replace(ARRIVAL, issuer="https://another"))
    found = _ended(subject, sid)
    assert (found, number("SELECT count(*) FROM signin_citizensession")) == (ended, 3 - ended)


def test_end_provider_sessions_hears_a_message_once() -> None:
    assert _ended("pair-1", "") == 0
    come()
    with pytest.raises(InvalidInput):
        _ended("pair-1", "")
    assert number("SELECT count(*) FROM signin_citizensession") == 1


def test_end_provider_sessions_without_a_name_is_refused() -> None:
    come()
    with pytest.raises(InvalidInput):
        _ended("", "")
    assert number("SELECT count(*) FROM signin_citizensession") == 1


def test_act_for_is_kept_in_the_own_session_alone() -> None:
    key, me = come(), actor_of_person(AN)
    act_for(actor=me, reason="thử", key=key, person_id=AN, for_person_id=8)
    found = citizen_of(key, NOW)
    assert found
    assert found.acting_for == 8
    with pytest.raises(NotFound):
        act_for(actor=me, reason="thử", key=key, person_id=AN + 1, for_person_id=9)


def _page(level: int, path: str, **request: str) -> HttpResponse:
    @citizen_page(level=level)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"person {request.citizen.person_id}")  # type: ignore[attr-defined]

    made = RequestFactory().get(path, **request)  # type: ignore[arg-type]
    made.COOKIES[cookie_name()] = request.pop("key", "")
    return view(made)


def test_citizen_page_leads_to_the_door_and_back() -> None:
    answer = _page(2, "/en/card?year=2025")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/en/sign-in?next=%2Fen%2Fcard%3Fyear%3D2025&level=2",
    )
    assert answer.headers["Cache-Control"] == "no-store"
    fragment = _page(1, "/card", HTTP_HX_REQUEST="true")
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (401, "/sign-in?next=%2Fcard&level=1")


def test_citizen_page_asks_for_its_level_and_shows_who_is_there() -> None:
    client = Client()
    key = signed_in(client, AN)
    assert _page(1, "/card", key=key).content == b"person 7001"
    assert _page(2, "/card", key=key).status_code == 302
    assert _page(2, "/card", key=signed_in(client, AN, 2)).content == b"person 7001"


def test_citizen_page_follows_a_merge() -> None:
    execute("INSERT INTO people_alias (alias_person_id, person_id) VALUES (%s, %s)", [AN, AN - 1])
    assert _page(1, "/card", key=signed_in(Client(), AN)).content == b"person 7000"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "",
        "card",
        "/ ờ",
        "/x\n",
        "/" + "a" * NEXT_LENGTH_MAX,
    ],
)
def test_local_path_never_leads_elsewhere(elsewhere: str) -> None:
    assert local_path(elsewhere) == "/"


def test_local_path_keeps_paths_of_ours() -> None:
    assert local_path("/en/card?year=2025") == "/en/card?year=2025"


def test_load_former_entries_takes_a_log_in_once_and_figures_count_it(tmp_path: Path) -> None:
    moments = ["2024-11-30 18:00:00", "2025-01-02 03:00:00", "2025-05-31 16:59:00"]
    table = pa.table(
        {
            "entered_at": pa.array([datetime.fromisoformat(one).replace(tzinfo=UTC) for one in moments]),
            "record_no": pa.array([1, 2, 1], pa.int64()),
            "app": pa.array([True, False, True]),
        }
    )
    file = tmp_path / "sign_in.parquet"
    pq.write_table(table, file)
    wanted = {"actor": ANYBODY_WITH_RIGHTS, "reason": "thử", "source": "nation", "file": file, "persons_before": 7_000}
    assert [load_former_entries(**wanted), load_former_entries(**wanted)] == [3, 3]  # type: ignore[arg-type]
    come()
    step_up(come(), ARRIVAL)
    count_days(actor=ANYBODY_WITH_RIGHTS, reason="thử")
    end, compare = date(2025, 7, 31), date(2024, 12, 31)
    told = {one.indicator.key: (one.value, one.compare_value) for one in figures(end, compare)}
    assert told["eid.sign_ins"] == (5, 1)
    assert told["eid.sign_ins.app"] == (2, 1)
    assert told["eid.sign_ins.portal"] == (3, 0)
    assert counted(end) == recounted(end)
    assert [one.kind for one in entries_of([AN])][-2:] == ["sign_in", "sign_in"]
