"""What citizens do on the portal, without scripts: change the account, correct the book, choose a facility, apply, give a mandate, act for a child, dispute."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.test import Client

from ansinh.access.queries import actor_of_person
from ansinh.audit.queries import done_for
from ansinh.config.urls import urlpatterns
from ansinh.database.sql import execute, row, rows
from ansinh.disclosure.operations import give_consent
from ansinh.mandates.operations import RepresentativePaper, decide_representative, prepare_representative
from ansinh.participation.queries import book_requests_of
from ansinh.portal.acts.routes import TABLES
from ansinh.rights.queries import requests_of
from ansinh.rights.states import RequestKind
from ansinh.services.queries import applications_of
from tests.acts.world import (
    GRANDFATHER_NAME,
    GRANDFATHER_PIN,
    answer,
    citizen,
    code_told,
    give_card,
    see,
    text_of,
)
from tests.mandates.family import (
    FATHER,
    GRANDMOTHER,
    LAN,
    MINH,
    MORNING,
    MOTHER,
    NEIGHBOUR,
    REASON,
    TODAY,
    TODDLER,
    given,
    name_of,
    pin_of,
)
from tests.rights.test_requests import looked_at

pytestmark = pytest.mark.usefixtures("rolled_back")
ACCOUNT = {"bank": "vietcombank", "account": "0071 0012 3456", "holder": "Le Thi Ung"}


def act_for(client: Client, person: int, other: int) -> None:
    execute("UPDATE signin_citizensession SET acting_for = %s WHERE person_id = %s", [other, person])


def test_change_the_account_with_the_code_its_payee_was_sent() -> None:
    me = citizen(GRANDMOTHER)
    assert "trước ngày 20" in see(me, "/payments/account")
    checked = answer(me, "/payments/account", **ACCOUNT)
    assert "Xem lại trước khi gửi" in checked
    assert "007100123456" in checked
    assert "09/2025" in checked  # named on the 21st
    assert rows("SELECT * FROM payments_account") == []
    asked = answer(me, "/payments/account", **ACCOUNT, step="send")
    assert "Nhập mã xác nhận" in asked
    assert "Mã không đúng" in answer(me, "/payments/account/code", code="12 34 5x")
    assert "Nhập mã 6 số" in answer(me, "/payments/account/code", code="")
    code = code_told(GRANDMOTHER)
    assert code not in asked
    done = answer(me, "/payments/account/code", code=f"{code[:3]} {code[3:]}")
    assert "Đã đổi tài khoản" in done
    assert "•••• 3456" in done
    assert rows("SELECT from_month, relation, filed_by, confirmed_at IS NOT NULL FROM payments_account") == [
        (202509, "own", f"person:{GRANDMOTHER}", True)
    ]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"bank": "ngân hàng không có"}, "Không có ngân hàng tên như vậy"),
        ({"bank": ""}, "Không có ngân hàng tên như vậy"),
        ({"bank": "viet"}, "Chọn đúng ngân hàng"),
        ({"account": "12"}, "Số tài khoản gồm 4 đến 34"),
        ({"account": ""}, "Số tài khoản gồm 4 đến 34"),
        ({"account": "<svg onload=alert(1)>"}, "Số tài khoản gồm 4 đến 34"),
        ({"holder": "Người Khác"}, "Tên chủ tài khoản khác tên người hưởng"),
        ({"holder": ""}, "Tên chủ tài khoản"),
    ],
)
def test_a_wrong_answer_about_the_account_is_told_beside_its_field(changed: dict[str, str], told: str) -> None:
    me = citizen(GRANDMOTHER)
    response = me.post("/payments/account", ACCOUNT | changed | {"step": "send"})
    assert response.status_code == 422
    assert told in text_of(response.content)
    assert "<title>Lỗi:" in response.content.decode()
    assert rows("SELECT * FROM payments_account") == []


def test_money_pages_ask_for_level_2() -> None:
    me = citizen(GRANDMOTHER, level=1)
    for address in ("/payments/account", "/payments/account/code", "/family/mandates", "/family/mandates/new"):
        response = me.get(address)
        assert response.status_code == 302
        assert "level=2" in response.headers["Location"]
    assert me.post("/my-data/download").status_code == 303


def test_correct_the_book_and_follow_the_request() -> None:
    me = citizen(MOTHER, level=1)
    told = {"wrong": "thiếu tháng 3 đến tháng 8 năm 2019", "evidence": "hợp đồng 12/2019"}
    assert "Viết chỗ sai" in answer(me, "/book/correct", wrong="", evidence="giấy")
    assert "Xem lại trước khi gửi" in answer(me, "/book/correct", **told)
    assert told["wrong"] in answer(me, "/book/correct", **told, step="change")
    assert book_requests_of(MOTHER) == []
    done = answer(me, "/book/correct", **told, step="send")
    assert "Đã nhận đề nghị số" in done
    answer(me, "/book/correct", **told, step="send")
    (one,) = book_requests_of(MOTHER)
    assert (one.wrong, one.filed_by) == (told["wrong"], f"person:{MOTHER}")
    assert book_requests_of(NEIGHBOUR) == []


def test_choose_a_first_contact_facility_for_the_next_window() -> None:
    give_card(MOTHER, "0100061001")
    me = citizen(MOTHER, level=1)
    assert "Cơ sở 01001" in see(me, "/card/facility")
    for wrong, told in (
        ("không có", "Không có cơ sở"),
        ("01004", "Không có cơ sở"),
        ("01001", "đăng ký ở cơ sở này rồi"),
    ):
        assert told in answer(me, "/card/facility", facility=wrong)
    assert "Chọn một cơ sở" in answer(me, "/card/facility", facility="co so")
    assert "01/10/2025" in answer(me, "/card/facility", facility="01002")
    done = answer(me, "/card/facility", facility="01002", step="send")
    assert "Đã ghi nhận" in done
    assert rows(
        "SELECT facility, effect_on::text, actor_reference FROM cards_event WHERE event = 'facility_changed'"
    ) == [("01002", "2025-10-01", str(MOTHER))]
    assert "Chưa có thẻ" in see(citizen(NEIGHBOUR), "/card/facility")


def test_apply_for_the_funeral_allowance_follow_it_and_withdraw() -> None:
    me = citizen(MOTHER, level=1)
    assert "Trợ cấp mai táng" in see(me, "/services")
    form = {"deceased_number": GRANDFATHER_PIN, "deceased_name": GRANDFATHER_NAME, "key": "khoa-cua-mau-1"}
    assert "điền câu trả lời" in answer(me, "/services/apply/funeral", deceased_name="Ai")
    checked = answer(me, "/services/apply/funeral", **form)
    assert "Xem lại trước khi gửi" in checked
    assert applications_of(MOTHER) == []
    assert "không khớp" in answer(me, "/services/apply/funeral", **form | {"deceased_name": "Ai Khác"}, step="send")
    sent = answer(me, "/services/apply/funeral", **form, step="send")
    assert "Đã nộp hồ sơ" in sent
    assert "Hẹn trả lời" in sent
    answer(me, "/services/apply/funeral", **form, step="send")
    (one,) = applications_of(MOTHER)
    assert one.receipt
    assert one.receipt in see(me, "/services/mine")
    whole = f"/services/file/{one.reference}/whole"
    assert GRANDFATHER_NAME not in see(me, f"/services/file/{one.reference}")
    assert "level=2" in me.get(whole).headers["location"]
    assert GRANDFATHER_NAME in see(citizen(MOTHER), whole)
    other = citizen(NEIGHBOUR)
    for address in (f"/services/file/{one.reference}", whole, "/services/file/khong-co"):
        assert other.get(address).status_code == 404
    assert other.post(f"/services/file/{one.reference}/withdraw").status_code == 404
    assert "1 hồ sơ, hẹn trả" in see(me, "/")
    assert "Đã rút hồ sơ" in answer(me, f"/services/file/{one.reference}/withdraw")
    assert "Không có hồ sơ nào đang mở" in see(me, "/")
    assert me.get("/services/apply/khong-co").status_code == 404


def test_give_a_mandate_and_the_other_agrees() -> None:
    giver, taker = citizen(GRANDMOTHER), citizen(MOTHER)
    form = {
        "pin": pin_of(MOTHER), "full_name": name_of(MOTHER), "scopes": ["read", "apply"],
        "last-day": "31", "last-month": "12", "last-year": "2025",
    }  # fmt: skip
    assert "ngày có thật" in answer(giver, "/family/mandates/new", **form | {"last-day": "32"})
    assert "ít nhất một việc" in answer(giver, "/family/mandates/new", **form | {"scopes": []})
    assert "Không có ai mang" in answer(giver, "/family/mandates/new", **form | {"full_name": "Ai"}, step="send")
    assert "Xem lại" in answer(giver, "/family/mandates/new", **form)
    assert "Đã gửi đề nghị" in answer(giver, "/family/mandates/new", **form, step="send")
    assert name_of(GRANDMOTHER) in see(taker, "/family/mandates")
    found = row("SELECT mandate_id FROM mandates_mandate")
    assert found
    stranger = citizen(NEIGHBOUR)
    assert stranger.post("/family/mandates/answer", {"mandate": found[0], "act": "agree"}).status_code == 404
    assert "Bạn đã nhận" in answer(taker, "/family/mandates/answer", mandate=found[0], act="agree")
    assert rows("SELECT state FROM mandates_mandate") == [("in_force",)]
    assert "đã chấm dứt" in answer(giver, "/family/mandates/answer", mandate=found[0], act="end")
    assert rows("SELECT state FROM mandates_mandate") == [("revoked",)]


def test_act_for_a_child_and_it_is_recorded_so() -> None:
    me = citizen(MOTHER)
    act_for(me, MOTHER, TODDLER)
    assert name_of(TODDLER) in me.get("/book/correct").content.decode()
    answer(me, "/book/correct", wrong="sai nơi sinh", evidence="giấy khai sinh", step="send")
    assert [one.filed_by for one in book_requests_of(TODDLER)] == [f"person:{MOTHER} for person:{TODDLER}"]
    assert {one.by_person for one in done_for(TODDLER)} == {MOTHER}
    assert [one.act for one in done_for(TODDLER)].count("participation.file_request") == 1
    account = ACCOUNT | {"holder": "PHAM THI HIEN"}
    assert "của người giám hộ" in answer(me, "/payments/account", **account)
    answer(me, "/payments/account", **account, step="send")
    assert rows("SELECT person_id, relation FROM payments_account") == [(TODDLER, "guardian")]


def test_who_may_not_act_any_more_is_told_so_and_does_nothing() -> None:
    mandate = given(GRANDMOTHER, MOTHER)
    me = citizen(MOTHER)
    act_for(me, MOTHER, GRANDMOTHER)
    for address in ("/payments/account", "/book/correct", "/card/facility", "/my-data", "/services"):
        assert me.get(address).status_code == 403, address  # the mandate is to see only
    execute(
        "UPDATE mandates_mandate SET state = 'revoked', ended_by = 'x', ended_at = now() WHERE mandate_id = %s",
        [mandate],
    )
    assert me.get("/services/mine").status_code == 403
    assert me.post("/book/correct", {"wrong": "a", "evidence": "b", "step": "send"}).status_code == 403
    assert book_requests_of(GRANDMOTHER) == []


def test_dispute_a_look_with_one_click() -> None:
    look = looked_at(GRANDMOTHER)
    me = citizen(GRANDMOTHER, level=1)
    assert f"/who-looked/dispute/{look}" in me.get("/who-looked").content.decode()
    assert "18/07/2025" in see(me, f"/who-looked/dispute/{look}")
    assert requests_of(GRANDMOTHER) == []
    assert "Đã nhận khiếu nại" in answer(me, f"/who-looked/dispute/{look}", words="tôi không đi khám")
    answer(me, f"/who-looked/dispute/{look}")
    (one,) = requests_of(GRANDMOTHER)
    assert (one.kind, one.look_id, one.words) == (RequestKind.DISPUTE, look, "tôi không đi khám")
    assert one.due_at - one.filed_at > timedelta(days=29)
    for wrong in (look, 0, 10**30):
        for method in ("get", "post"):
            assert getattr(citizen(NEIGHBOUR), method)(f"/who-looked/dispute/{wrong}").status_code == 404


def test_ask_about_data_and_take_it_back() -> None:
    me = citizen(MOTHER, level=1)
    form = {"kind": "correct", "about": "ngày sinh", "words": "đúng là 04/03/1985"}
    assert "Chọn một việc" in answer(me, "/my-data/request", **form | {"kind": "dispute"})
    assert "Xem lại" in answer(me, "/my-data/request", **form)
    assert "Đã nhận yêu cầu số" in answer(me, "/my-data/request", **form, step="send")
    (one,) = requests_of(MOTHER)
    assert citizen(NEIGHBOUR).post("/my-data/withdraw", {"request": one.request_id}).status_code == 404
    assert "Đã rút yêu cầu" in answer(me, "/my-data/withdraw", request=one.request_id)


def test_my_data_leads_to_the_chapters_where_a_consent_is_taken_back() -> None:
    given_by = {"actor": actor_of_person(MOTHER), "reason": REASON, "clock": MORNING, "person_id": MOTHER}
    give_consent(**given_by, facility="01001", chapter="mental", days=30)  # type: ignore[arg-type]  # said once for all
    me = citizen(MOTHER)
    assert 'href="/health/chapters"' in me.get("/my-data").content.decode()
    assert "Bạn đã cho phép" in see(me, "/health/chapters")
    assert "Đã rút lại" in answer(me, "/health/chapters", act="withdraw", chapter="mental", facility="01001")
    assert "Bạn đã cho phép" not in see(me, "/health/chapters")
    for act in ("", "burn"):
        assert me.post("/health/chapters", {"act": act, "chapter": "mental"}).status_code == 404


def test_download_everything_once() -> None:
    me = citizen(MOTHER)
    page = me.post("/my-data/download").content.decode()
    key = page.partition('name="key" value="')[2].partition('"')[0]
    assert citizen(FATHER).post("/my-data/download", {"key": key}).status_code == 404
    response = me.post("/my-data/download", {"key": key})
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Cache-Control"] == "no-store"
    told = json.loads(zipfile.ZipFile(io.BytesIO(response.content)).read("du-lieu.json"))
    assert told["tables"]["people_person"][0]["full_name"] == name_of(MOTHER)
    assert me.post("/my-data/download", {"key": key}).status_code == 404


def test_every_acting_page_is_closed_to_strangers_and_takes_no_number_of_another() -> None:
    assert urlpatterns
    addresses = [address for table in TABLES for address in table] + ["my-data/download"]
    for address in addresses:
        plain = re.sub(r"<int:\w+>", "7", address.replace("<slug:code>", "funeral"))
        plain = plain.replace("<slug:reference>", "khong-co")
        for root in ("/", "/en/"):
            for method in ("get", "post"):
                response = getattr(Client(), method)(f"{root}{plain}")
                assert response.status_code in {302, 303, 405}, (address, method, response.status_code)
                assert response.status_code == 405 or "sign-in" in response.headers["Location"], address


HEADER = "employer,month,act,number,full_name,wage"


def represent(person: int, code: str, number: int) -> None:
    """Let two officers record somebody as an employer's representative."""
    execute(
        "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region) VALUES (%s, %s, %s, 'private', '01', '00004', 1)",
        [number, code, f"Công ty {code}"],
    )
    paper = RepresentativePaper("GGT 1/2025", TODAY)
    mandate = prepare_representative(
        actor=LAN, reason=REASON, clock=MORNING, person_id=person, employer_code=code, decision=paper
    )
    decide_representative(actor=MINH, reason=REASON, clock=MORNING, mandate_id=mandate, approved=True)


