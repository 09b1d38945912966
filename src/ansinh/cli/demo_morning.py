"""What the demo lives through the partners: a morning at the hospitals, and a message to one person."""

from __future__ import annotations

from pathlib import Path

from ansinh.access.operations import issue_token, register_client, register_facility_officer
from ansinh.access.queries import actor_of_officer
from ansinh.cli.acting import actor
from ansinh.cli.demo_officers import FOUNDERS
from ansinh.cli.screen import counted
from ansinh.config.partners import message_provider
from ansinh.config.queries import agency_clock
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import RealClock, legal_day
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.notices.operations import Notice, keep_address, send_message
from ansinh.notices.procedures import deliver_due
from ansinh.people.queries import example_of_verdict
from ansinh.places.queries import facility_codes
from ansinh_sandbox.hospitals import Clerk, citizen_cards, live

HOSPITALS = 40
LOOKUPS_MAX = 20_000


def hospital_morning(folder: Path, people: int, seed: int) -> str:
    """On-board some hospitals, let their clerks look up the patients of a morning, and return what they saw in words."""
    here, who, secrets = settings(), actor(), secrets_folder(settings())
    clerks, administrator = [], actor_of_officer(FOUNDERS[0].officer_no)
    for facility in facility_codes("specialised", HOSPITALS):
        reason = "kết nối phần mềm bệnh viện của quốc gia mô phỏng"
        client = register_client(
            actor=who, reason=reason, facility=facility, name="HIS mô phỏng", scope=["standing:read"]
        )
        token = issue_token(actor=who, reason=reason, clock=RealClock(), client_id=client.client_id, secrets=secrets)
        register_facility_officer(
            actor=administrator, reason=reason, facility=facility, officer=f"{facility}-01", name="Cán bộ mô phỏng"
        )
        clerks.append(Clerk(token.access_token, f"{facility}-01"))
    cards = citizen_cards(folder / "register" / "person.parquet", min(LOOKUPS_MAX, people // 4), seed)
    morning = live(here.gateway_host, here.gateway_port, clerks, cards)
    answered = morning.statuses.get(200, 0)
    if answered != len(cards):
        raise Refusal(
            f"Cổng tra cứu chỉ trả lời {answered} trên {len(cards)} lượt: {morning.statuses}",
            f"The gateway answered {answered} of {len(cards)} look-ups: {morning.statuses}",
        )
    return (
        f"{counted(answered)} lượt ở {len(clerks)} bệnh viện, {counted(morning.found)} thấy thẻ, "
        f"{counted(round(answered / morning.seconds))}/s, p99 {morning.percentile(0.99):.0f} ms"
    )


def tell_one_person() -> str:
    """Tell one authenticated person so, through the message provider, and return what became of it in words."""
    who, clock, reason = actor(), agency_clock(), "báo kết quả xác thực"
    person_id = example_of_verdict("verified")
    if person_id is None:
        return "chưa ai được xác thực"
    today = legal_day(clock.now())
    keep_address(actor=who, reason=reason, person_id=person_id, kind="sms", address="+84900000001")
    notice = Notice(
        person_id, "identity_verified", {"verified_on": f"{today:%d/%m/%Y}"}, f"people.verdict:{person_id}", today
    )
    send_message(actor=who, reason=reason, clock=clock, notice=notice)
    with message_provider(settings()) as provider:
        delivery = deliver_due(actor=who, reason=reason, clock=RealClock(), provider=provider)
    return f"gửi {delivery.sent}, tới nơi {delivery.delivered}, còn chờ {delivery.waiting}"
