"""Accounts of hospitals' older software at the compatible door: opened and closed per facility, their passwords replaced."""

from __future__ import annotations

import hashlib
import secrets as randomness
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from ansinh.access.models import Client, DialectAccount
from ansinh.access.operations.officers import WrongState
from ansinh.access.states import DoorState
from ansinh.access.tokens.dialect import SCOPE
from ansinh.access.tokens.dialect_passwords import hash_md5
from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.places.queries import facility as facility_of_code

NETWORKS_MAX = 20


@dataclass(frozen=True)
class DialectSignIn:
    """How a facility's software signs in. `password` is nowhere else: hand it over once. None: the facility has it already."""

    username: str
    password: str | None


@operation(permission="access.keep_dialect_account")
def open_dialect_door(
    *,
    actor: Actor,
    reason: str,
    facility: str,
    password_md5: str | None = None,
    networks: Sequence[str] = (),
    sandbox: bool = False,
) -> DialectSignIn:
    """Let a facility's older software in under the user name of its code, from the `networks` registered (none: from anywhere); open a closed door again.

    Without the MD5 of a password (32 hexadecimal digits, of either case) one is made and returned this once; an account that exists keeps its own.
    `sandbox`: the account only rehearses, and reaches nobody's record. Refuses an unknown facility (`not_found`), a digest or network that is none
    (`invalid_input`).
    """
    if facility_of_code(facility) is None:
        raise NotFound(f"Không có cơ sở KCB mã {facility}.", f"There is no facility {facility}.", facility=facility)
    kept_networks = _checked_networks(networks)
    execute("SELECT pg_advisory_xact_lock(hashtext('access.open_dialect_door'), hashtext(%s))", [facility])
    known = DialectAccount.objects.filter(facility=facility).first()
    if known is not None:
        known.state, known.networks, known.sandbox = DoorState.OPEN.value, kept_networks, sandbox
        if password_md5 is not None:
            known.password_hash = _hashed(password_md5)
        known.save()
        note(client=known.pk, known=1)
        return DialectSignIn(known.username, None)
    password, digest = _password(password_md5)
    username = f"{facility}_BV".upper()
    client = Client.objects.create(
        client_id=username.lower(), facility=facility, name="Cổng tương thích", public_keys=[], scope=SCOPE
    )
    DialectAccount.objects.create(
        client=client,
        username=username,
        facility=facility,
        password_hash=_hashed(digest),
        networks=kept_networks,
        sandbox=sandbox,
    )
    note(client=client.client_no, sandbox=int(sandbox))
    return DialectSignIn(username, password)


@operation(permission="access.keep_dialect_account")
def replace_dialect_password(
    *, actor: Actor, reason: str, facility: str, password_md5: str | None = None
) -> DialectSignIn:
    """Replace an account's password: by the one whose MD5 is given, or by a new one that is returned this once.

    Tokens issued under the former one end by themselves within minutes. Refuses a facility without an account (`not_found`).
    """
    account = _locked(facility)
    password, digest = _password(password_md5)
    account.password_hash = _hashed(digest)
    account.save(update_fields=["password_hash"])
    execute("DELETE FROM access_dialectfailure WHERE subject = %s", [f"account {account.username}"])
    note(client=account.pk)
    return DialectSignIn(account.username, password)


@operation(permission="access.keep_dialect_account")
def close_dialect_door(*, actor: Actor, reason: str, facility: str) -> None:
    """Close the compatible door for a facility, at once, whatever tokens it holds: its software must use the modern one.

    Refuses a facility without an account (`not_found`) or whose door is closed already (`wrong_state`).
    """
    account = _locked(facility)
    note(client=account.pk)
    if account.state == DoorState.CLOSED:
        raise WrongState(
            f"Cổng tương thích của cơ sở {facility} đã đóng.",
            f"The compatible door of {facility} is closed already.",
            facility=facility,
        )
    account.state = DoorState.CLOSED.value
    account.save(update_fields=["state"])


def _locked(facility: str) -> DialectAccount:
    account = DialectAccount.objects.select_for_update().filter(facility=facility).first()
    if account is None:
        raise NotFound(
            f"Cơ sở {facility} chưa có tài khoản cổng tương thích. Mở bằng: ansinh dialect open {facility}",
            f"The facility {facility} has no account at the compatible door. Open it: ansinh dialect open {facility}",
            facility=facility,
        )
    return account


def _password(password_md5: str | None) -> tuple[str | None, str]:
    if password_md5 is not None:
        return None, password_md5
    password = randomness.token_urlsafe(18)
    # The protocol's own digest; what is kept is the slow hash of it.
    return password, hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


def _hashed(password_md5: str) -> str:
    try:
        return hash_md5(password_md5)
    except ValueError as error:
        raise InvalidInput(
            "MD5 của mật khẩu phải có 32 ký tự thập lục phân.",
            "The MD5 of the password has 32 hexadecimal digits.",
            field="password_md5",
        ) from error


def _checked_networks(networks: Sequence[str]) -> list[str]:
    try:
        if len(networks) > NETWORKS_MAX:
            raise ValueError(len(networks))
        return [str(ip_network(one.strip())) for one in networks]
    except ValueError as error:
        raise InvalidInput(
            f"Địa chỉ mạng sai dạng hoặc quá {NETWORKS_MAX} địa chỉ. Ví dụ đúng: 203.0.113.8 hoặc 203.0.113.0/28.",
            f"A network is wrong, or there are more than {NETWORKS_MAX}. Right: 203.0.113.8 or 203.0.113.0/28.",
            field="networks",
        ) from error
