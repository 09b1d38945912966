"""What the demo lives in the national e-ID app: citizens of the invented nation read their own contribution books, and parents a newborn's card."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ansinh.access import operations
from ansinh.access.tokens import BOOK_READ, RECORD_OWN
from ansinh.cli.acting import actor
from ansinh.cli.onboarding import keep_key
from ansinh.cli.screen import counted
from ansinh.database.urls import secrets_folder
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh_sandbox import eid_app

REASON = "kết nối ứng dụng định danh quốc gia mô phỏng"
NAME = "Ứng dụng định danh mô phỏng"
READERS_MAX = 10_000
RATE_PER_SECOND = 20_000


def evening_at_the_app(folder: Path, people: int, seed: int) -> str:
    """Let the app in and some citizens read their own books, and return what they saw in words; refuses when a reading was not answered rightly."""
    here = settings()
    gateway, (client, key) = _gateway(), _app()
    token = eid_app.sign_in(gateway, client, key)
    readers = eid_app.citizens(folder / "register" / "person.parquet", min(READERS_MAX, people // 10), seed)
    evening = eid_app.live(here.gateway_host, here.gateway_port, token, readers)
    answered = evening.statuses.get(200, 0)
    if answered != len(readers) or evening.mistaken:
        raise Refusal(
            f"Ứng dụng nhận {answered} trên {len(readers)} sổ, {evening.mistaken} sai người: {evening.statuses}",
            f"The app got {answered} of {len(readers)} books, {evening.mistaken} of others: {evening.statuses}",
        )
    return (
        f"{counted(answered)} lượt, {counted(evening.found)} sổ, {counted(evening.months)} tháng, "
        f"{counted(round(answered / evening.seconds))}/s, p99 {evening.percentile(0.99):.0f} ms"
    )


def card_at_the_app(number: str, citizen: str) -> str:
    """Pull a card the way the app does for a citizen who may act for its holder, and return what the app shows in words; refuses when the app finds none."""
    client, key = _app()
    card = eid_app.card_of(_gateway(), client, key, number, citizen)
    if card is None:
        raise Refusal("Ứng dụng không thấy thẻ nào.", "The app finds no card.")
    last = date.fromisoformat(card["valid_until"]) - timedelta(days=1)
    where = card["facility_name"] or card["facility"]
    return (
        f"{card['full_name']}, thẻ …{card['card_number'][-4:]}, giá trị đến hết {last:%d/%m/%Y}, quỹ chi trả {card['share_percent']} %, "
        f"khám ban đầu tại {where}"
    )


def _gateway() -> str:
    here = settings()
    return f"http://{here.gateway_host}:{here.gateway_port}"


def _app() -> tuple[str, dict[str, Any]]:
    """Return the app's name at the gateway and its key, let in the first time."""
    client = operations.register_client(
        actor=actor(),
        reason=REASON,
        facility=operations.APP,
        name=NAME,
        scope=[BOOK_READ, RECORD_OWN],
        rate_per_second=RATE_PER_SECOND,
    )
    key_file = secrets_folder(settings()) / "clients" / f"{client.client_id}.private.jwk.json"
    if client.private_key is not None:
        keep_key(client, key_file)
    return client.client_id, json.loads(key_file.read_text(encoding="utf-8"))
