"""Files on the pages of services: chosen at an application and at a supplement, judged, kept with a draft, taken away; hostile ones and too large ones."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ansinh.config import bodies
from ansinh.database.sql import number, rows
from ansinh.portal.acts.attaching import AT_ONCE_BYTES_MAX
from ansinh.services.operations import ask_supplement, receive_application
from ansinh.services.queries import applications_of
from tests.acts.test_journeys import HEADER, represent
from tests.acts.world import GRANDFATHER_NAME, GRANDFATHER_PIN, answer, citizen, see, text_of
from tests.mandates.family import MORNING, MOTHER, NEIGHBOUR, name_of, pin_of
from tests.services.hostile_files import PLAIN_PDF, REFUSED, png
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.usefixtures("rolled_back")
PLACE = "/services/apply/funeral"
FORM = {"deceased_number": GRANDFATHER_PIN, "deceased_name": GRANDFATHER_NAME, "key": "khoa-cua-mau-tep"}
OFFICER: dict[str, Any] = {"actor": ANYBODY_WITH_RIGHTS, "reason": "thử", "clock": MORNING}


def file(name: str = "báo tử.pdf", content: bytes = PLAIN_PDF) -> SimpleUploadedFile:
    """A file chosen on a telephone."""
    return SimpleUploadedFile(name, content)


def form_of(page: str) -> dict[str, str]:
    """Return the hidden fields of the first form of a page that goes on."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def checked(me: Client, **files: Any) -> str:
    """Send the form in with files and return the page it ends on."""
    response = me.post(PLACE, FORM | files)
    assert response.status_code in {200, 422}, text_of(response.content)
    return response.content.decode()


def test_a_file_goes_along_with_an_application_and_comes_back_to_its_owner_alone() -> None:
    me = citizen(MOTHER)
    assert 'enctype="multipart/form-data"' in me.get(PLACE).content.decode()
    shown = checked(me, **{"file-death_extract": file()})
    assert "báo tử.pdf" in shown
    draft = applications_of(MOTHER)[0]
    assert "Làm tiếp" in see(me, f"/services/file/{draft.reference}")
    assert GRANDFATHER_NAME in me.get(f"{PLACE}?draft={draft.reference}").content.decode()
    sent = answer(me, PLACE, **FORM, draft=draft.reference, step="send")
    assert "Đã nộp hồ sơ" in sent
    (one,) = applications_of(MOTHER)
    assert [(each.name, each.paper) for each in one.attachments] == [("báo tử.pdf", "death_extract")]
    address = f"/services/file/{one.reference}/attachment/1"
    given = me.get(address)
    assert given.content == PLAIN_PDF
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert citizen(NEIGHBOUR).get(address).status_code == 404
    assert "level=2" in citizen(MOTHER, 1).get(address).headers["Location"]


def test_a_file_is_taken_away_before_sending_and_a_mistake_beside_it_loses_nothing() -> None:
    me = citizen(MOTHER)
    wrong = me.post(PLACE, FORM | {"deceased_number": "", "file-other": [file("a.pdf"), file("b.png", png())]})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert GRANDFATHER_NAME in page
    assert "a.pdf" in page
    assert "b.png" in page
    reference = form_of(page)["draft"]
    left = text_of(me.post(PLACE, FORM | {"draft": reference, "remove": "1", "step": "check"}).content)
    assert "a.pdf" not in left
    assert "b.png" in left
    assert number("SELECT count(*) FROM services_attachment WHERE removed_at IS NULL") == 1


@pytest.mark.parametrize("what", ["program", "svg", "name of a program", "pdf with a script", "too large", "nothing"])
def test_a_hostile_file_is_refused_at_its_field_and_what_was_typed_stays(what: str) -> None:
    name, content, _ = REFUSED[what]
    page = checked(citizen(MOTHER), **{"file-death_extract": file(name, content)})
    assert "<title>Lỗi:" in page
    assert 'id="file-death_extract-error"' in page
    assert "Không nhận tệp này" in page
    assert GRANDFATHER_NAME in page
    assert rows("SELECT * FROM services_attachment") == []


def test_files_of_bombs_are_refused_page_by_page() -> None:
    me = citizen(MOTHER)
    for what in (one for one in REFUSED if REFUSED[one][2] in {"unfolds", "dimensions", "two_in_one", "locked"}):
        name, content, _ = REFUSED[what]
        assert "Không nhận tệp này" in checked(me, **{"file-other": file(name, content)}), what


def test_more_than_a_page_takes_is_told_before_it_is_read() -> None:
    me = citizen(MOTHER)
    for address, length in ((PLACE, AT_ONCE_BYTES_MAX + 1), ("/book/correct", bodies.FORM_BYTES_MAX + 1)):
        told = me.post(address, b"x" * length, content_type="multipart/form-data; boundary=b")
        assert told.status_code == 413
        assert "chưa có gì được lưu" in text_of(told.content)
    assert me.post("/book/correct", {"wrong": "a", "evidence": "b", "more": file()}).status_code == 200


def test_a_stranger_attaches_nothing_to_anothers_draft() -> None:
    checked(citizen(MOTHER), **{"file-other": file()})
    draft = applications_of(MOTHER)[0].reference
    other = citizen(NEIGHBOUR)
    shown = other.post(PLACE, FORM | {"draft": draft, "remove": "1", "step": "check"}).content.decode()
    assert "báo tử.pdf" not in shown
    assert other.post(f"/services/file/{draft}/supplement", {"file-other": file("x.png", png())}).status_code == 404
    assert number("SELECT count(*) FROM services_attachment WHERE removed_at IS NULL") == 1
    assert applications_of(NEIGHBOUR) == []


def test_a_supplement_takes_the_paper_that_is_wanted() -> None:
    me = citizen(MOTHER)
    answer(me, PLACE, **FORM, step="send")
    (one,) = applications_of(MOTHER)
    receive_application(**OFFICER, reference=one.reference)
    ask_supplement(
        **OFFICER, reference=one.reference, because=("thiếu trích lục", "an extract lacks"), wanted=["death_extract"]
    )
    page = me.get(f"/services/file/{one.reference}").content.decode()
    assert 'name="file-death_extract"' in page
    place = f"/services/file/{one.reference}/supplement"
    assert "Chọn tệp hoặc điền" in answer(me, place)
    assert "Không nhận tệp này" in answer(me, place, **{"file-death_extract": file("a.exe")})
    done = answer(me, place, **{"file-death_extract": file(), "file-other": file("a.png", png())})
    assert "Đã nhận phần bổ sung" in done
    assert len(applications_of(MOTHER)[0].attachments) == 2


def test_a_representative_sends_the_file_of_the_month() -> None:
    represent(MOTHER, "DV0077", 77)
    me = citizen(MOTHER)
    line = f"DV0077,2025-06,new,{pin_of(NEIGHBOUR)},{name_of(NEIGHBOUR)},8000000"
    wrong = me.post("/employer/0", {"file": file("a.csv", b"\xff\xfe\x00no declaration")})
    assert wrong.status_code == 422
    assert 'id="file-error"' in wrong.content.decode()
    assert "DV0077/202506/1" in answer(me, "/employer/0", file=file("thang-6.csv", f"{HEADER}\n{line}".encode()))
