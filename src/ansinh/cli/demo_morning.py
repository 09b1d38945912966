"""What the demo lives through the partners: a morning at the hospitals, and a message to one person."""

from __future__ import annotations

import json
from pathlib import Path

from ansinh.access.operations import (
    open_dialect_door,
    register_client,
    register_facility_officer,
    replace_dialect_password,
)
from ansinh.access.queries import actor_of_officer
from ansinh.audit.operations import show_looks
from ansinh.cli.acting import actor
from ansinh.cli.audit import looks_table
from ansinh.cli.demo_officers import FOUNDERS
from ansinh.cli.onboarding import keep_key
from ansinh.cli.screen import counted, out
from ansinh.config.partners import message_provider
from ansinh.config.queries import agency_clock
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import RealClock, legal_day
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.notices.operations import Notice, keep_address, send_message
from ansinh.notices.procedures import deliver_due
from ansinh.people.queries import example_of_verdict, person_of_number
from ansinh.places.queries import facility_codes
from ansinh_sandbox.his import HospitalSoftware, Officer, Patient
from ansinh_sandbox.hospital_tokens import Software
from ansinh_sandbox.hospitals import Clerk, citizen_cards, live

# Hospitals of the morning: hundreds in a nation of the usual size, fewer in a village.
HOSPITALS_MAX = 200
PEOPLE_PER_HOSPITAL = 100
CLERKS_PER_HOSPITAL = 3
LOOKUPS_MAX = 20_000
LOOKS_SHOWN_MAX = 8
# Look-ups by software that speaks the older dialect; each waits for the one before, clerks take turns.
OLDER_LOOKUPS = 24
OFFICER_NAME = "Cán bộ mô phỏng"
# What the older dialect answers when the hospital or we are to blame, not a card, a record or what was typed.
NOT_ABOUT_THE_CARD = {"054", "055", "101", "205", "401"}


def hospital_morning(folder: Path, people: int, seed: int) -> str:
    """On-board some hospitals, let their clerks look up the patients of a morning, and return what they saw in words."""
    here = settings()
    places = _hospitals(people)
    clerks = [clerk for facility in places for clerk in _clerks(facility)]
    cards = citizen_cards(folder / "register" / "person.parquet", min(LOOKUPS_MAX, people // 4), seed)
    morning = live(here.gateway_host, here.gateway_port, clerks, cards)
    answered = morning.statuses.get(200, 0)
    if answered != len(cards):
        raise Refusal(
            f"Cổng tra cứu chỉ trả lời {answered} trên {len(cards)} lượt: {morning.statuses}",
            f"The gateway answered {answered} of {len(cards)} look-ups: {morning.statuses}",
        )
    return (
        f"{counted(answered)} lượt ở {len(places)} bệnh viện, {counted(morning.found)} thấy thẻ, "
        f"{counted(round(answered / morning.seconds))}/s, p99 {morning.percentile(0.99):.0f} ms; "
        f"{_older_software(places[0], cards[:OLDER_LOOKUPS])}"
    )


def _hospitals(people: int) -> list[str]:
    hospitals = max(1, min(HOSPITALS_MAX, people // PEOPLE_PER_HOSPITAL))
    return [*facility_codes("specialised", hospitals), *facility_codes("basic", hospitals)][:hospitals]


def first_hospital(people: int) -> str:
    """Return the hospital of the morning whose older software is connected, too."""
    return _hospitals(people)[0]


def show_who_looked(folder: Path, people: int, seed: int) -> str:
    """Print the audit rows of one of the morning's patients, as that person may see them, and return how many there are in words."""
    (card,) = citizen_cards(folder / "register" / "person.parquet", 1, seed)
    person_id = person_of_number("pin", card.split("|")[0])
    if person_id is None:
        return "người này chưa có mã định danh đã xác thực"
    reason = "cho người được tra cứu xem ai đã tra cứu"
    looks = show_looks(actor=actor(), reason=reason, person_id=person_id, limit=LOOKS_SHOWN_MAX)
    out.print(looks_table(looks))
    return f"{counted(len(looks))} lượt gần nhất của một người"


def _older_software(facility: str, cards: list[str]) -> str:
    """Let one hospital's older software ask about some of the patients, unchanged, and return what it saw in words."""
    here, who, reason = settings(), actor(), "kết nối phần mềm cũ của quốc gia mô phỏng"
    open_dialect_door(actor=who, reason=reason, facility=facility)
    password = replace_dialect_password(actor=who, reason=reason, facility=facility).password or ""
    base = f"http://{here.gateway_host}:{here.gateway_port}"
    told, usable = [], 0
    for number in range(1, CLERKS_PER_HOSPITAL + 1):
        software = HospitalSoftware(base, facility, password, Officer(OFFICER_NAME, f"{facility}-{number:02}"))
        patients = [card.split("|") for card in cards[number - 1 :: CLERKS_PER_HOSPITAL]]
        answers = [software.look_up(Patient(part[0], part[2], part[3])) for part in patients]
        usable += sum(software.may_use(one) is not None for one in answers)
        told += answers
        software.close()
    if strange := {one["maKetQua"] for one in told} & NOT_ABOUT_THE_CARD:
        raise Refusal(
            f"Cổng tương thích trả lời mã {', '.join(sorted(strange))}.",
            f"The compatible door answered {', '.join(sorted(strange))}.",
        )
    return f"phần mềm cũ: {len(told)} lượt, {usable} thẻ dùng được"


def _clerks(facility: str) -> list[Clerk]:
    """Let a hospital and its clerks in, as `ansinh access onboard` does, and let its software get a token with its own key."""
    here, reason = settings(), "kết nối phần mềm bệnh viện của quốc gia mô phỏng"
    client = register_client(
        actor=actor(), reason=reason, facility=facility, name="HIS mô phỏng", scope=["standing:read"]
    )
    key_file = secrets_folder(here) / "clients" / f"{client.client_id}.private.jwk.json"
    if client.private_key is not None:
        keep_key(client, key_file)
    administrator = actor_of_officer(FOUNDERS[0].officer_no)
    officers = [f"{facility}-{number:02}" for number in range(1, CLERKS_PER_HOSPITAL + 1)]
    for officer in officers:
        register_facility_officer(
            actor=administrator, reason=reason, facility=facility, officer=officer, name=OFFICER_NAME
        )
    software = Software(client.client_id, json.loads(key_file.read_text(encoding="utf-8")))
    token = software.token(f"http://{here.gateway_host}:{here.gateway_port}")
    return [Clerk(token, officer) for officer in officers]


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
