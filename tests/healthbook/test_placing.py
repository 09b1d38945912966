"""An officer finds whom a waiting entry is about, on the command line; it goes into the book and whoever hears of pages hears of it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ansinh.cli import healthbook_placing
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import NotFound
from ansinh.healthbook.events import Means, PageChange
from tests.healthbook.inbox import FACILITY, NOW, SOUND, Inbox, changed, field, with_episode
from tests.support.cast import ANYBODY_WITH_RIGHTS


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A command line of somebody who may place."""
    monkeypatch.setattr(healthbook_placing, "actor", lambda: ANYBODY_WITH_RIGHTS)
    monkeypatch.setattr(healthbook_placing, "agency_clock", lambda: FixedClock(NOW))
    monkeypatch.setattr(healthbook_placing, "out", Console(file=io.StringIO(), width=200))
    return CliRunner()


def waiting(inbox: Inbox, episode: str, pin: str) -> str:
    """A visit of somebody whose number nobody knows."""
    content = with_episode(SOUND, episode)
    receipt = inbox.submit(changed(content, (field(content, "SO_CCCD"), pin), (field(content, "MA_THE_BHYT"), "")))
    inbox.work()
    assert inbox.state(receipt) == "waiting"
    return receipt


def test_what_is_placed_goes_on_as_if_it_had_been_known(inbox: Inbox, run: CliRunner) -> None:
    receipt = waiting(inbox, "placing.1", "074088000051")
    listed = run.invoke(healthbook_placing.app, ["list", "--json"], catch_exceptions=False)
    assert receipt in [one["receipt"] for one in json.loads(listed.stdout)]
    place = ["place", FACILITY, receipt, "1", "1", "--reason", "đã xem căn cước"]
    assert run.invoke(healthbook_placing.app, place, catch_exceptions=False).exit_code == 0
    heard: list[PageChange] = []

    def receiver(changes: Sequence[PageChange]) -> None:
        heard.extend(changes)

    assert inbox.work(Means(receivers=(receiver,))) == {"accepted": 1}
    assert [(one.person_id, one.episode) for one in heard] == [(1, "placing.1")]
    with pytest.raises(NotFound):
        run.invoke(healthbook_placing.app, place, catch_exceptions=False)


def test_what_is_dismissed_goes_back_to_the_facility(inbox: Inbox, run: CliRunner) -> None:
    receipt = waiting(inbox, "placing.2", "074088000052")
    dismiss = ["dismiss", FACILITY, receipt, "1", "--reason", "không tìm được"]
    assert run.invoke(healthbook_placing.app, dismiss, catch_exceptions=False).exit_code == 0
    inbox.work()
    assert inbox.state(receipt) == "rejected"
