"""Access tokens by hand, for trials and load tests, and the keys they are signed with. Clients that prove themselves get theirs at the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ansinh.access import tokens
from ansinh.access.keys import rotate
from ansinh.access.models import Client
from ansinh.access.operations.officers import WrongState
from ansinh.access.states import ClientState
from ansinh.access.tokens import dialect
from ansinh.audit.operation import note, operation
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound


@dataclass(frozen=True)
class IssuedToken:
    """A signed access token and how long it lives from now."""

    access_token: str
    expires_in: int


@operation(permission="access.issue_token")
def issue_token(
    *,
    actor: Actor,
    reason: str,
    clock: Clock,
    client_id: str,
    secrets: Path,
    lifetime: timedelta = tokens.LIFETIME,
    rehearsing: bool = False,
) -> IssuedToken:
    """Sign a short-lived access token for a client without asking it to prove itself: for trials and load tests. Pass the real clock.

    `rehearsing`: its look-ups reach nobody's record.
    Refuses an unknown client (`not_found`), a suspended one (`wrong_state`), and a lifetime beyond a day (`invalid_input`).
    """
    if not timedelta(0) < lifetime <= tokens.LIFETIME_MAX:
        raise InvalidInput("Mã truy cập sống không quá một ngày.", "A token lives at most a day.", field="lifetime")
    client = _active(client_id)
    note(client=client.client_no)
    return _token_for(client, clock, secrets, lifetime, frozenset([tokens.SANDBOX]) if rehearsing else frozenset())


@operation(permission="access.rotate_keys")
def rotate_token_keys(*, actor: Actor, reason: str, secrets: Path) -> str:
    """Sign tokens of both doors with new keys from now on and return the id of the modern door's; tokens signed with the former keys stay valid until they
    expire. Refuses nothing."""
    kid = str(rotate(secrets, tokens.KEYS_NAME).signing.kid)
    dialect_kid = str(rotate(secrets, dialect.KEYS_NAME).signing.kid)
    note(key=kid, dialect_key=dialect_kid)
    return kid


def _token_for(client: Client, clock: Clock, secrets: Path, lifetime: timedelta, more: frozenset[str]) -> IssuedToken:
    holder = tokens.Holder(
        client.client_id,
        client.client_no,
        client.facility,
        frozenset(client.scope.split()) | more,
        client.rate_per_second,
    )
    signed = tokens.issue_token(tokens.token_keys(secrets), holder, now=clock.now(), lifetime=lifetime)
    return IssuedToken(signed, int(lifetime.total_seconds()))


def _active(client_id: str) -> Client:
    client = Client.objects.filter(client_id=client_id).first()
    if client is None:
        raise NotFound(f"Không có máy khách “{client_id}”.", f"There is no client “{client_id}”.", client=client_id)
    if client.state != ClientState.ACTIVE:
        raise WrongState(
            f"Máy khách “{client_id}” đang bị tạm dừng.",
            f"The client “{client_id}” is {client.state}.",
            client=client.client_no,
        )
    return client
