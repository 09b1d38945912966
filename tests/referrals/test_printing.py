"""A referral paper and an appointment slip as signed PDFs: what they say, what their code says, and that they name nobody by number."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from ansinh.access.keys import published_keys, rotate
from ansinh.access.roles import InsuredPerson
from ansinh.audit.queries import looks_at
from ansinh.database.sql import execute
from ansinh.documents.signatures import KEYS_NAME, proven
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import NotFound
from ansinh.foundation.purpose import Purpose
from ansinh.referrals.operations import Printed, print_appointment, print_referral
from ansinh.referrals.queries import papers_of
from tests.referrals.given import PATIENT, SIGNED, at, found_facilities, referral, slip, take

pytestmark = pytest.mark.django_db
SHE = Actor(ActorKind.PERSON, str(PATIENT), InsuredPerson.permissions)
PIN = "001180000071"


@pytest.fixture
def secrets(db: None, tmp_path: Path) -> Path:
    found_facilities()
    execute(
        "INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, household, stated_number, recorded_on)"
        " VALUES (%s, 'Nguyễn Thị Hiền', 'F', 1980, 3, 12, '00001', '01', 1, %s, '2020-01-01')",
        [PATIENT, PIN],
    )
    rotate(tmp_path, KEYS_NAME)
    return tmp_path


def printed(secrets: Path, number: int = 1) -> Printed:
    return print_referral(
        actor=SHE,
        reason="in giấy",
        clock=at(2025, 6, 3),
        person_id=PATIENT,
        referral_id=number,
        purpose=Purpose.OWN_RECORD,
        secrets=secrets,
    )


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a_referral_is_printed_signed_and_says_until_when(secrets: Path) -> None:
    take(referral())
    paper = printed(secrets)
    text = text_of(paper.content)
    for words in (
        "Nguyễn Thị Hiền",
        "12/03/1980",
        "02/06/2025 – 16/06/2025",
        "Bệnh viện Đa khoa Mẫu",
        "Viêm ruột thừa",
        "ANSINH|GCT|01097|GCT-2025-00071",
    ):
        assert words in text, words
    assert PIN not in text
    assert proven(paper.content, paper.paper.signature, published_keys(secrets, KEYS_NAME))
    assert printed(secrets).paper == paper.paper
    assert {one.call for one in looks_at(PATIENT)} == {"referral paper, printed"}


def test_a_withdrawn_paper_says_so(secrets: Path) -> None:
    take(referral())
    take(withdrawn=True)
    assert "ĐÃ THU HỒI" in text_of(printed(secrets).content)


def test_an_appointment_is_printed_and_an_unknown_paper_is_not(secrets: Path) -> None:
    take(slip())
    made = print_appointment(
        actor=SHE,
        reason="in giấy",
        clock=at(2025, 6, 3),
        person_id=PATIENT,
        appointment_id=1,
        purpose=Purpose.OWN_RECORD,
        secrets=secrets,
    )
    assert "01/07/2025" in text_of(made.content)
    assert "15/07/2025" in text_of(made.content)
    with pytest.raises(NotFound):
        printed(secrets, 7)


def test_papers_of_a_merged_record_are_the_persons(secrets: Path) -> None:
    take(referral())
    execute("INSERT INTO people_alias (alias_person_id, person_id) VALUES (%s, 72)", [PATIENT])
    assert [one.number for one in papers_of(72, SIGNED).referrals] == ["GCT-2025-00071"]
