"""Every result code of the look-up, heard by a hospital's own software over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import psycopg
import pytest

from ansinh.access.operations import close_dialect_door, open_dialect_door
from ansinh.audit.queries import verify_chains
from ansinh_sandbox.his import Body, Officer, Patient, SignInRefused
from tests.dialect.counter import (
    BORN,
    CARD_FIELDS,
    FACILITY,
    NAME,
    NEVER_INSURED,
    OFFICER,
    PASSWORD,
    Counter,
    card,
    md5,
    pin,
    si_code,
)
from tests.support.cast import ANYBODY_WITH_RIGHTS

# Code → a number, with which it is answered to the right name and birth date.
TOLD = {
    "000": pin(1),
    "001": pin(2),
    "002": pin(3),
    "003": pin(4),
    "004": pin(5),
    "010": pin(6),
    "110": pin(7),
    "120": pin(9),
    "121": pin(10),
    "122": pin(11),
    "123": pin(12),
    "124": pin(13),
    "130": pin(14),
}
# What was asked → the code that tells nothing of anybody, and the result kept in the audit.
NOT_TOLD: dict[str, tuple[str, int, tuple[str, str, str]]] = {
    "no such number": ("050", 0, ("001180999999", NAME, BORN)),
    "never insured": ("050", 2, (pin(NEVER_INSURED), NAME, BORN)),
    "other letters": ("051", 4, (card(20, letters="HS"), NAME, BORN)),
    "other province": ("052", 4, (card(20, province="79"), NAME, BORN)),
    "other digit": ("053", 4, (card(20, digit=2), NAME, BORN)),
    "digit there is not": ("053", 4, (card(20, digit=9), NAME, BORN)),
    "other name": ("060", 4, (pin(21), "Lê Văn Tám", BORN)),
    "same initials": ("061", 4, (pin(21), "Nguyễn Thị Thu Hương", BORN)),
    "other tone": ("061", 4, (pin(21), "Nguyễn Thị Thúy Hoa", BORN)),
    "other birth date": ("070", 4, (pin(21), NAME, "04/05/1980")),
    "year where the day is known": ("070", 4, (pin(22), NAME, "1980")),
    "record without a birth year": ("100", 4, (pin(18), NAME, BORN)),
}


def test_each_state_of_a_card_has_its_code(counter: Counter) -> None:
    for code, number in TOLD.items():
        told = counter.software.look_up(Patient(number, NAME, BORN))
        assert told["maKetQua"] == code, told
        assert list(told) == CARD_FIELDS
        assert all(isinstance(value, str) for name, value in told.items() if not name.startswith("ds"))
        assert (told["hoTen"], told["ngaySinh"], told["gioiTinh"]) == (NAME, BORN, "Nữ")
        assert told["ghiChu"].count(NAME) == 1
    assert [row[0] for row in counter.rows("SELECT DISTINCT result FROM audit_access")] == [1]
    assert verify_chains().whole


def test_a_valid_card_is_told_field_by_field(counter: Counter) -> None:
    told = counter.software.look_up(Patient(card(1), NAME, BORN))
    assert told | {"ghiChu": ""} == {
        "maKetQua": "000",
        "ghiChu": "",
        "maThe": card(1),
        "hoTen": NAME,
        "ngaySinh": "03/05/1980",
        "gioiTinh": "Nữ",
        "diaChi": 'Phường "Mẫu", Hà Nội',
        "maDKBD": "01004",
        "cqBHXH": "Bảo hiểm xã hội Thành phố Hà Nội",
        "gtTheTu": "01/01/2025",
        "gtTheDen": "31/12/2025",
        "maKV": "K1",
        "ngayDu5Nam": "01/02/2028",
        "maSoBHXH": si_code(1),
        "maTheCu": "",
        "maTheMoi": "",
        "gtTheTuMoi": "",
        "gtTheDenMoi": "",
        "maDKBDMoi": "",
        "tenDKBDMoi": "",
        "dsLichSuKCB2018": None,
        "dsLichSuKT2018": [],
    }
    assert told["ghiChu"].startswith("Thẻ còn giá trị sử dụng.")
    again = counter.software.look_up(Patient(card(1), NAME, BORN))
    assert [look["thongBao"] for look in again["dsLichSuKT2018"]] == ["Đã trả lời"]
    assert all(isinstance(value, str) for look in again["dsLichSuKT2018"] for value in look.values())


def test_nothing_is_told_under_other_codes(counter: Counter) -> None:
    for what, (code, _, (number, name, born)) in NOT_TOLD.items():
        told = counter.software.look_up(Patient(number, name, born))
        assert told["maKetQua"] == code, (what, told)
        assert told["ghiChu"]
        assert list(told) == CARD_FIELDS
        assert not any(value for field, value in told.items() if field not in {"maKetQua", "ghiChu"})
    looks = counter.rows("SELECT result, call, facility, officer FROM audit_access ORDER BY asked_at, id")
    assert looks == [(result, 3, FACILITY, OFFICER.citizen_id) for _, result, _ in NOT_TOLD.values()]


def test_a_replaced_card_leads_to_the_new_one(counter: Counter) -> None:
    software = counter.software
    replaced = software.look_up(Patient("HS4010100000016", NAME, BORN))
    assert (replaced["maKetQua"], replaced["maThe"], replaced["maTheMoi"]) == ("003", "HS4010100000016", card(16))
    assert software.may_use(replaced) == card(16)
    expired = software.look_up(Patient(pin(4), NAME, BORN))
    assert software.may_use(expired) == expired["maTheMoi"] == "HT3790100000004"
    assert (expired["gtTheDen"], expired["gtTheTuMoi"], expired["gtTheDenMoi"]) == (
        "31/05/2025",
        "01/08/2025",
        "31/07/2026",
    )
    assert (expired["maDKBDMoi"], expired["tenDKBDMoi"]) == ("79001", "Bệnh viện mẫu")
    assert "01/08/2025" in software.look_up(Patient(pin(5), NAME, BORN))["ghiChu"]


def test_a_card_that_is_not_usable_is_never_answered_as_usable(counter: Counter) -> None:
    for person in (2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15):
        assert counter.software.may_use(counter.software.look_up(Patient(pin(person), NAME, BORN))) is None
    assert "01/07/2025" in counter.software.look_up(Patient(pin(15), NAME, BORN))["ghiChu"]


def test_every_form_of_number_finds_the_card(counter: Counter) -> None:
    for number in (pin(1), si_code(1), card(1), card(1).lower(), f"{card(1)}01", " DN 4 01 01 0000 0001 "):
        assert counter.code_of(number) == "000", number
    assert counter.code_of("TE1010123456789") == "130"
    kinds = counter.rows("SELECT key_kind FROM audit_access ORDER BY asked_at, id")
    assert [kind for (kind,) in kinds] == [1, 2, 3, 3, 3, 3, 3]


def test_a_former_pin_and_the_pin_of_a_newcomer_find_the_card(counter: Counter) -> None:
    former = "001099999999"
    with psycopg.connect(counter.database.urls.owner) as owner:
        owner.execute(
            "INSERT INTO people_identifier (value, scheme, person_id, valid_from, valid_until, ended_because)"
            " VALUES (%s, 'pin', 1, '2015-01-01', '2020-01-01', 'replaced')",
            [former],
        )
        owner.execute("DELETE FROM people_identifier WHERE person_id = 19 AND scheme <> 'pin'")
        owner.execute("UPDATE cards_standing SET si_code = NULL, card_number = pin WHERE person_id = 19")
    for number, shown in ((former, card(1)), (pin(19), pin(19))):
        answer = counter.software.look_up(Patient(number, NAME, BORN))
        assert (answer["maKetQua"], answer["maThe"]) == ("000", shown), number


def test_officers_are_those_of_the_facility(counter: Counter) -> None:
    software = counter.software
    cases = {
        "054": Officer(OFFICER.name, "001190000099"),
        "055": Officer("Trần Thị Hoa Lan", OFFICER.citizen_id),
        "000": Officer("TRAN  THI HOA", OFFICER.citizen_id),
    }
    for code, officer in cases.items():
        software.officer = officer
        assert counter.code_of(pin(1)) == code
    software.officer = Officer("Lê Văn Tám", "079190000018")
    assert counter.code_of(pin(1)) == "054", "another facility's officer"
    assert [row[0] for row in counter.rows("SELECT result FROM audit_access ORDER BY asked_at, id")] == [3, 3, 1, 3]


FORM_ERRORS: dict[str, Callable[[Patient], Patient]] = {
    "no number": lambda one: replace(one, number=""),
    "13 digits": lambda one: replace(one, number=one.number + "1"),
    "ten zeros": lambda one: replace(one, number="0000000000"),
    "no name": lambda one: replace(one, name=" "),
    "no birth date": lambda one: replace(one, born=""),
    "30 February": lambda one: replace(one, born="30/02/1980"),
    "two-digit year": lambda one: replace(one, born="03/05/80"),
    "year of four nines": lambda one: replace(one, born="31/12/9999"),
}


def test_wrong_form_is_205_and_asks_nobody(counter: Counter) -> None:
    for what, wrong in FORM_ERRORS.items():
        told = counter.software.look_up(wrong(Patient(pin(1), NAME, BORN)))
        assert told["maKetQua"] == "205", (what, told)
        assert "Đúng mẫu" in told["ghiChu"]
    assert counter.rows("SELECT * FROM audit_access") == []


def test_birth_dates_and_names_as_they_are_written(counter: Counter) -> None:
    for born in ("03/05/1980", "03051980", "3/5/1980"):
        assert counter.code_of(pin(1), born=born) == "000", born
    # A record that knows only the year is met by any day of it, and by no other year.
    for born in ("1980", "05/1980", "03/05/1980", "00/00/1980", "01011980"):
        assert counter.code_of(pin(17), born=born) == "000", born
    assert counter.code_of(pin(17), born="1981") == "070"
    for name in (NAME.upper(), NAME.lower(), "NGUYEN THI THUY HOA", "Nguyễn  Thị Thuý Hoà", "Nguyễn Thị Thúy Hòa"):
        assert counter.code_of(pin(1), name=name) == "000", name


def test_visits_and_co_payments(counter: Counter) -> None:
    patient = Patient(pin(1), NAME, BORN)
    visits = counter.software.visits(patient)
    assert (visits["maKetQua"], visits["dsLichSuKCB2025"]) == ("000", [])
    assert visits["ghiChu"].startswith("Chưa có lịch sử")
    paid = counter.software.co_payments(patient)
    assert list(paid) == ["MaKetQua", "GhiChu", "DataCCT", "ThongTinSoThe"]
    assert (paid["MaKetQua"], paid["DataCCT"]) == ("200", [])
    assert paid["ThongTinSoThe"]["hoTen"] == NAME
    assert paid["ThongTinSoThe"]["ngayKetThuc"] == "31/12/2025"
    assert paid["ThongTinSoThe"]["maBhxh"] == si_code(1)
    assert counter.software.co_payments(replace(patient, name="Lê Văn Tám"))["MaKetQua"] == "060"
    assert counter.software.visits(replace(patient, born="1/1/1980"))["maKetQua"] == "070"
    looks = counter.rows("SELECT call, result, officer FROM audit_access ORDER BY asked_at, id")
    user = f"{FACILITY}_BV"
    assert looks == [(4, 1, OFFICER.citizen_id), (5, 1, user), (5, 4, user), (4, 4, OFFICER.citizen_id)]


def test_every_way_to_write_a_request(counter: Counter) -> None:
    for counter.software.body in Body:
        for counter.software.upper_case in (True, False):
            counter.software.tokens = None
            assert counter.code_of(pin(1)) == "000"
            assert counter.software.co_payments(Patient(pin(1), NAME, BORN))["MaKetQua"] == "200"


def test_sign_in_codes(counter: Counter) -> None:
    def code(facility: str = FACILITY, password: str = PASSWORD) -> str:
        with pytest.raises(SignInRefused) as refused:
            replace(counter.software, facility=facility, password=password).sign_in()
        return refused.value.code

    assert code(password="another") == "401"
    assert code(facility="00000") == "402"
    assert code(facility="not a code") == "402"
    close_dialect_door(actor=ANYBODY_WITH_RIGHTS, reason="thử", facility=FACILITY)
    assert code() == "403"
    assert code(password="another") == "401", "whether a door is closed is told only to who knows the password"
    open_dialect_door(actor=ANYBODY_WITH_RIGHTS, reason="thử", facility=FACILITY)
    assert counter.software.sign_in().expires_at
    assert counter.software.password == PASSWORD


def test_a_closed_door_ends_tokens_at_once(counter: Counter) -> None:
    assert counter.code_of(pin(1)) == "000"
    close_dialect_door(actor=ANYBODY_WITH_RIGHTS, reason="thử", facility=FACILITY)
    with pytest.raises(SignInRefused) as refused:
        counter.code_of(pin(1))
    assert refused.value.code == "403", "told 401, the software signs in afresh, and hears why"
    assert counter.rows("SELECT DISTINCT result FROM audit_access WHERE person_id = 1 ORDER BY 1") == [(1,), (5,)]


def test_stopped_calls_say_so(counter: Counter) -> None:
    for name in (
        "nhanLichSuKCB",
        "KQNhanLichSuKCB595",
        "NhanLichSuKCB2018",
        "KQNhanLichSuKCB2018",
        "KQNhanLichSuKCB2019",
    ):
        response = httpx.post(
            f"{counter.gateway.base}/api/egw/{name}?token=x", json={"maThe": card(1)}, trust_env=False
        )
        assert response.status_code == 410
        assert "KQNhanLichSuKCB2024" in response.json()["ghiChu"]
    assert md5("") == "d41d8cd98f00b204e9800998ecf8427e"
