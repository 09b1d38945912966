"""Machine clients of facilities: on-boarding, keys, and the officers in whose name they may ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ansinh.access.keys import KEYS_VALID_MAX, new_key
from ansinh.access.models import Client, FacilityOfficer
from ansinh.access.operations.officers import NAME_LENGTH_MAX, WrongState
from ansinh.access.states import CLIENT_TRANSITIONS, ClientState
from ansinh.access.tokens import STANDING_READ
from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.places.queries import facility as facility_of_code

# What a machine may ask the gateway for; the calls that need them come with their rooms.
SCOPES = frozenset({STANDING_READ})
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
) -> OnboardedClient:
    """Let a facility's machine in: under the public key it made itself, or under a new pair whose private half is returned this once.

    The same facility and name again change nothing and return no key. Refuses an unknown facility (`not_found`), and a scope, name or key that is none
    (`invalid_input`).
    """
    _require_name(name)
    if not scope or not set(scope) <= SCOPES:
        raise InvalidInput(
            f"Phạm vi phải nằm trong: {', '.join(sorted(SCOPES))}.",
            f"Scopes are of: {', '.join(sorted(SCOPES))}.",
            field="scope",
        )
    if facility_of_code(facility) is None:
        raise NotFound(f"Không có cơ sở KCB mã {facility}.", f"There is no facility {facility}.", facility=facility)
    execute("SELECT pg_advisory_xact_lock(hashtext('access.register_client'), hashtext(%s))", [facility])
    known = Client.objects.filter(facility=facility, name=name).first()
    if known is not None:
        note(client=known.client_no, known=1)
        return OnboardedClient(known.client_id, None)
    public, private = _pair(public_key)
    client_id = f"{facility.lower()}-{Client.objects.filter(facility=facility).count() + 1}"
    made = Client.objects.create(
        client_id=client_id, facility=facility, name=name, public_keys=[public], scope=" ".join(sorted(set(scope)))
    )
    note(client=made.client_no, key=str(public["kid"]))
    return OnboardedClient(client_id, private)


@operation(permission="access.register_client")
def replace_client_key(
    *, actor: Actor, reason: str, client_id: str, public_key: dict[str, Any] | None = None
) -> OnboardedClient:
    """Put a new key first; the one before stays valid until the next replacement. Refuses an unknown client (`not_found`) or bad key (`invalid_input`)."""
    client = _locked(client_id)
    public, private = _pair(public_key)
    former = [key for key in client.public_keys if key["kid"] != public["kid"]]
    client.public_keys = [public, *former][:KEYS_VALID_MAX]
    client.save(update_fields=["public_keys"])
    note(client=client.client_no, key=str(public["kid"]))
    return OnboardedClient(client_id, private)


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
        given = ECKey.import_key(public_key)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise _bad_key() from error
    if given.is_private or given.curve_name != "P-256":
        raise _bad_key()
    kept = ECKey.import_key({part: public_key[part] for part in ("kty", "crv", "x", "y")})
    kept.ensure_kid()
    return dict(kept.as_dict(private=False)), None


def _bad_key() -> InvalidInput:
    return InvalidInput(
        "Khóa công khai phải là JWK loại EC P-256, không kèm phần bí mật.",
        "The public key must be a JWK of type EC P-256 without its private part.",
        field="public_key",
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
