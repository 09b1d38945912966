"""What the demo shows of referral papers: one is used at the hospital it leads to, and refused there the second time, over HTTP, with when and where."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx

from ansinh.access.operations import change_client, register_client, register_facility_officer
from ansinh.access.queries import actor_of_officer
from ansinh.access.tokens import HEALTH_READ
from ansinh.cli.acting import actor
from ansinh.cli.demo_officers import FOUNDERS
from ansinh.cli.onboarding import keep_key
from ansinh.cli.screen import out
from ansinh.config.queries import agency_clock
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.people.queries import example_of_verdict, person_as_known, person_of_number
from ansinh.places.queries import facility_codes
from ansinh.referrals.operations import take_papers
from ansinh.referrals.queries import Referral, TakenPaper, VisitPapers, papers_of, usable_papers
from ansinh_sandbox.hospital_tokens import Software

REASON = "giấy chuyển cơ sở của quốc gia mô phỏng"
NAME = "HIS nhận giấy chuyển mô phỏng"
OFFICER_NAME = "Cán bộ mô phỏng"
DEMO_PAPER = "GCT-DEMO"
CANDIDATES = 20


def referral_used_once() -> str:
    """Let a hospital use a patient's referral paper, and try again for another visit; returns what it heard in words. Refuses when it heard otherwise."""
    paper, pin = _paper()
    hospital = paper.to_facility or ""
    token, officer = _hospital(hospital)
    told = {"key": pin, "officer": officer, "paper": f"{paper.facility}/{paper.number}"}
    here = settings()
    base = f"http://{here.gateway_host}:{here.gateway_port}"
    headers = {"authorization": f"Bearer {token}"}
    with httpx.Client(base_url=base, headers=headers, trust_env=False, timeout=10) as line:
        checked = line.post("/v1/referrals:check", json=told).json()
        first = line.post("/v1/referrals:use", json=told | {"visit": f"{DEMO_PAPER}-1"})
        again = line.post("/v1/referrals:use", json=told | {"visit": f"{DEMO_PAPER}-1"})
        second = line.post("/v1/referrals:use", json=told | {"visit": f"{DEMO_PAPER}-2"})
    heard = [checked.get("verdict"), first.status_code, again.status_code, second.status_code]
    if heard not in (["usable", 200, 200, 409], ["used", 200, 200, 409]):
        raise Refusal(f"Bệnh viện nghe: {heard}", f"The hospital heard: {heard}")
    out.print(f"  {paper.number}: {paper.facility_name} → {paper.to_facility_name}", markup=False)
    out.print(f"  409 {second.json()['detail']}", markup=False)
    return f"giấy {paper.number}: dùng một lần, lần thứ hai bị từ chối"


def _paper() -> tuple[Referral, str]:
    """Return a paper that can be used once, and its bearer's personal number: one the visits told of, or one made for the demo."""
    clock = agency_clock()
    today = legal_day(clock.now())
    for paper in usable_papers(today, CANDIDATES):
        known = person_as_known(paper.person_id, clock.now())
        if known and known.fields["pin"]:
            return paper, known.fields["pin"]
    person = example_of_verdict("verified")
    known = person_as_known(person, clock.now()) if person is not None else None
    if person is None or known is None or not known.fields["pin"]:
        raise Refusal("Chưa ai có mã định danh.", "Nobody has a personal number yet.")
    issuer, hospital = facility_codes("primary", 1)[0], facility_codes("specialised", 1)[0]
    told = TakenPaper(
        kind="referral",
        number=DEMO_PAPER,
        issued_on=today - timedelta(days=1),
        to_facility=hospital,
        reason=1,
        diagnoses=("K35",),
        diagnosis_text="Viêm ruột thừa cấp",
        doctor="BS-MAU",
    )
    visit = VisitPapers(person, issuer, DEMO_PAPER, DEMO_PAPER, told.issued_on, papers=(told,))
    take_papers(actor=actor(), reason=REASON, clock=clock, visits=[visit])
    bearer = person_of_number("pin", known.fields["pin"])
    found = [one for one in papers_of(bearer or person, today).referrals if one.number == DEMO_PAPER]
    return found[0], known.fields["pin"]


def _hospital(facility: str) -> tuple[str, str]:
    """Let the receiving hospital's software and one officer in; returns its token and the officer."""
    here = settings()
    client = register_client(actor=actor(), reason=REASON, facility=facility, name=NAME, scope=[HEALTH_READ])
    key_file = secrets_folder(here) / "clients" / f"{client.client_id}.private.jwk.json"
    if client.private_key is not None:
        keep_key(client, key_file)
    else:
        change_client(actor=actor(), reason=REASON, client_id=client.client_id, scope=[HEALTH_READ])
    officer = f"{facility}-01"
    register_facility_officer(
        actor=actor_of_officer(FOUNDERS[0].officer_no),
        reason=REASON,
        facility=facility,
        officer=officer,
        name=OFFICER_NAME,
    )
    software = Software(client.client_id, json.loads(key_file.read_text(encoding="utf-8")))
    return software.token(f"http://{here.gateway_host}:{here.gateway_port}"), officer
