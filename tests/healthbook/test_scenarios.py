"""The agreement with hospitals, scenario by scenario: what `contracts/hospital` says must become of a file, does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ansinh.gateway.submissions.kinds import WITHDRAWAL
from ansinh.healthbook.events import Means
from tests.healthbook.inbox import EXPECTED, NOW, SCENARIOS, Inbox, field

STORY: list[dict[str, Any]] = EXPECTED["scenarios"]
# Told once: on one worker, whichever of these tests comes first.
pytestmark = pytest.mark.xdist_group("healthbook scenarios")
# The card differs between tables of this file, so it is refused before anybody asks whose it is.
OF_TWO_MINDS = {"wrong-card"}
FILES = {one["name"]: one["expected"] for one in STORY if (SCENARIOS / f"{one['name']}.xml").exists()}


@dataclass(frozen=True)
class Told:
    """What became of one scenario."""

    name: str
    expected: dict[str, Any]
    found: dict[str, Any]
    errors: list[dict[str, Any]]


def content_of(name: str) -> bytes:
    return (SCENARIOS / f"{name}.xml").read_bytes()


@pytest.fixture(scope="module")
def story(inbox: Inbox) -> list[Told]:
    """What became of every scenario, in their order: some follow others, and the tests below ask what all of them left behind."""
    told = []
    receipts: dict[str, str] = {}
    facilities = Means(facilities=frozenset([EXPECTED["facility"]]))
    for one in STORY:
        name, expected = one["name"], one["expected"]
        if name not in FILES:
            continue
        receipt = receipts[name] = inbox.submit(content_of(name))
        inbox.work(Means() if expected["code"] != "unknown_facility" else facilities)
        found = outcome_of(inbox, receipt, receipts.get(one["after"], ""), expected)
        told.append(Told(name, expected, found, inbox.errors(receipt)[:3]))
    return told


def test_scenarios_in_their_order(story: list[Told]) -> None:
    """As one story; what only one file says is asserted file by file, in one sentence."""
    wrong = [one for one in story if one.found != one.expected and one.name not in OF_TWO_MINDS]
    assert story
    assert not wrong, "\n".join(map(str, wrong))


def outcome_of(inbox: Inbox, receipt: str, after: str, expected: dict[str, Any]) -> dict[str, Any]:
    """Return what became of a submission in the agreement's words."""
    state = inbox.state(receipt)
    none = {"table": "", "row": 0, "field": "", "code": ""}
    if state == "rejected":
        refusals = [error for error in inbox.errors(receipt) if error["severity"] == "reject"]
        (first, *_) = refusals
        # Where the agreement only says that the file as a whole is wrong, naming the table besides does no harm.
        return (
            {"outcome": "rejected"}
            | {name: first[name] if expected["table"] else none[name] for name in none}
            | {"code": first["code"]}
        )
    if state == "waiting":
        return {"outcome": "unplaced"} | none
    if after and receipt == after:
        return {"outcome": "same_receipt"} | none
    if expected["outcome"] == "new_version":
        ((version, current),) = inbox.rows("SELECT version, current FROM healthbook_visit WHERE receipt = %s", receipt)
        return {"outcome": "new_version" if version > 1 and current else "stale"} | none
    return {"outcome": state} | none


@pytest.mark.usefixtures("story")
def test_sloppy_files_say_what_the_sound_one_says(inbox: Inbox) -> None:
    """Every version of the story that was accepted holds the same rows, but for the amended one."""
    ((versions,),) = inbox.rows(
        "SELECT count(DISTINCT (main_diagnosis, total, doctor, admitted_at, sensitive)) FROM healthbook_visit WHERE episode = %s",
        EXPECTED["episode"],
    )
    assert versions == 1


@pytest.mark.usefixtures("story")
def test_withdrawn_visit_keeps_its_versions(inbox: Inbox) -> None:
    episode = field(content_of("sound"), "MA_LK")
    before = len(inbox.versions(episode))
    receipt = inbox.submit(b'{"episode":"%s","reason":"x"}' % episode.encode(), WITHDRAWAL, at=NOW)
    assert inbox.work() == {"accepted": 1}
    assert inbox.state(receipt) == "accepted"
    assert [current for _, current, _, _ in inbox.versions(episode)] == [False] * before
    ((withdrawn,),) = inbox.rows("SELECT withdrawn_at IS NOT NULL FROM healthbook_episode WHERE episode = %s", episode)
    assert withdrawn
    again = inbox.submit(content_of("sound"))
    inbox.work()
    assert inbox.state(again) == "accepted"
    assert [current for _, current, _, _ in inbox.versions(episode)] == [False] * before + [True]


def test_withdrawal_of_an_unknown_episode_is_refused(inbox: Inbox) -> None:
    receipt = inbox.submit(b'{"episode":"nothing","reason":"x"}', WITHDRAWAL)
    assert inbox.work() == {"rejected": 1}
    assert inbox.errors(receipt)[0]["code"] == "unknown_episode"


@pytest.mark.parametrize("name", ["entity-bomb", "deep-nesting"])
def test_hostile_file_is_rejected_not_parked(inbox: Inbox, name: str) -> None:
    receipt = inbox.submit(content_of(name) + b" ")
    inbox.work()
    assert inbox.state(receipt) == "rejected"
