"""Access tokens for machine clients: short-lived, signed with the platform's own key, for a client that has proved who it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from ansinh.access import tokens
from ansinh.access.assertions import Assertion, BadAssertion, read_assertion
from ansinh.access.keys import rotate
from ansinh.access.models import AssertionSeen, Client
from ansinh.access.operations.officers import WrongState
from ansinh.access.states import ClientState
from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal


class AssertionRefused(Refusal):
    """A client assertion does not prove who calls: one answer for every way of failing, so that nobody learns which clients there are."""

    code = "assertion_refused"


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
) -> IssuedToken:
    """Sign a short-lived access token for a client without asking it to prove itself: for trials and load tests. Pass the real clock.

    Refuses an unknown client (`not_found`), a suspended one (`wrong_state`), and a lifetime beyond a day (`invalid_input`).
    """
    if not timedelta(0) < lifetime <= tokens.LIFETIME_MAX:
        raise InvalidInput("Mã truy cập sống không quá một ngày.", "A token lives at most a day.", field="lifetime")
    client = _active(client_id)
    note(client=client.client_no)
    return _token_for(client, clock, secrets, lifetime)


@operation(permission="access.exchange_assertion")
def exchange_assertion(
    *, actor: Actor, reason: str, clock: Clock, assertion: str, audience: str, secrets: Path
) -> IssuedToken:
    """Give a client that proves itself with a signed assertion (private_key_jwt, RFC 7523) an access token. Pass the real clock.

    Every way of failing is the same refusal, `assertion_refused`: unknown client, suspended, wrong key, wrong audience, too long-lived, used before.
    """
    try:
        claimed = read_assertion(assertion, audience=audience, now=clock.now(), keys_of=_keys_of)
        _remember(claimed, clock)
    except BadAssertion as error:
        raise AssertionRefused(
            "Không xác thực được máy khách.", "The client is not authenticated.", why=str(error)
        ) from error
    client = _active(claimed.client_id)
    note(client=client.client_no)
    return _token_for(client, clock, secrets, tokens.LIFETIME)


@operation(permission="access.rotate_keys")
def rotate_token_keys(*, actor: Actor, reason: str, secrets: Path) -> str:
    """Sign tokens with a new key from now on and return its id; tokens signed with the former key stay valid until they expire. Refuses nothing."""
    kid = str(rotate(secrets, tokens.KEYS_NAME).signing.kid)
    note(key=kid)
    return kid


def _remember(claimed: Assertion, clock: Clock) -> None:
    execute("DELETE FROM access_assertionseen WHERE expires_at < %s", [clock.now()])
    _, new = AssertionSeen.objects.get_or_create(
        client_id=claimed.client_id, jti=claimed.jti, defaults={"expires_at": claimed.expires_at}
    )
    if not new:
        raise BadAssertion("used before")


def _keys_of(client_id: str) -> list[dict[str, Any]]:
    """Return the keys of a client that is let in; none of any other."""
    client = Client.objects.filter(client_id=client_id, state=ClientState.ACTIVE.value).first()
    return list(client.public_keys) if client else []


def _token_for(client: Client, clock: Clock, secrets: Path, lifetime: timedelta) -> IssuedToken:
    signed = tokens.issue_token(
        tokens.token_keys(secrets),
        client_id=client.client_id,
        client_no=client.client_no,
        facility=client.facility,
        scopes=frozenset(client.scope.split()),
        now=clock.now(),
        lifetime=lifetime,
    )
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