def test_a_representative_declares_sees_each_line_and_withdraws_one() -> None:
    represent(MOTHER, "DV0077", 77)
    me = citizen(MOTHER)
    assert "Công ty DV0077" in see(me, "/employer")
    good = f"DV0077,2025-06,new,{pin_of(NEIGHBOUR)},{name_of(NEIGHBOUR)},8000000"
    bad = "DV0077,2025-06,new,123,Ai,8000000"
    told = answer(me, "/employer/0", content="\n".join((HEADER, good, bad)))
    assert "DV0077/202506/1" in told
    assert "Đã ghi vào sổ 1 dòng" in told
    assert "Sai, cần sửa 1 dòng" in told
    assert rows("SELECT received_by FROM participation_declaration") == [(f"person:{MOTHER}",)]
    withdrawal = f"{HEADER},withdraws\nDV0077,2025-06,withdrawal,{pin_of(NEIGHBOUR)},,,202506/1:2"
    assert "Đã ghi vào sổ 1 dòng" in answer(me, "/employer/0", content=withdrawal)
    assert "Đã rút" in see(me, "/employer/0/202506/1")
    assert "lần 2" in see(me, "/employer/0")


def test_a_representative_declares_for_no_other_employer() -> None:
    represent(MOTHER, "DV0077", 77)
    represent(FATHER, "DV0078", 78)
    me = citizen(MOTHER)
    other = f"{HEADER}\nDV0078,2025-06,new,{pin_of(NEIGHBOUR)},{name_of(NEIGHBOUR)},8000000"
    assert "không phải của đơn vị này" in answer(me, "/employer/0", content=other)
    for wrong in ("", "\x00", "không phải tệp", "x" * 60_001):
        assert me.post("/employer/0", {"content": wrong}).status_code == 422
    assert rows("SELECT * FROM participation_declaration") == []
    for address in ("/employer/1", "/employer/0/202506/1"):
        assert me.get(address).status_code == 404
    assert "chưa được ghi nhận" in see(citizen(NEIGHBOUR), "/employer")
