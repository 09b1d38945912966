"""Proving a card where there is no network: what was fetched before, how old it is, and what forged or stale codes come to."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.test import Client
from joserfc.jwk import ECKey
from typer.testing import CliRunner

from ansinh.access.queries import actor_of_person
from ansinh.cli import card_codes
from ansinh.credentials import keys
from ansinh.credentials.offline import Kept, NotFetched
from ansinh.credentials.operations import show_card
from ansinh.credentials.sd_jwt import issued, shown
from tests.credentials.conftest import CARD, CLOCKS, TODAY


@pytest.fixture
def network(wallet: Client) -> httpx.Client:
    """The issuer's addresses as a hospital reaches them."""

    def answer(request: httpx.Request) -> httpx.Response:
        told = wallet.get(request.url.path)
        return httpx.Response(
            told.status_code, content=told.content, headers={"content-type": told.headers["content-type"]}
        )

    return httpx.Client(transport=httpx.MockTransport(answer))


@pytest.fixture
def code(wallet: Client, person: int, folder: Path) -> str:
    return show_card(actor=actor_of_person(person), reason="thử", clocks=CLOCKS, person_id=person, folder=folder)


@pytest.fixture
def kept(code: str, network: httpx.Client, tmp_path: Path) -> Kept:
    """What a hospital fetched this morning."""
    store = Kept(tmp_path / "kept")
    assert store.fetch(keys.issuer(), _now(), via=network) == 1
    return store


def _now() -> datetime:
    return datetime.now(UTC)


def test_a_card_is_proven_and_the_age_of_the_list_is_told(kept: Kept, code: str) -> None:
    verdict = kept.verify(code, _now() + timedelta(hours=3), TODAY)
    assert (verdict.verdict, verdict.says["card_number"], verdict.list_over) == ("good", CARD, False)
    assert verdict.list_age is not None
    assert timedelta(hours=2, minutes=59) <= verdict.list_age <= timedelta(hours=4)
    late = kept.verify(code, _now() + timedelta(days=2), TODAY)
    assert (late.verdict, late.list_over) == ("good", True)


