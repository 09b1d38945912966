"""Access tokens of machine clients, and how a client proves itself to get one. No Django here: the gateway gives and takes tokens by itself.

| module | knows |
|---|---|
| `claims` | what stands in a token, and for how long it may live |
| `issuing` | signing one with the platform's own key |
| `verifying` | telling without a database what one proves |
| `client_keys` | which public keys a client may have, and which algorithm goes with each |
| `assertions` | what a client signs to prove who it is |
| `smart` | which scopes of the FHIR face cover which |

Token moments are real ones, whatever day an invented nation lives: pass the real clock's.
"""

from ansinh.access.keys import kept_secret
from ansinh.access.tokens.assertions import (
    ASSERTION_ALGORITHMS,
    ASSERTION_TYPE,
    Assertion,
    BadAssertion,
    prove,
    read_assertion,
)
from ansinh.access.tokens.claims import (
    APP_SCOPES,
    AUDIENCE,
    BOOK_READ,
    CITIZEN_CARD_PARSE,
    FACILITY_SCOPES,
    HEALTH_OWN,
    HEALTH_READ,
    KEYS_NAME,
    LIFETIME,
    LIFETIME_MAX,
    RATE_PER_SECOND,
    RATE_PER_SECOND_MAX,
    RECORD_OWN,
    SANDBOX,
    SCOPES,
    STANDING_BATCH,
    STANDING_READ,
    STATISTICS_EXPORT,
    STATISTICS_SCOPES,
    SUBMISSION_WRITE,
    SYSTEM_READ,
    TYPE,
    Grant,
    Holder,
    issuer,
)
from ansinh.access.tokens.client_keys import BadKey, public_half
from ansinh.access.tokens.issuing import TokenIssuer, issue_token, token_keys
from ansinh.access.tokens.smart import permits
from ansinh.access.tokens.verifying import REREAD_SECONDS_MIN, BadToken, TokenVerifier, published_token_keys

__all__ = [
    "APP_SCOPES",
    "ASSERTION_ALGORITHMS",
    "ASSERTION_TYPE",
    "AUDIENCE",
    "BOOK_READ",
    "CITIZEN_CARD_PARSE",
    "FACILITY_SCOPES",
    "HEALTH_OWN",
    "HEALTH_READ",
    "KEYS_NAME",
    "LIFETIME",
    "LIFETIME_MAX",
    "RATE_PER_SECOND",
    "RATE_PER_SECOND_MAX",
    "RECORD_OWN",
    "REREAD_SECONDS_MIN",
    "SANDBOX",
    "SCOPES",
    "STANDING_BATCH",
    "STANDING_READ",
    "STATISTICS_EXPORT",
    "STATISTICS_SCOPES",
    "SUBMISSION_WRITE",
    "SYSTEM_READ",
    "TYPE",
    "Assertion",
    "BadAssertion",
    "BadKey",
    "BadToken",
    "Grant",
    "Holder",
    "TokenIssuer",
    "TokenVerifier",
    "issue_token",
    "issuer",
    "kept_secret",
    "permits",
    "prove",
    "public_half",
    "published_token_keys",
    "read_assertion",
    "token_keys",
]
