"""Sign-in and the four credentials: what proves, what does not, and what guessing costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from ansinh.access.operations import open_dialect_door, replace_dialect_password
from ansinh.access.tokens import dialect_passwords
from ansinh.access.tokens.dialect import Account, dialect_keys, issue_pair
from ansinh.access.tokens.dialect_passwords import hash_md5, md5_is
from ansinh_sandbox.his import Patient, SignInRefused, Tokens
from tests.dialect.counter import BORN, FACILITY, NAME, OFFICER, OTHER_FACILITY, PASSWORD, Counter, md5, pin
from tests.support.cast import ANYBODY_WITH_RIGHTS

PATIENT = Patient(pin(1), NAME, BORN)


def sign_in(counter: Counter, username: str, password_md5: str) -> dict[str, Any]:
    body = {"username": username, "password": password_md5}
    told: dict[str, Any] = httpx.post(f"{counter.gateway.base}/api/token/take", json=body, trust_env=False).json()
    return told


def credentials(counter: Counter) -> dict[str, str]:
    tokens = counter.software.tokens or counter.software.sign_in()
    return {
        "token": tokens.access_token,
        "id_token": tokens.id_token,
        "username": counter.software.username,
        "password": md5(PASSWORD),
    }


def look_up(counter: Counter, query: str, **headers: str) -> str:
    body = {"maThe": pin(1), "hoTen": NAME, "ngaySinh": BORN, "hoTenCb": OFFICER.name, "cccdCb": OFFICER.citizen_id}
    address = f"{counter.gateway.base}/api/egw/KQNhanLichSuKCB2024{query and f'?{query}'}"
    response = httpx.post(address, json=body, headers=headers, trust_env=False)
    assert response.status_code == 200
    code: str = response.json()["maKetQua"]
    return code


def expired(counter: Counter) -> Tokens:
    """Tokens of an hour ago, which the software thinks are good."""
    client_no = counter.rows("SELECT client_no::integer FROM access_dialectaccount WHERE facility = %s", FACILITY)[0][0]
    account = Account(counter.software.username, int(str(client_no)), FACILITY)
    pair = issue_pair(
        dialect_keys(counter.gateway.secrets),
        account,
        password_md5=md5(PASSWORD),
        now=datetime.now(UTC) - timedelta(hours=1),
    )
    return Tokens(pair.access_token, pair.id_token, datetime.now(UTC) + timedelta(hours=1))


def test_tokens_are_told_as_hospitals_expect(counter: Counter) -> None:
    told = sign_in(counter, f"{FACILITY}_BV", md5(PASSWORD).upper())
    assert told["maKetQua"] == "200"
    assert list(told["APIKey"]) == ["access_token", "id_token", "token_type", "username", "expires_in"]
    assert told["APIKey"]["username"] == f"{FACILITY}_BV"
    until = datetime.strptime(told["APIKey"]["expires_in"], "%Y-%m-%dT%H:%M:%S%z")
    assert timedelta(minutes=9) < until - datetime.now(UTC) <= timedelta(minutes=10)
    again = sign_in(counter, f"{FACILITY.lower()}_bv", md5(PASSWORD))
    assert again == told, "software that signs in before every call gets what it has"
    assert counter.rows("SELECT * FROM access_dialectfailure") == []


def test_an_expired_token_is_401_and_a_fresh_one_works(counter: Counter) -> None:
    counter.software.tokens = expired(counter)
    assert counter.code_of(pin(1)) == "000"
    assert counter.software.sign_ins == 1
    counter.software.tokens = expired(counter)
    assert counter.software.co_payments(PATIENT)["MaKetQua"] == "200"
    assert counter.software.sign_ins == 2


def test_each_credential_is_needed_where_the_service_wants_it(counter: Counter) -> None:
    good = credentials(counter)
    assert look_up(counter, urlencode(good)) == "000"
    assert look_up(counter, urlencode(good | {"password": good["password"].upper()})) == "000"
    other = replace(counter.software, facility=OTHER_FACILITY, password="khác", tokens=None).sign_in()
    wrong = {
        "none": "",
        "native token": urlencode(good | {"token": counter.gateway.token(FACILITY)}),
        "other facility's tokens": urlencode(good | {"token": other.access_token, "id_token": other.id_token}),
        "other facility's user name": urlencode(good | {"username": f"{OTHER_FACILITY}_BV"}),
        "changed token": urlencode(good | {"token": good["token"][:-2]}),
        "expired": urlencode(good | {"token": expired(counter).access_token}),
        "a parameter twice": f"{urlencode(good)}&token=x",
        "not a query": "%ff%00&&==;",
    }
    for name in good:
        wrong |= {
            f"without {name}": urlencode({n: v for n, v in good.items() if n != name}),
            f"blank {name}": urlencode(good | {name: ""}),
            f"wrong {name}": urlencode(good | {name: md5("x")}),
        }
    for what, query in wrong.items():
        assert look_up(counter, query) == "401", what
    in_headers = {"accesstoken": good["token"], "tokenid": good["id_token"], "passwordhash": good["password"]}
    assert look_up(counter, "", username=good["username"], **in_headers) == "401"
    native = counter.gateway.ask({"key": pin(1), "purpose": "treatment", "officer": OFFICER.citizen_id}, good["token"])
    assert native.status_code == 401, "neither door's token opens the other"
    assert len(counter.rows("SELECT * FROM audit_access")) == 2


def test_five_wrong_passwords_shut_the_account_for_a_while(counter: Counter) -> None:
    username = f"{FACILITY}_BV"
    for _ in range(5):
        assert sign_in(counter, username, md5("guess"))["maKetQua"] == "401"
    shut = sign_in(counter, username, md5(PASSWORD))
    assert shut["maKetQua"] == "403", "even the right password is not heard"
    assert "60 giây" in shut["ghiChu"] or "59 giây" in shut["ghiChu"]
    counted = counter.rows("SELECT split_part(subject, ' ', 1), failures FROM access_dialectfailure")
    failures = {str(subject): times for subject, times in counted}
    assert failures == {"account": 5, "address": 5, "pair": 5}
    assert sign_in(counter, f"{OTHER_FACILITY}_BV", md5("khác"))["maKetQua"] == "200", "others are not shut out"
    counter.rows("UPDATE access_dialectfailure SET shut_until = now() - interval '1 second' RETURNING 1")
    assert sign_in(counter, username, md5("guess"))["maKetQua"] == "401"
    longer = counter.rows(
        "SELECT extract(epoch FROM shut_until - now())::integer FROM access_dialectfailure WHERE subject LIKE 'pair%%'"
    )
    assert 115 <= int(str(longer[0][0])) <= 120
    counter.rows("UPDATE access_dialectfailure SET shut_until = now() - interval '1 second' RETURNING 1")
    assert sign_in(counter, username, md5(PASSWORD))["maKetQua"] == "200"
    left = counter.rows("SELECT subject, failures FROM access_dialectfailure")
    assert [str(subject).split()[0] for subject, _ in left] == ["address"], "an address is not cleared by one account"


def test_windows_grow_to_a_quarter_of_an_hour(counter: Counter) -> None:
    grown = counter.rows("SELECT access_shut_seconds(n, 5) FROM generate_series(4, 12) n")
    assert [seconds for (seconds,) in grown] == [0, 60, 120, 240, 480, 900, 900, 900, 900]


def test_a_shut_account_keeps_its_tokens_and_gives_none_to_who_guesses(counter: Counter) -> None:
    counter.software.sign_in()
    for _ in range(6):
        sign_in(counter, counter.software.username, md5("guess"))
    assert sign_in(counter, counter.software.username, md5(PASSWORD))["maKetQua"] == "403"
    assert counter.code_of(pin(2)) == "001"
    assert counter.software.sign_ins == 1


def test_a_stranger_learns_nothing_from_the_answer(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    counter.rows(
        "INSERT INTO places_facility (code, name, level, province, commune) VALUES ('01999', 'X', 'basic', '01', '00004') RETURNING 1"
    )
    unknown = sign_in(counter, "01999_BV", md5("guess"))
    assert unknown == sign_in(counter, f"{FACILITY}_BV", md5("guess"))
    assert unknown["maKetQua"] == "401"
    checked: list[str] = []
    monkeypatch.setattr(dialect_passwords, "_HASHER", _Watched(checked))
    kept = hash_md5(md5("x"))
    assert [md5_is(md5("x"), kept), md5_is(md5("y"), kept), md5_is(md5("x"), None)] == [True, False, False]
    assert checked == [kept, kept, dialect_passwords.NOBODYS], "an unknown account costs the same slow hash"


class _Watched:
    def __init__(self, checked: list[str]) -> None:
        self._checked = checked
        self._hasher = dialect_passwords._HASHER

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def verify(self, kept: str, password: str) -> bool:
        self._checked.append(kept)
        return self._hasher.verify(kept, password)


def test_a_replaced_password_ends_the_former_one(counter: Counter) -> None:
    counter.software.sign_in()
    made = replace_dialect_password(actor=ANYBODY_WITH_RIGHTS, reason="thử", facility=FACILITY)
    assert made.password
    with pytest.raises(SignInRefused):
        counter.software.sign_in()
    counter.software.password = made.password
    counter.software.tokens = None
    assert counter.code_of(pin(1)) == "000"
    kept = counter.rows("SELECT password_hash FROM access_dialectaccount WHERE facility = %s", FACILITY)[0][0]
    assert str(kept).startswith("$argon2id$")
    assert md5(made.password).lower() not in str(kept).lower()


def test_an_account_can_be_tied_to_addresses(counter: Counter) -> None:
    open_dialect_door(actor=ANYBODY_WITH_RIGHTS, reason="thử", facility=FACILITY, networks=["203.0.113.0/28"])
    with pytest.raises(SignInRefused) as refused:
        counter.software.sign_in()
    assert refused.value.code == "403"
    open_dialect_door(
        actor=ANYBODY_WITH_RIGHTS, reason="thử", facility=FACILITY, networks=["203.0.113.0/28", "127.0.0.1"]
    )
    assert counter.software.sign_in()
