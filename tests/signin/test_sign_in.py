"""Officers sign in with a password and a second factor; guessers are slowed, and learn nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.access.operations import end_facility_officer, register_facility_officer
from ansinh.access.queries import operator, sign_in_door
from ansinh.database.sql import number, row, rows
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.signin import passwords
from ansinh.signin.operations import Enrolment, LetIn, NotLetIn, Proof, enrol_account, invite_account, sign_in
from ansinh.signin.passwords import matches, require_usable
from ansinh.signin.queries import Subject, facility_officer, offer_second_factor, signed_in
from ansinh.signin.second_factor import STEP_SECONDS, step_of_code
from ansinh.signin.sessions import SessionStore
from ansinh.signin.states import SubjectKind
from ansinh.signin.throttle import FIRST_WINDOW_SECONDS, WINDOW_SECONDS_MAX, Counter, window_seconds
from tests.support.cast import ANYBODY_WITH_RIGHTS

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NGA = facility_officer("01004", "01004-03")
NOBODY = facility_officer("01004", "01004-99")
PASSWORD = "sen tháng sáu bên hồ"
HOME = "192.0.2.7"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def at(seconds: float) -> FixedClock:
    return FixedClock(NOW + timedelta(seconds=seconds))


def listed(subject: Subject = NGA) -> Subject:
    register_facility_officer(
        actor=ANYBODY_WITH_RIGHTS,
        reason="danh sách",
        facility=subject.facility,
        officer=subject.officer,
        name="Vũ Thị Nga",
    )
    return subject


def enrolled(secrets: Path, subject: Subject = NGA) -> pyotp.TOTP:
    """Invite and enrol an officer; returns their telephone."""
    listed(subject)
    invitation = invite_account(actor=operator(), reason="mở tài khoản", clock=at(0), subject=subject)
    offer = offer_second_factor("Nga", secrets, NOW)
    telephone = pyotp.TOTP(offer.secret)
    brought = Enrolment(invitation.code.lower(), PASSWORD, offer.sealed, telephone.at(NOW))
    assert isinstance(enrol(subject, brought, secrets), LetIn)
    return telephone


def enrol(
    subject: Subject, brought: Enrolment, secrets: Path, *, seconds: float = 0, address: str = HOME
) -> LetIn | NotLetIn:
    return enrol_account(
        actor=sign_in_door(),
        reason="kích hoạt",
        clock=at(seconds),
        subject=subject,
        brought=brought,
        address=address,
        secrets=secrets,
    )


def come(
    secrets: Path,
    code: str,
    *,
    password: str = PASSWORD,
    subject: Subject = NGA,
    seconds: float = 60,
    address: str = HOME,
) -> LetIn | NotLetIn:
    return sign_in(
        actor=sign_in_door(),
        reason="đăng nhập",
        clock=at(seconds),
        subject=subject,
        proof=Proof(password, code, address),
        secrets=secrets,
    )


@pytest.mark.django_db
class TestSigningIn:
    def test_sign_in_with_both_factors_lets_in(self, tmp_path: Path) -> None:
        telephone = enrolled(tmp_path)
        answer = come(tmp_path, telephone.at(NOW, counter_offset=2))
        assert isinstance(answer, LetIn)
        who = signed_in(answer.account)
        assert who is not None
        assert (who.subject, who.name) == (NGA, "Vũ Thị Nga")

    def test_a_code_is_good_once(self, tmp_path: Path) -> None:
        telephone = enrolled(tmp_path)
        code = telephone.at(NOW, counter_offset=2)
        assert isinstance(come(tmp_path, code), LetIn)
        assert isinstance(come(tmp_path, code), NotLetIn)

    def test_the_code_of_the_enrolment_does_not_sign_in(self, tmp_path: Path) -> None:
        telephone = enrolled(tmp_path)
        assert isinstance(come(tmp_path, telephone.at(NOW), seconds=1), NotLetIn)

    @pytest.mark.parametrize("wrong", ["password", "code", "both", "no code", "letters", "nobody", "not listed"])
    def test_every_wrong_factor_is_the_same_answer(self, tmp_path: Path, wrong: str) -> None:
        telephone = enrolled(tmp_path)
        code = telephone.at(NOW, counter_offset=2)
        bad = f"{(int(code) + 1) % 1_000_000:06d}"
        if wrong == "not listed":
            end_facility_officer(
                actor=ANYBODY_WITH_RIGHTS, reason="thôi việc", facility=NGA.facility, officer=NGA.officer
            )
        answer = come(
            tmp_path,
            {"code": bad, "both": bad, "no code": "", "letters": "abcdef"}.get(wrong, code),
            password="sai rồi nhé" if wrong in {"password", "both"} else PASSWORD,
            subject=NOBODY if wrong == "nobody" else NGA,
        )
        assert answer == NotLetIn(0)

    def test_known_and_unknown_accounts_cost_the_same_work(self, tmp_path: Path) -> None:
        telephone = enrolled(tmp_path)
        with (
            patch.object(passwords, "check_password", return_value=False) as hashes,
            patch("ansinh.signin.operations.officers.step_of_code", return_value=None) as codes,
        ):
            for tries, subject in enumerate((NGA, NOBODY), start=1):
                come(tmp_path, telephone.at(NOW, counter_offset=2), subject=subject, address=f"{HOME}{tries}")
                assert (hashes.call_count, codes.call_count) == (tries, tries)

    @pytest.mark.parametrize("subject", [NGA, NOBODY], ids=["known", "unknown"])
    def test_windows_grow_for_known_and_unknown_alike(self, tmp_path: Path, subject: Subject) -> None:
        telephone = enrolled(tmp_path)
        waits, moment = [], 100.0
        for _ in range(7):
            answer = come(tmp_path, "000000", subject=subject, seconds=moment)
            assert isinstance(answer, NotLetIn)
            waits.append(answer.wait_seconds)
            if answer.wait_seconds:
                early = come(tmp_path, "000000", subject=subject, seconds=moment + answer.wait_seconds - 1)
                assert early == NotLetIn(2)
            moment += answer.wait_seconds
        assert waits == [0, 0, 0, 5, 10, 20, 40]
        assert (
            isinstance(come(tmp_path, telephone.at(NOW, counter_offset=8), seconds=moment - 40 + 5), NotLetIn)
            or subject == NOBODY
        )

    def test_a_right_sign_in_forgives_former_wrong_ones(self, tmp_path: Path) -> None:
        telephone = enrolled(tmp_path)
        for _ in range(3):
            come(tmp_path, "000000")
        assert isinstance(come(tmp_path, telephone.at(NOW, counter_offset=2)), LetIn)
        assert come(tmp_path, "000000") == NotLetIn(0)

    def test_guessing_from_many_addresses_slows_the_account(self, tmp_path: Path) -> None:
        enrolled(tmp_path)
        answers = [come(tmp_path, "000000", address=f"198.51.100.{n}") for n in range(Counter.ACCOUNT.free + 1)]
        assert answers[-1] == NotLetIn(FIRST_WINDOW_SECONDS)

    def test_guessing_many_accounts_slows_the_address_but_not_another(self, tmp_path: Path) -> None:
        telephone = enrolled(tmp_path)
        for n in range(Counter.ADDRESS.free + 1):
            answer = come(tmp_path, "000000", subject=replace(NOBODY, officer=f"x{n}"))
        assert answer == NotLetIn(FIRST_WINDOW_SECONDS)
        assert isinstance(come(tmp_path, telephone.at(NOW, counter_offset=2), address="203.0.113.5"), LetIn)

    def test_no_credential_is_in_the_audit_or_in_plain_in_the_table(self, tmp_path: Path) -> None:
        telephone = enrolled(tmp_path)
        come(tmp_path, telephone.at(NOW, counter_offset=2))
        kept = str(rows("SELECT * FROM audit_act")) + str(rows("SELECT * FROM signin_account"))
        for secret in (PASSWORD, telephone.secret, telephone.at(NOW, counter_offset=2), HOME):
            assert secret not in kept
        assert "$argon2id$" in kept


@pytest.mark.django_db
class TestEnrolling:
    def test_an_invitation_works_once(self, tmp_path: Path) -> None:
        listed()
        invitation = invite_account(actor=operator(), reason="mở tài khoản", clock=at(0), subject=NGA)
        offer = offer_second_factor("Nga", tmp_path, NOW)
        telephone = pyotp.TOTP(offer.secret)
        brought = Enrolment(invitation.code, PASSWORD, offer.sealed, telephone.at(NOW))
        assert isinstance(enrol(NGA, brought, tmp_path), LetIn)
        assert isinstance(enrol(NGA, brought, tmp_path), NotLetIn)

    @pytest.mark.parametrize("wrong", ["code", "late", "nobody", "empty"])
    def test_a_wrong_or_late_invitation_changes_nothing(self, tmp_path: Path, wrong: str) -> None:
        listed()
        invitation = invite_account(actor=operator(), reason="mở tài khoản", clock=at(0), subject=NGA)
        seconds = 4 * 24 * 3600 if wrong == "late" else 0
        offer = offer_second_factor("Nga", tmp_path, NOW)
        telephone = pyotp.TOTP(offer.secret)
        code = {"code": "ABCD-EFGH-JKLM-NPQR", "empty": ""}.get(wrong, invitation.code)
        brought = Enrolment(code, PASSWORD, offer.sealed, telephone.at(at(seconds).now()))
        answer = enrol(NOBODY if wrong == "nobody" else NGA, brought, tmp_path, seconds=seconds)
        assert answer == NotLetIn(0)
        assert row("SELECT password, enrolled_at FROM signin_account") == ("", None)

    def test_a_weak_password_or_wrong_code_leaves_the_invitation_good(self, tmp_path: Path) -> None:
        listed()
        invitation = invite_account(actor=operator(), reason="mở tài khoản", clock=at(0), subject=NGA)
        offer = offer_second_factor("Nga", tmp_path, NOW)
        telephone = pyotp.TOTP(offer.secret)
        good = Enrolment(invitation.code, PASSWORD, offer.sealed, telephone.at(NOW))
        for bad in (replace(good, password="matkhau1"), replace(good, totp_code="12345"), replace(good, offer="x")):
            with pytest.raises(InvalidInput):
                enrol(NGA, bad, tmp_path)
        assert isinstance(enrol(NGA, good, tmp_path), LetIn)

    def test_inviting_again_ends_sessions_and_former_factors(self, tmp_path: Path) -> None:
        telephone = enrolled(tmp_path)
        answer = come(tmp_path, telephone.at(NOW, counter_offset=2))
        assert isinstance(answer, LetIn)
        session = SessionStore()
        session["account"] = answer.account
        session.save()
        invite_account(actor=operator(), reason="mất điện thoại", clock=at(60), subject=NGA)
        assert signed_in(answer.account) is None
        assert number("SELECT count(*) FROM signin_session") == 0
        assert isinstance(come(tmp_path, telephone.at(NOW, counter_offset=4), seconds=120), NotLetIn)

    def test_somebody_on_no_list_is_not_invited(self) -> None:
        with pytest.raises(NotFound):
            invite_account(actor=operator(), reason="mở tài khoản", clock=at(0), subject=NOBODY)

    def test_the_operator_invites_no_officer_of_the_agency(self) -> None:
        with pytest.raises(NotPermitted):
            invite_account(
                actor=operator(),
                reason="mở tài khoản",
                clock=at(0),
                subject=Subject(SubjectKind.AGENCY_OFFICER, "", "hanoi.lan"),
            )

    def test_leaving_the_list_ends_what_an_account_may(self, tmp_path: Path) -> None:
        telephone = enrolled(tmp_path)
        answer = come(tmp_path, telephone.at(NOW, counter_offset=2))
        assert isinstance(answer, LetIn)
        end_facility_officer(actor=ANYBODY_WITH_RIGHTS, reason="thôi việc", facility="01004", officer="01004-03")
        assert signed_in(answer.account) is None


@pytest.mark.parametrize(
    "password",
    [
        "",
        "1234567",
        "12345678",
        "password1",
        "matkhau123",
        "ansinh2025",
        "01004-03",
        "aaaaaaaaaaaa",
        "Qwerty123456",
        "x" * 129,
    ],
)
def test_a_password_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        require_usable(password, "01004", "01004-03")


@pytest.mark.parametrize("password", ["sen tháng sáu", "Ω-đò-ngang-82", "🌾🌾 lúa chín vàng", "y" + "xzw" * 42])
def test_a_password_of_any_letters_is_taken(password: str) -> None:
    require_usable(password, "01004", "01004-03")


def test_a_password_is_the_same_from_any_keyboard() -> None:
    composed, decomposed = "h\u1ed3 sen", "ho\u0302\u0300 sen"
    assert matches(decomposed, passwords.hashed(composed))
    assert not matches("nobody has this", "")


@given(st.integers(0, 10_000), st.sampled_from(Counter))
def test_windows_never_shrink_and_are_bounded(failures: int, counter: Counter) -> None:
    here, next_one = (window_seconds(n, counter.free) for n in (failures, failures + 1))
    assert 0 <= here <= next_one <= WINDOW_SECONDS_MAX
    assert (here == 0) == (failures <= counter.free)


@given(st.integers(0, 2**31), st.integers(-4, 4))
def test_codes_are_good_for_the_half_minute_beside(second: int, aside: int) -> None:
    secret, now = SECRET, datetime.fromtimestamp(second + 10_000, UTC)
    code = pyotp.TOTP(secret).at(now + timedelta(seconds=aside * STEP_SECONDS))
    step = step_of_code(secret, code, now)
    assert (step is not None) == (abs(aside) <= 1) or step is not None
    if step is not None:
        assert step_of_code(secret, code, now, last_step=step) is None


@given(st.text(max_size=40))
def test_any_text_may_be_given_as_a_code(text: str) -> None:
    assert step_of_code(SECRET, f"x{text}", NOW) is None
