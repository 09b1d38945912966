"""Sent is what was acknowledged, refused and is pending; and a partner that lost something, or has too much, shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from ansinh.access.signed_calls import Answer
from ansinh.cli.events import app
from ansinh.database.sql import number, rows
from ansinh.foundation.errors import PartnerTrouble
from ansinh.lifeevents import queries
from ansinh.lifeevents.adapters.office_exchange import MESSAGES_AT_ONCE, OfficeExchange
from ansinh.lifeevents.queries import Pending
from ansinh.lifeevents.states import Office
from tests.lifeevents.world import World

LOST = "DELETE FROM taken WHERE message_id = (SELECT min(message_id) FROM taken)"
OTHER_BYTES = "UPDATE taken SET sha256 = 'another'"
ONE_TOO_MANY = "INSERT INTO taken SELECT 'life-9-9', sha256, action, file, body, taken_on FROM taken LIMIT 1"
TOLD_AND_NOT_HEARD = "INSERT INTO told (id, told_on, body) SELECT 'another', told_on, body FROM told LIMIT 1"
HEARD_AND_NOT_TOLD = "DELETE FROM told"
ANOTHER_DAY = "UPDATE taken SET taken_on = '2025-07-14'"


def _filed(world: World) -> date:
    world.born()
    world.file_birth()
    world.rounds()
    return world.now.date()


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (LOST, (1, 0, 1, 1)),
        (OTHER_BYTES, (1, 1, 1, 1)),
        (ONE_TOO_MANY, (1, 2, 1, 1)),
        (TOLD_AND_NOT_HEARD, (1, 1, 1, 2)),
        (HEARD_AND_NOT_TOLD, (1, 1, 1, 0)),
        (ANOTHER_DAY, (1, 0, 1, 1)),
    ],
)
def test_a_difference_with_an_office_shows_until_the_day_agrees(
    world: World, change: str, counts: tuple[int, int, int, int]
) -> None:
    today = _filed(world)
    assert world.desk.compare(today) == {"civil-status": True, "police": True, "social-assistance": True}
    assert [one.differing for one in queries.partners()] == [(), (), ()]
    office = world.lines[Office.CIVIL_STATUS].office.store
    with office.change() as store:
        kept = [store.execute(f"SELECT * FROM {table}").fetchall() for table in ("taken", "told")]
        store.execute(change)
    assert world.desk.compare(today)["civil-status"] is False
    [day] = queries.partners()[0].differing
    assert (day.on_day, (day.sent, day.taken, day.heard, day.told)) == (today, counts)
    shown = CliRunner().invoke(app, ["partners", "--json"])
    assert (shown.exit_code, len(json.loads(shown.stdout)[0]["differing"])) == (1, 1)
    with office.change() as store:
        for table, lines in zip(("taken", "told"), kept, strict=True):
            store.execute(f"DELETE FROM {table}")
            store.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(lines[0]))})", lines)
    assert world.desk.compare(today)["civil-status"] is True
    assert CliRunner().invoke(app, ["partners"]).exit_code == 0


def test_what_was_sent_is_always_accounted_for(world: World) -> None:
    world.lines[Office.CIVIL_STATUS].away = True
    _filed(world)
    [civil, police, social] = queries.partners()
    assert (civil.sent, civil.acknowledged, civil.pending, civil.refused) == (1, 0, 1, 0)
    assert civil.pending_since == world.now
    assert (police.sent, social.sent) == (0, 0)
    world.lines[Office.CIVIL_STATUS].away = False
    # Other bytes were taken under the id meanwhile: the office refuses ours for good, and somebody has to look.
    [(message, body)] = rows("SELECT message_id, body FROM lifeevents_message")
    other = Pending(1, 1, message, "submit", body + " ")
    world.lines[Office.CIVIL_STATUS].deliver([other])
    world.rounds()
    civil = queries.partners()[0]
    assert (civil.sent, civil.acknowledged, civil.pending, civil.refused) == (1, 0, 0, 1)
    assert number("SELECT count(*) FROM lifeevents_case WHERE settled_at IS NULL") == 1


class _Calls:
    """A partner's side of signed calls, answering as it likes."""

    def __init__(self, answer: Callable[[list[dict[str, Any]]], Any]) -> None:
        self.answer = answer
        self.calls: list[int] = []

    def hand_over(self, path: str, action: str, message: bytes, message_id: str, *, items: int = 1) -> Answer:
        """Answer a call."""
        sent = msgspec.json.decode(message)["messages"]
        self.calls.append(len(sent))
        assert (path, action, items) == ("/messages", "deliver", len(sent))
        return Answer(msgspec.json.encode(self.answer(sent)), "")

    def refused(self, what: str) -> PartnerTrouble:
        """Name what the partner broke."""
        return PartnerTrouble("office", what, temporary=False)


def _taken(sent: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"answers": [{"id": one["id"], "taken_on": "2025-07-15"} for one in sent]}


@pytest.mark.parametrize(
    "answer",
    [
        lambda sent: {"answers": []},
        lambda sent: {"answers": [*_taken(sent)["answers"], {"id": "more", "taken_on": "2025-07-15"}]},
        lambda sent: {"answers": list(reversed(_taken(sent)["answers"]))},
        lambda sent: {"answers": [{"id": one["id"]} for one in sent]},
        lambda sent: {"answers": [{"id": one["id"], "taken_on": "hôm nay"} for one in sent]},
        lambda sent: {"answers": [{"id": one["id"], "refused": "<b>no</b>"} for one in sent]},
        lambda sent: {"acknowledged": True},
        lambda sent: [],
    ],
)
def test_an_office_that_answers_otherwise_than_agreed_acknowledges_nothing(answer: Any) -> None:
    exchange = OfficeExchange(_Calls(answer))  # type: ignore[arg-type]  # a partner made up
    with pytest.raises(PartnerTrouble) as trouble:
        exchange.deliver([Pending(1, number_, f"life-1-{number_}", "submit", "{}") for number_ in (1, 2)])
    assert trouble.value.temporary is False


def test_messages_go_in_calls_of_a_bounded_size() -> None:
    calls = _Calls(_taken)
    exchange = OfficeExchange(calls)  # type: ignore[arg-type]  # as above
    few = [Pending(1, n, f"life-1-{n}", "submit", "{}") for n in range(2 * MESSAGES_AT_ONCE + 1)]
    assert exchange.deliver(few) == [date(2025, 7, 15)] * len(few)
    assert calls.calls == [MESSAGES_AT_ONCE, MESSAGES_AT_ONCE, 1]
    calls.calls.clear()
    exchange.deliver([Pending(1, n, f"life-1-{n}", "submit", "x" * 1_500_000) for n in range(3)])
    assert calls.calls == [1, 1, 1]
