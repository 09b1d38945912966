"""What may be done at the desk: open one for a facility, take its token, keep the officer's list of today."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from ansinh.access.keys import new_key
from ansinh.access.operations import register_client
from ansinh.access.queries import client_named
from ansinh.access.tokens import HEALTH_READ, LIFETIME, STANDING_READ, Holder, issue_token, token_keys
from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.desk.models import Look, OfflineLook
from ansinh.desk.queries import Proved, Seen
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import NotFound

# Our own machine client of each facility that has a desk.
CLIENT_NAME = "Bàn tiếp đón Ansinh"
SCOPES = (HEALTH_READ, STANDING_READ)
KEPT = timedelta(days=1)


@operation(permission="desk.open")
def open_desk(*, actor: Actor, reason: str, facility: str) -> None:
    """Give a facility a desk: a machine client of ours that asks in its name. Again changes nothing. Refuses an unknown facility (`not_found`)."""
    if client_named(facility, CLIENT_NAME) is None:
        # It never proves itself from outside: the private half of its key is thrown away here.
        public = dict(new_key().as_dict(private=False))
        register_client(
            actor=actor, reason=reason, facility=facility, name=CLIENT_NAME, scope=list(SCOPES), public_key=public
        )
    note(facility=facility)


@operation(permission="desk.take_token")
def take_token(*, actor: Actor, reason: str, clock: Clock, facility: str, secrets: Path) -> str:
    """Sign a short-lived token for the facility's desk. Pass the real clock. Refuses a facility without a desk, or whose desk is suspended (`not_found`)."""
    client = client_named(facility, CLIENT_NAME)
    if client is None:
        raise NotFound(
            f"Cơ sở {facility} chưa có bàn tiếp đón, hoặc đang bị tạm dừng.",
            f"The facility {facility} has no desk, or it is suspended.",
            facility=facility,
        )
    number, client_id = client
    note(client=number)
    holder = Holder(client_id=client_id, client_no=number, facility=facility, scopes=frozenset(SCOPES))
    return issue_token(token_keys(secrets), holder, now=clock.now(), lifetime=LIFETIME)


@operation(permission="desk.keep_look")
def keep_look(*, actor: Actor, reason: str, clock: Clock, account: int, seen: Seen) -> None:
    """Put a look-up on the officer's own list of today; lists older than a day go. Pass the real clock. Refuses nothing."""
    now = clock.now()
    execute("DELETE FROM desk_look WHERE looked_at < %s", [now - KEPT])
    Look.objects.create(
        account_id=account,
        looked_at=now,
        masked_number=seen.masked_number,
        session_mark=seen.session_mark,
        verdict=seen.verdict,
        share_percent=seen.share_percent,
        valid_until=seen.valid_until,
        audit_reference=seen.audit_reference,
    )
    note(audit_reference=seen.audit_reference or "")


@operation(permission="desk.keep_look")
def keep_offline(*, actor: Actor, reason: str, clock: Clock, facility: str, officer: str, proved: Proved) -> None:
    """Write down that a card was proven without a line, to be asked about later. Pass the real clock. Refuses nothing."""
    OfflineLook.objects.create(
        facility=facility,
        officer=officer,
        looked_at=clock.now(),
        verdict=proved.verdict,
        list_age_seconds=proved.list_age_seconds,
        card_number=proved.card_number,
        # What named no card cannot be asked about.
        sent_at=None if proved.card_number else clock.now(),
    )
    note(verdict=proved.verdict)


@operation(permission="desk.keep_look")
def settle_offline(*, actor: Actor, reason: str, now: datetime, look_id: int, audit_reference: str) -> None:
    """Forget the number of a card that was proven without a line, now that the gateway was asked. Refuses nothing; a second time changes nothing."""
    execute(
        "UPDATE desk_offlinelook SET sent_at = %s, audit_reference = %s, card_number = NULL WHERE look_id = %s AND sent_at IS NULL",
        [now, audit_reference, look_id],
    )
    note(audit_reference=audit_reference)
