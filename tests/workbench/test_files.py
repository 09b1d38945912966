"""Benefit files at the workbench: by deadline, prepared by one officer and approved by another; nothing of other provinces."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from ansinh.access.models import RoleGrant
from ansinh.benefits.file_states import FileKind, FileState
from ansinh.benefits.queries import file_numbered
from ansinh.database.sql import number
from tests.benefits.filed import WOMAN, file, settle
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(db: None) -> int:
    """A file of a woman of Hanoi who asks for her pension; every fact is known."""
    settle()
    return file(FileKind.RETIREMENT, WOMAN).application_id


def _officer(*roles: str, name: str, provinces: list[str] | None = None) -> Client:
    client = Client()
    number_of = signed_in(client, *roles, number=name)
    if provinces:
        RoleGrant.objects.filter(officer_id=number_of).update(provinces=provinces)
    return client


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_file_is_in_the_list_with_its_day_and_leads_on(waiting: int, language: str) -> None:
    base = "/workbench/" if language == "vi" else "/workbench/en/"
    client = _officer("benefit_officer", name="hanoi.mai")
    text = client.get(f"{base}files").content.decode()
    due = file_numbered(waiting).due_on
    assert due
    assert f"{due:%d/%m/%Y}" in text
    assert f'href="{base}files/{waiting}"' in text
    assert f'href="{base}files/{waiting}"' not in client.get(f"{base}files?state=prepared").content.decode()
    assert client.get(f"{base}files?state=nonsense").status_code == 200
    assert "files?state=gathering" in client.get(base).content.decode()


def test_whoever_applied_sees_who_looked(waiting: int) -> None:
    assert _officer("benefit_officer", name="hanoi.mai").get(f"/workbench/files/{waiting}").status_code == 200
    assert (
        number(
            "SELECT count(*) FROM audit_act WHERE act = 'benefits.show_file' AND facts->>'person' = %s", [str(WOMAN)]
        )
        == 1
    )


def test_one_prepares_and_another_approves(waiting: int) -> None:
    address = f"/workbench/files/{waiting}"
    both = ("benefit_officer", "benefit_approver")
    maker, checker = _officer(*both, name="hanoi.mai"), _officer("benefit_approver", name="hanoi.thu")
    assert 'value="prepare"' in maker.get(address).content.decode()
    assert checker.post(address, {"act": "prepare", "reason": "đủ"}).status_code == 403
    assert maker.post(address, {"act": "prepare", "reason": " "}).status_code == 422
    assert maker.post(address, {"act": "prepare", "reason": "đủ dữ kiện"}).status_code == 303
    assert file_numbered(waiting).state is FileState.PREPARED
    assert "người khác phải duyệt" in maker.get(address).content.decode()
    assert maker.post(address, {"act": "approve", "reason": "đủ"}).status_code == 403
    assert file_numbered(waiting).state is FileState.PREPARED
    shown = checker.get(address).content.decode()
    assert "Cách tính, từng bước" in shown
    assert checker.post(address, {"act": "", "reason": "đúng luật"}).status_code == 422
    assert checker.post(address, {"act": "approve", "reason": "đúng luật"}).status_code == 303
    assert file_numbered(waiting).state in {FileState.GRANTED, FileState.REFUSED}
    assert re.search(r"Duyệt quyết định .*hanoi\.thu", checker.get(address).content.decode(), re.S)


def test_a_decision_goes_back_with_the_reason(waiting: int) -> None:
    address = f"/workbench/files/{waiting}"
    assert (
        _officer("benefit_officer", name="hanoi.mai").post(address, {"act": "prepare", "reason": "đủ"}).status_code
        == 303
    )
    checker = _officer("benefit_approver", name="hanoi.thu")
    assert checker.post(address, {"act": "send_back", "reason": "kiểm lại tháng 6"}).status_code == 303
    assert file_numbered(waiting).state is FileState.GATHERING
    assert "kiểm lại tháng 6" in checker.get(address).content.decode()


def test_another_role_and_another_province_see_nothing(waiting: int) -> None:
    address = f"/workbench/files/{waiting}"
    assert _officer("auditor", name="hanoi.xem").get(address).status_code == 403
    hue = _officer("benefit_officer", name="hue.hoa", provinces=["46"])
    assert f"files/{waiting}" not in hue.get("/workbench/files").content.decode()
    assert hue.get(address).status_code == 404
    assert hue.post(address, {"act": "prepare", "reason": "đủ"}).status_code == 404
    assert _officer("benefit_officer", name="hanoi.mai", provinces=["01"]).get(address).status_code == 200
