"""What was asked of the e-ID and is not answered yet: each request once, in the browser that began it, for ten minutes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import NotFound
from ansinh.signin.citizens import digest_of
from ansinh.signin.slowing import count_failure, door_mark, take_back
from ansinh.signin.states import Channel
from ansinh.signin.throttle import Counter

REQUEST_LIFETIME = timedelta(minutes=10)
_SWEPT_MAX = 100


@dataclass(frozen=True)
class EidRequest:
    """One request: what proves its answer, the level it asks for, and where the person wanted to go."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    level: int
    channel: Channel
    language: str
    next_path: str


@operation(permission="signin.ask_eid")
def open_request(
    *, actor: Actor, reason: str, clock: Clock, state: str, browser: str, request: EidRequest, address: str
) -> None:
    """Keep a request until its answer comes, under digests of its state and of what the browser holds; it counts for the address. Pass the real clock."""
    now = clock.now()
    count_failure({Counter.BEGUN: door_mark(Counter.BEGUN, address)}, now)
    execute(
        "DELETE FROM signin_eidrequest WHERE state_digest IN (SELECT state_digest FROM signin_eidrequest WHERE opened_at <= %s LIMIT %s)",
        [now - REQUEST_LIFETIME, _SWEPT_MAX],
    )
    execute(
        """
        INSERT INTO signin_eidrequest (state_digest, browser_digest, nonce, verifier, level, channel, language, next_path, opened_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [
            digest_of(state),
            digest_of(browser),
            request.nonce,
            request.verifier,
            request.level,
            request.channel.value,
            request.language,
            request.next_path,
            now,
        ],
    )


@operation(permission="signin.ask_eid")
def take_request(*, actor: Actor, reason: str, clock: Clock, state: str, browser: str, address: str) -> EidRequest:
    """Return a request whose answer came, and forget it: it counts for the address no more. Pass the real clock.

    Refuses (`not_found`) one that was never made, was answered already, is too old, or was begun in another browser; another browser cannot use it up.
    """
    found = row(
        """
        DELETE FROM signin_eidrequest WHERE state_digest = %s AND browser_digest = %s AND opened_at > %s
        RETURNING nonce, verifier, level, channel, language, next_path
        """,
        [digest_of(state), digest_of(browser), clock.now() - REQUEST_LIFETIME],
    )
    if found is None:
        raise NotFound("Yêu cầu đăng nhập không còn. Bắt đầu lại.", "The request to sign in is gone. Begin again.")
    take_back(door_mark(Counter.BEGUN, address))
    nonce, verifier, level, channel, language, next_path = found
    return EidRequest(nonce, verifier, int(level), Channel(channel), language, next_path)


@operation(permission="signin.ask_eid")
def turn_away(*, actor: Actor, reason: str, clock: Clock, why: str, unproven_at: str = "") -> None:
    """Write down that somebody was not let in, and why, in one word: what the e-ID sent did not hold, or names nobody here. Pass the real clock.

    `unproven_at`: the address that brought what did not hold, for which it counts.
    """
    note(why=why)
    if unproven_at:
        count_failure({Counter.UNPROVEN: door_mark(Counter.UNPROVEN, unproven_at)}, clock.now())
