"""Applications at the workbench: received, asked about, handed on, refused in words the applicant reads; nothing of other provinces."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ansinh.access.models import RoleGrant
from ansinh.access.queries import actor_of_person
from ansinh.audit.queries import looks_at
from ansinh.services import operations, queries
from ansinh.services.queries import ApplicationShown
from ansinh.services.states import ApplicationState
from ansinh.workbench.words.applications import WORDS
from tests.benefits.filed import WIDOW
from tests.services.applied import REASON, TODAY, form, settle_people, submit
from tests.services.hostile_files import PLAIN_PDF
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def applied(db: None) -> str:
    """The widow's application for the funeral allowance, with a paper."""
    settle_people()
    person = actor_of_person(WIDOW)
    said: dict[str, Any] = {"actor": person, "reason": REASON, "clock": TODAY}
    reference = operations.save_draft(**said, form=form())
    operations.attach_file(**said, reference=reference, paper="death_extract", name="trich-luc.pdf", content=PLAIN_PDF)
    return submit(form()).reference


def _officer(name: str, role: str, provinces: list[str] | None = None) -> Client:
    client = Client()
    number_of = signed_in(client, role, number=name)
    if provinces:
        RoleGrant.objects.filter(officer_id=number_of).update(provinces=provinces)
    return client


def _now(reference: str) -> ApplicationShown:
    found = queries.application(WIDOW, reference)
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_application_is_in_the_queue_and_shows_what_was_answered(applied: str, language: str) -> None:
    base = "/workbench/" if language == "vi" else "/workbench/en/"
    client, one = _officer("hanoi.hoa", "benefit_officer"), _now(applied)
    listed = client.get(f"{base}services?state=submitted").content.decode()
    assert f'href="{base}services/{applied}"' in listed
    assert WORDS[language]["none_title"] in client.get(f"{base}services?state=received").content.decode()
    assert client.get(f"{base}services?state=nonsense").status_code == 200
    text = client.get(f"{base}services/{applied}").content.decode()
    assert str(one.receipt) in text
    assert "Người Thử" in text
    assert "trich-luc.pdf" in text
    assert "services?state=submitted" in client.get(base).content.decode()


def test_received_then_asked_about_in_words_the_applicant_reads(applied: str) -> None:
    client, address = _officer("hanoi.hoa", "benefit_officer"), f"/workbench/services/{applied}"
    assert client.post(address, {"act": "forward", "reason": "đủ"}).status_code == 422  # not received yet
    assert client.post(address, {"act": "receive", "reason": " "}).status_code == 422
    assert client.post(address, {"act": "receive", "reason": "đúng người"}).status_code == 303
    assert _now(applied).state is ApplicationState.RECEIVED
    kept = client.post(address, {"act": "ask", "vi": "", "reason": "thiếu ngày mất"}).content.decode()
    assert WORDS["vi"]["words_missing"] in kept
    assert "thiếu ngày mất" in kept
    asked = {"act": "ask", "vi": "Cần ngày mất.", "wanted": ["died"], "reason": "hộ tịch chưa ghi"}
    assert client.post(address, asked | {"wanted": ["unknown"]}).status_code == 422
    assert client.post(address, asked).status_code == 303
    wanted = _now(applied).wanted
    assert wanted is not None
    assert (wanted.because_vi, wanted.because_en, wanted.wanted[0]["key"]) == ("Cần ngày mất.", "Cần ngày mất.", "died")
    assert client.post(address, {"act": "receive", "reason": "lại"}).status_code == 422


def test_handed_on_or_refused(applied: str) -> None:
    client, address = _officer("hanoi.hoa", "benefit_officer"), f"/workbench/services/{applied}"
    client.post(address, {"act": "receive", "reason": "đúng người"})
    assert client.post(address, {"act": "forward", "reason": "đủ"}).status_code == 303
    assert _now(applied).state is ApplicationState.FORWARDED
    assert 'value="refuse"' not in client.get(address).content.decode()
    assert client.post(address, {"act": "refuse", "vi": "Không", "reason": "x"}).status_code == 422


def test_a_paper_is_kept_not_shown_and_its_opening_is_seen(applied: str) -> None:
    client = _officer("hanoi.hoa", "benefit_officer")
    [paper] = _now(applied).attachments
    answer = client.get(f"/workbench/services/{applied}/papers/{paper.attachment_id}")
    assert (answer.status_code, answer.content) == (200, PLAIN_PDF)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(f"/workbench/services/{applied}/papers/999999").status_code == 404
    assert [one.reader for one in _now(applied).attachments[0].readings] == ["officer:hanoi.hoa"]


def test_whoever_applied_sees_who_looked(applied: str) -> None:
    before = len(looks_at(WIDOW))
    _officer("hanoi.hoa", "benefit_officer").get(f"/workbench/services/{applied}")
    assert len(looks_at(WIDOW)) == before + 1


def test_officers_of_other_provinces_and_of_other_duties_see_and_do_nothing(applied: str) -> None:
    address = f"/workbench/services/{applied}"
    abroad = _officer("haiphong.an", "benefit_officer", ["31"])
    for answer in (abroad.get(address), abroad.post(address, {"act": "receive", "reason": "thử"})):
        assert answer.status_code in {403, 404}
        assert "Người Thử" not in answer.content.decode()
    assert applied not in abroad.get("/workbench/services").content.decode()
    assert _officer("hanoi.nhi", "leader").get(address).status_code == 403
    assert _now(applied).state is ApplicationState.SUBMITTED
    assert _officer("hanoi.hoa", "benefit_officer").get("/workbench/services/nothing-like-it").status_code == 404
