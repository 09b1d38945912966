"""What stands in an access token (RFC 9068): who holds it is the client it names, at the facility it names, within its scopes, until it expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from ansinh.foundation.settings import settings

KEYS_NAME = "access-tokens"
AUDIENCE = "ansinh-gateway"
TYPE = "at+jwt"
ALGORITHM = "ES256"
LIFETIME = timedelta(minutes=15)
LIFETIME_MAX = timedelta(hours=24)

STANDING_READ = "standing:read"
STANDING_BATCH = "standing:batch"
CITIZEN_CARD_PARSE = "citizen-card:parse"
BOOK_READ = "book:read"
HEALTH_READ = "health:read"
HEALTH_OWN = "health:own"
RECORD_OWN = "record:own"
SUBMISSION_WRITE = "submission:write"
# SMART scopes of the FHIR face: all types, read and search. A client may ask for less of it (ansinh.access.tokens.smart).
SYSTEM_READ = "system/*.rs"
STATISTICS_EXPORT = "statistics:export"
# Besides what a client was given, any may ask for this: then its look-ups only rehearse. Never given unless asked for.
SANDBOX = "sandbox"
# What a facility's machine may ask the gateway for, and what each lets it do.
FACILITY_SCOPES = {
    STANDING_READ: "ask how one person is insured",
    STANDING_BATCH: "ask how up to a thousand persons are insured, in one request",
    CITIZEN_CARD_PARSE: "have the QR text of a card read; no person is looked up",
    HEALTH_READ: "read the health book of patients who are there, and check and use their referral papers",
    SYSTEM_READ: "read through the FHIR face, /fhir/R4/metadata",
    SUBMISSION_WRITE: "submit visits and papers of the own facility, and ask what became of them",
}
# What a body that makes statistics may ask for: it has no facility either, and reads about nobody it could name.
STATISTICS_SCOPES = {
    STATISTICS_EXPORT: "export a group's visits under pseudonyms, /fhir/R4/Group/all/$export",
    SYSTEM_READ: "read through the FHIR face, /fhir/R4/metadata",
}
# What an app citizens sign in to may ask for, in the name of who signed in. No client has scopes of both.
APP_SCOPES = {
    BOOK_READ: "read the contribution book of the citizen who asks",
    HEALTH_OWN: "read the health book of the citizen who asks",
    RECORD_OWN: "read the card, payments, files and papers of the citizen who asks",
}
SCOPES = FACILITY_SCOPES | STATISTICS_SCOPES | APP_SCOPES

# How many units a client may ask in a second where nothing else was agreed: a look-up is one, a batch as many as it has numbers.
RATE_PER_SECOND = 1_000
RATE_PER_SECOND_MAX = 100_000


def issuer() -> str:
    """Return the identifier of whoever gives tokens: the gateway's public address, exactly (RFC 8414, section 2)."""
    return settings().gateway_public_url


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token proves: which client, for which facility (of an app: none), may do what, until when (seconds since 1970), and how many units a second."""

    client_id: str
    client_no: int
    facility: str
    scopes: frozenset[str]
    expires_at_seconds: int
    rate_per_second: int = RATE_PER_SECOND


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a token is for, and what it will let them do."""

    client_id: str
    client_no: int
    facility: str
    scopes: frozenset[str]
    rate_per_second: int = RATE_PER_SECOND


class Claims(msgspec.Struct, frozen=True):
    """The payload, as signed. RFC 9068, section 2.2; `client_no`, `facility` and `rate` are ours."""

    iss: str
    aud: str
    sub: str
    client_id: str
    client_no: int
    facility: str
    scope: str
    iat: int
    exp: int
    jti: str
    rate: int = RATE_PER_SECOND
