"""Machine clients of facilities and citizens' apps: on-boarding, keys, and the officers in whose name facilities may ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansinh.access.keys import KEYS_VALID_MAX, new_key
from ansinh.access.models import Client, FacilityOfficer
from ansinh.access.operations.officers import NAME_LENGTH_MAX, WrongState
from ansinh.access.states import CLIENT_TRANSITIONS, ClientState
from ansinh.access.tokens import (
    APP_SCOPES,
    FACILITY_SCOPES,
    RATE_PER_SECOND,
    RATE_PER_SECOND_MAX,
    STATISTICS_EXPORT,
    STATISTICS_SCOPES,
    BadKey,
    public_half,
)
from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.places.queries import facility as facility_of_code

# An app citizens sign in to asks for no facility.
APP = ""
_OFFICER = re.compile(r"[0-9A-Za-z._-]{1,40}")


@dataclass(frozen=True)
class OnboardedClient:
    """A machine client; `private_key` is a JWK that is nowhere else: hand it to the facility, once. None: the facility has its own, or had it before."""

    client_id: str
    private_key: dict[str, Any] | None


@operation(permission="access.register_client")
def register_client(
    *,
    actor: Actor,
    reason: str,
    facility: str,
    name: str,
    scope: Sequence[str],
    public_key: dict[str, Any] | None = None,
    rate_per_second: int = RATE_PER_SECOND,
) -> OnboardedClient:
    """Let a facility's machine in, or an app citizens sign in to (`facility` empty): under the public key it made itself, or under a new pair whose
    private half is returned this once.

    An app gets scopes of apps only, a facility none of them. The same facility and name again change nothing and return no key. Refuses an unknown
    facility (`not_found`), and a scope, name, limit or key that is none (`invalid_input`).
    """
    _require_name(name)
    _require_scope(scope, facility)
    _require_rate(rate_per_second)
    if facility != APP and facility_of_code(facility) is None:
        raise NotFound(f"Không có cơ sở KCB mã {facility}.", f"There is no facility {facility}.", facility=facility)
    execute("SELECT pg_advisory_xact_lock(hashtext('access.register_client'), hashtext(%s))", [facility])
    known = Client.objects.filter(facility=facility, name=name).first()
    if known is not None:
        note(client=known.client_no, known=1)
        return OnboardedClient(known.client_id, None)
    public, private = _pair(public_key)
    made = Client.objects.create(
        client_id=f"{facility.lower() or 'app'}-{Client.objects.filter(facility=facility).count() + 1}",
        facility=facility,
        name=name,
        public_keys=[public],
        scope=" ".join(sorted(set(scope))),
        rate_per_second=rate_per_second,
    )
    note(client=made.client_no, key=str(public["kid"]))
    return OnboardedClient(made.client_id, private)


@operation(permission="access.register_client")
def change_client(
    *, actor: Actor, reason: str, client_id: str, scope: Sequence[str] = (), rate_per_second: int | None = None
) -> None:
    """Change what a client may ask (empty: as before) or how much in a second; tokens it has keep the old until they expire.

    Refuses an unknown client (`not_found`), and a scope or limit that is none (`invalid_input`).
    """
    client = _locked(client_id)
    if scope:
        _require_scope(scope, client.facility)
        client.scope = " ".join(sorted(set(scope)))
    if rate_per_second is not None:
        _require_rate(rate_per_second)
        client.rate_per_second = rate_per_second
    client.save(update_fields=["scope", "rate_per_second"])
    note(client=client.client_no, scope=client.scope, rate_per_second=client.rate_per_second)


@operation(permission="access.register_client")
def add_client_key(
    *, actor: Actor, reason: str, client_id: str, public_key: dict[str, Any] | None = None
) -> OnboardedClient:
    """Let a client prove itself by a second key as well, until the older is retired; a key it has already changes nothing.

    Refuses an unknown client (`not_found`), a bad key (`invalid_input`), and a third key (`wrong_state`).
    """
    client = _locked(client_id)
    public, private = _pair(public_key)
    note(client=client.client_no, key=str(public["kid"]))
    if public["kid"] in {key["kid"] for key in client.public_keys}:
        return OnboardedClient(client_id, None)
    if len(client.public_keys) >= KEYS_VALID_MAX:
        raise WrongState(
            f"Máy khách “{client_id}” đã có {KEYS_VALID_MAX} khóa; cho khóa cũ nghỉ trước: ansinh access client retire-key",
            f"The client “{client_id}” has {KEYS_VALID_MAX} keys; retire the older first: ansinh access client retire-key",
            client=client.client_no,
        )
    client.public_keys = [public, *client.public_keys]
    client.save(update_fields=["public_keys"])
    return OnboardedClient(client_id, private)


@operation(permission="access.register_client")
def retire_client_key(*, actor: Actor, reason: str, client_id: str, kid: str) -> None:
    """Take a key of a client out of use at once. Refuses an unknown client or key (`not_found`) and its last key (`wrong_state`): suspend it instead."""
    client = _locked(client_id)
    kept = [key for key in client.public_keys if key["kid"] != kid]
    note(client=client.client_no, kept=len(kept))
    if len(kept) == len(client.public_keys):
        raise NotFound(
            f"Máy khách “{client_id}” không có khóa đó.", f"The client “{client_id}” has no such key.", client=client_id
        )
    if not kept:
        raise WrongState(
            f"Đó là khóa duy nhất của “{client_id}”; thêm khóa mới trước, hoặc tạm dừng máy khách.",
            f"That is the only key of “{client_id}”; add a new one first, or suspend the client.",
            client=client.client_no,
        )
    client.public_keys = kept
    client.save(update_fields=["public_keys"])


@operation(permission="access.suspend_client")
def suspend_client(*, actor: Actor, reason: str, client_id: str) -> None:
    """Give a client no more tokens; those it has end by themselves. Refuses an unknown client (`not_found`) or one suspended already (`wrong_state`)."""
    _move(client_id, ClientState.SUSPENDED)


@operation(permission="access.suspend_client")
def restore_client(*, actor: Actor, reason: str, client_id: str) -> None:
    """Let a suspended client in again. Refuses an unknown client (`not_found`) or one not suspended (`wrong_state`)."""
    _move(client_id, ClientState.ACTIVE)


@operation(permission="access.register_facility_officer")
def register_facility_officer(*, actor: Actor, reason: str, facility: str, officer: str, name: str) -> None:
    """Put somebody on a facility's list of officers, or back on it. Refuses a number that has not the form agreed (`invalid_input`)."""
    _require_name(name)
    if not _OFFICER.fullmatch(officer):
        raise InvalidInput(
            "Số hiệu cán bộ của cơ sở sai dạng.", "The facility's officer number has a wrong form.", field="officer"
        )
    listed, _ = FacilityOfficer.objects.update_or_create(
        facility=facility, officer=officer, defaults={"name": name, "active": True}
    )
    note(facility=facility, listed=listed.pk)


