"""What the demo lives after work: citizens of the invented nation read their own contribution books in the national e-ID app."""

from __future__ import annotations

import json
from pathlib import Path

from ansinh.access import operations
from ansinh.access.tokens import BOOK_READ
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
    client = operations.register_client(
        actor=actor(),
        reason=REASON,
        facility=operations.APP,
        name=NAME,
        scope=[BOOK_READ],
        rate_per_second=RATE_PER_SECOND,
    )
    key_file = secrets_folder(here) / "clients" / f"{client.client_id}.private.jwk.json"
    if client.private_key is not None:
        keep_key(client, key_file)
    gateway = f"http://{here.gateway_host}:{here.gateway_port}"
    token = eid_app.sign_in(gateway, client.client_id, json.loads(key_file.read_text(encoding="utf-8")))
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
