"""Officers sign in on our screens: invited once, enrolled with a password and a second factor, then let in by both, slowed when they guess."""

from __future__ import annotations

import secrets as chance
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.signin.citizens import digest_of
from ansinh.signin.models import Account, Session
from ansinh.signin.passwords import hashed, matches, require_usable
from ansinh.signin.queries import Subject, listed_name
from ansinh.signin.second_factor import new_secret, opened, opened_offer, sealed, step_of_code
from ansinh.signin.slowing import count_failure, wait_of
from ansinh.signin.states import SubjectKind
from ansinh.signin.throttle import Counter

INVITATION_LIFETIME = timedelta(days=3)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I: read over the telephone, typed from paper
_INVITATION_LETTERS = 16


@dataclass(frozen=True)
class Invitation:
    """A one-time enrolment code (80 bits), shown this once, and until when it can be used."""

    code: str = field(repr=False)
    until: datetime


@dataclass(frozen=True)
class Enrolment:
    """What an officer brings to enrol: the one-time code, the password chosen, the second factor offered (`queries.Offer.sealed`) and a code it gives."""

    invitation: str = field(repr=False)
    password: str = field(repr=False)
    offer: str = field(repr=False)
    totp_code: str = field(repr=False)


@dataclass(frozen=True)
class Proof:
    """What an officer brings to sign in, and the address they come from."""

    password: str = field(repr=False)
    totp_code: str = field(repr=False)
    address: str


@dataclass(frozen=True)
class LetIn:
    """The account that proved itself."""

    account: int


@dataclass(frozen=True)
class NotLetIn:
    """One answer for every way of failing; `wait_seconds` until the next try is looked at, 0 when at once."""

    wait_seconds: int


@operation(permission="signin.invite")
def invite_account(*, actor: Actor, reason: str, clock: Clock, subject: Subject) -> Invitation:
    """Make an account for somebody on a list, or begin theirs anew: former factors stop and sessions end at once. Pass the real clock.

    Refuses somebody on no list (`not_found`); an officer of the agency is invited by an officer only (`not_permitted`).
    """
    if subject.kind is SubjectKind.AGENCY_OFFICER and actor.kind is not ActorKind.OFFICER:
        raise NotPermitted("signin.invite")
    if listed_name(subject) is None:
        raise NotFound(
            "Người này không có trong danh sách cán bộ. Thêm trước: ansinh access facility add",
            "This person is on no list of officers. Add them first: ansinh access facility add",
            facility=subject.facility,
        )
    code = "".join(chance.choice(_LETTERS) for _ in range(_INVITATION_LETTERS))
    until = clock.now() + INVITATION_LIFETIME
    account, _ = Account.objects.update_or_create(
        kind=subject.kind.value,
        facility=subject.facility,
        officer=subject.officer,
        defaults={
            "password": "",
            "totp_secret": "",
            "totp_step": 0,
            "enrolled_at": None,
            "invited_at": clock.now(),
            "invitation_digest": digest_of(code),
            "invitation_until": until,
        },
    )
    Session.objects.filter(account_id=account.pk).delete()
    note(account=account.pk)
    return Invitation("-".join(code[at : at + 4] for at in range(0, _INVITATION_LETTERS, 4)), until)


@operation(permission="signin.enrol")
def enrol_account(
    *, actor: Actor, reason: str, clock: Clock, subject: Subject, brought: Enrolment, address: str, secrets: Path
) -> LetIn | NotLetIn:
    """Give an invited account its password and second factor; the enrolment code works once. Pass the real clock.

    A wrong, used or old code is `NotLetIn`. Refuses (`invalid_input`) a weak password and a code the second factor does not give.
    """
    now, marks = clock.now(), _marks(subject, address)
    if wait := wait_of(marks.values(), now):
        return NotLetIn(wait)
    account = _locked(subject)
    digest = digest_of("".join(brought.invitation.upper().replace("-", " ").split()))
    right = chance.compare_digest(digest, (account and account.invitation_digest) or digest_of(""))
    until = account.invitation_until if account else None
    if account is None or not right or until is None or until <= now or listed_name(subject) is None:
        note(outcome="wrong")
        return NotLetIn(count_failure(marks, now))
    require_usable(brought.password, subject.facility, subject.officer)
    secret = opened_offer(brought.offer, secrets, now)
    step = step_of_code(secret, brought.totp_code, now) if secret else None
    if secret is None or step is None:
        raise InvalidInput(
            "Mã 6 số không khớp. Xem mã đang hiện trong ứng dụng và kiểm tra giờ của điện thoại.",
            "The 6-digit code does not match. Look at the code the app shows now, and check the telephone's clock.",
            field="code",
        )
    account.password, account.totp_secret = hashed(brought.password), sealed(secret, secrets, now)
    account.totp_step, account.enrolled_at = step, now
    account.invitation_digest = account.invitation_until = None
    account.save()
    note(account=account.pk, outcome="enrolled")
    return LetIn(account.pk)


@operation(permission="signin.sign_in")
def sign_in(
    *, actor: Actor, reason: str, clock: Clock, subject: Subject, proof: Proof, secrets: Path
) -> LetIn | NotLetIn:
    """Let somebody in who brings both factors and is still on their list. Known and unknown accounts cost the same time. Pass the real clock.

    Every way of failing is `NotLetIn`; it counts against the account and the address, and windows grow.
    """
    now, marks = clock.now(), _marks(subject, proof.address)
    if wait := wait_of(marks.values(), now):
        note(outcome="slowed")
        return NotLetIn(wait)
    account = _locked(subject)
    enrolled = account is not None and account.enrolled_at is not None
    password_right = matches(proof.password, account.password if account and enrolled else "")
    secret = opened(account.totp_secret, secrets) if account and enrolled else new_secret()
    step = step_of_code(secret, proof.totp_code, now, account.totp_step if account else 0)
    listed = listed_name(subject) is not None
    if account is None or not (enrolled and password_right and listed) or step is None:
        note(outcome="wrong")
        return NotLetIn(count_failure(marks, now))
    account.totp_step = step
    account.save(update_fields=["totp_step"])
    execute("DELETE FROM signin_throttle WHERE mark = ANY(%s)", [[marks[Counter.PAIR], marks[Counter.ACCOUNT]]])
    execute("DELETE FROM signin_session WHERE expire_date < %s", [now])
    note(account=account.pk, outcome="let_in")
    return LetIn(account.pk)


def _locked(subject: Subject) -> Account | None:
    """One try at a time for an account, known or not, so that guessing in parallel gains nothing."""
    execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"signin {subject.named()}"])
    wanted = {"kind": subject.kind.value, "facility": subject.facility, "officer": subject.officer}
    return Account.objects.select_for_update().filter(**wanted).first()


def _marks(subject: Subject, address: str) -> dict[Counter, str]:
    return {
        Counter.PAIR: digest_of(f"pair {subject.named()} {address}"),
        Counter.ACCOUNT: digest_of(f"account {subject.named()}"),
        Counter.ADDRESS: digest_of(f"address {address}"),
    }