@operation(permission="access.register_facility_officer")
def end_facility_officer(*, actor: Actor, reason: str, facility: str, officer: str) -> None:
    """Take somebody off a facility's list. Refuses one who is not on it (`not_found`)."""
    if not FacilityOfficer.objects.filter(facility=facility, officer=officer).update(active=False):
        raise NotFound(
            "Cán bộ không có trong danh sách của cơ sở.",
            "The officer is not on the facility's list.",
            facility=facility,
        )
    note(facility=facility)


def _pair(public_key: dict[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return the public half to keep, and the private half of a pair made here."""
    if public_key is None:
        made = new_key()
        return dict(made.as_dict(private=False)), dict(made.as_dict(private=True))
    try:
        return public_half(public_key), None
    except BadKey as error:
        raise InvalidInput(
            "Khóa công khai phải là JWK loại EC P-256 hoặc P-384, RSA từ 2048 bit hoặc Ed25519, không kèm phần bí mật.",
            "The public key must be a JWK of type EC P-256 or P-384, RSA of 2048 bits or more, or Ed25519, without its private part.",
            field="public_key",
        ) from error


def _require_scope(scope: Sequence[str], facility: str) -> None:
    known = APP_SCOPES if facility == APP else FACILITY_SCOPES
    if facility == APP and STATISTICS_EXPORT in scope:
        known = STATISTICS_SCOPES
    if not scope or not set(scope) <= known.keys():
        raise InvalidInput(
            f"Phạm vi phải nằm trong: {', '.join(known)}.", f"Scopes are of: {', '.join(known)}.", field="scope"
        )


def _require_rate(rate_per_second: int) -> None:
    if not 0 < rate_per_second <= RATE_PER_SECOND_MAX:
        raise InvalidInput(
            f"Giới hạn mỗi giây là số từ 1 đến {RATE_PER_SECOND_MAX}.",
            f"The limit a second is a number from 1 to {RATE_PER_SECOND_MAX}.",
            field="rate_per_second",
        )


def _require_name(name: str) -> None:
    if not name.strip() or len(name) > NAME_LENGTH_MAX or not name.isprintable():
        raise InvalidInput(
            "Tên để trống, quá dài hoặc có ký tự lạ.",
            "The name is empty, too long or has strange characters.",
            field="name",
        )


def _locked(client_id: str) -> Client:
    client = Client.objects.select_for_update().filter(client_id=client_id).first()
    if client is None:
        raise NotFound(f"Không có máy khách “{client_id}”.", f"There is no client “{client_id}”.", client=client_id)
    return client


def _move(client_id: str, state: ClientState) -> None:
    client = _locked(client_id)
    note(client=client.client_no)
    if state not in CLIENT_TRANSITIONS[ClientState(client.state)]:
        raise WrongState(
            f"Máy khách “{client_id}” đã ở trạng thái đó.",
            f"The client “{client_id}” is already {client.state}.",
            client=client.client_no,
        )
    client.state = state.value
    client.save(update_fields=["state"])