def test_a_withdrawn_card_is_refused_with_a_fresh_list(kept: Kept, code: str, network: httpx.Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cards_standing SET status = 'withdrawn'")
    assert kept.verify(code, _now(), TODAY).verdict == "good", "nobody told this hospital yet"
    kept.fetch(keys.issuer(), _now(), via=network)
    verdict = kept.verify(code, _now(), TODAY)
    assert (verdict.verdict, verdict.good) == ("withdrawn", False)


def test_the_cards_own_days_count(kept: Kept, code: str) -> None:
    assert kept.verify(code, _now(), date(2026, 1, 1)).verdict == "card_over"
    assert kept.verify(code, _now(), date(2025, 12, 31)).verdict == "good"
    assert kept.verify(code, _now(), date(2024, 12, 31)).verdict == "card_not_yet"
    assert kept.verify(code, _now() + timedelta(days=8), TODAY).verdict == "expired"


def test_forged_and_foreign_codes_are_refused(kept: Kept, code: str, folder: Path) -> None:
    signed, *rest = code.split("~")
    head, payload, signature = signed.split(".")
    other = "A" if signature[10] != "A" else "B"
    forged = "~".join([f"{head}.{payload}.{signature[:10]}{other}{signature[11:]}", *rest])
    assert kept.verify(forged, _now(), TODAY).verdict == "bad_signature"
    assert kept.verify("~".join([signed, rest[0], *rest]), _now(), TODAY).verdict == "not_a_credential"
    swapped = issued({"x": 1}, {"card_number": "XX"}, keys.issuer_keys(folder).signing, lambda n: b"x" * n).split("~")[
        1
    ]
    assert kept.verify("~".join([signed, swapped, *rest]), _now(), TODAY).verdict == "not_a_credential"
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    always = {"iss": keys.issuer(), "vct": f"{keys.issuer()}/types/health_card", "iat": 1, "exp": 9_999_999_999}
    status = {"status": {"status_list": {"idx": 1, "uri": keys.list_uri(1)}}}
    assert (
        kept.verify(issued(always | status, {}, stranger, lambda n: b"x" * n), _now(), TODAY).verdict == "unknown_key"
    )
    ours = keys.issuer_keys(folder).signing
    foreign = issued(always | status | {"iss": "https://x"}, {}, ours, lambda n: b"x" * n)
    assert kept.verify(foreign, _now(), TODAY).verdict == "other_issuer"
    other_kind = issued(always | status | {"vct": "https://x"}, {}, ours, lambda n: b"x" * n)
    assert kept.verify(other_kind, _now(), TODAY).verdict == "not_a_card"
    unlisted = issued(
        always | {"status": {"status_list": {"idx": 1, "uri": keys.list_uri(7_000_000)}}}, {}, ours, lambda n: b"x" * n
    )
    assert kept.verify(unlisted, _now(), TODAY).verdict == "unlisted"
    for text in ("", "~", "x~y~", "é~", "a.b.c~", code * 20, "DN4010100000001"):
        assert kept.verify(text, _now(), TODAY).verdict == "not_a_credential"


def test_a_holder_who_hides_the_days_shows_no_card(kept: Kept, code: str) -> None:
    assert kept.verify(shown(code, frozenset({"card_number"})), _now(), TODAY).verdict == "not_a_card"
    least = shown(code, frozenset({"card_number", "valid_from", "valid_until"}))
    verdict = kept.verify(least, _now(), TODAY)
    assert (verdict.verdict, set(verdict.says)) == ("good", {"card_number", "valid_from", "valid_until"})


def test_without_keys_nothing_is_proven(tmp_path: Path, code: str) -> None:
    with pytest.raises(NotFetched):
        Kept(tmp_path / "none").verify(code, _now(), TODAY)


def test_a_failed_fetch_leaves_what_was_kept(kept: Kept, code: str) -> None:
    broken = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(503)))
    with pytest.raises(NotFetched):
        kept.fetch(keys.issuer(), _now(), via=broken)
    assert kept.verify(code, _now(), TODAY).verdict == "good"


def test_look_ups_wait_and_are_sent_when_the_network_is_back(kept: Kept, code: str) -> None:
    for officer in ("BS-17", "BS-18"):
        kept.keep_look(kept.verify(code, _now(), TODAY), _now(), officer)
    kept.keep_look(kept.verify("x", _now(), TODAY), _now(), "BS-17")
    asked: list[dict[str, str]] = []
    answers = iter([httpx.Response(200), httpx.Response(503)])

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return next(answers)

    gateway = httpx.Client(transport=httpx.MockTransport(answer))
    assert kept.send_looks("http://gateway", "t", via=gateway) == (1, 2)
    answers = iter([httpx.Response(200)])
    assert kept.send_looks("http://gateway", "t", via=gateway) == (2, 0)
    assert kept.send_looks("http://gateway", "t", via=gateway) == (0, 0)
    assert [(one["key"], one["officer"]) for one in asked] == [(CARD, "BS-17"), (CARD, "BS-18"), (CARD, "BS-18")]


def test_the_command_tells_the_verdict_and_keeps_the_look_up(kept: Kept, code: str, tmp_path: Path) -> None:
    words = ["verify-offline", "--kept", str(tmp_path / "kept"), "--officer", "BS-17", "--today", "2025-06-03"]
    done = CliRunner().invoke(card_codes.app, [*words, "--json"], input=code)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["verdict"], told["says"]["card_number"], told["list_age_minutes"]) == (
        "good",
        CARD,
        told["list_age_minutes"],
    )
    assert CliRunner().invoke(card_codes.app, words, input="x~").exit_code == 1
    looks = (tmp_path / "kept" / "looks.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(one)["verdict"] for one in looks] == ["good", "not_a_credential"]
