"""What the demo lives through the partners: a morning at the hospitals, and a message to one person."""

from __future__ import annotations

from pathlib import Path

from ansinh.access.operations import issue_token, register_client
from ansinh.cli.acting import actor
from ansinh.cli.screen import counted
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import RealClock
from ansinh.foundation.settings import settings
from ansinh.places.queries import facilities_of_level
from ansinh_sandbox.hospitals import Clerk, citizen_cards, live

HOSPITALS = 40
LOOKUPS_MAX = 20_000


def hospital_morning(folder: Path, people: int, seed: int) -> str:
    """On-board some hospitals, let their clerks look up the patients of a morning, and return what they saw in words."""
    here, who, secrets = settings(), actor(), secrets_folder(settings())
    clerks = []
    for facility in facilities_of_level("specialised", HOSPITALS):
        reason = "kết nối phần mềm bệnh viện của quốc gia mô phỏng"
        client = register_client(
            actor=who, reason=reason, facility=facility, name="HIS mô phỏng", scope=["standing.read"]
        )
        token = issue_token(actor=who, reason=reason, clock=RealClock(), client_id=client.client_id, secrets=secrets)
        clerks.append(Clerk(token.access_token, f"{facility}-01"))
    cards = citizen_cards(folder / "register" / "person.parquet", min(LOOKUPS_MAX, people // 4), seed)
    morning = live(here.gateway_host, here.gateway_port, clerks, cards)
    answered = morning.statuses.get(200, 0)
    return (
        f"{counted(answered)} lượt ở {len(clerks)} bệnh viện, {counted(morning.found)} thấy thẻ, "
        f"{counted(round(answered / morning.seconds))}/s, p99 {morning.percentile(0.99):.0f} ms"
    )
