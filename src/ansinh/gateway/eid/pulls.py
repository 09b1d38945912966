"""What the e-ID app may pull, as a table: the address, the published function that answers, the scope it takes, and its name in the answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ansinh.access.tokens import BOOK_READ, HEALTH_OWN, RECORD_OWN
from ansinh.foundation.purpose import Purpose
from ansinh.gateway.health.reading import HEALTH
from ansinh.gateway.store import Published

_OWN = (
    "p_chain_id bigint, p_asked_at timestamp with time zone, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], "
    "p_citizens text[], p_purposes smallint[]"
)
_ANSWERS = "TABLE(result smallint, person_id bigint, answer bytea)"
BOOK = Published("book_v1", _OWN, _ANSWERS)

# Refused (0, or CEILING to have a refusal recorded), kind of key, key, and what else the function takes of a question.
Question = tuple[int, int, str, *tuple[int | str, ...]]


@dataclass(frozen=True)
class Pull:
    """One kind of pull. `record`: the field that names one record of it, and whether that must be said."""

    kind: str
    asks: Published
    scope: str
    told: str
    record: str = ""
    record_needed: bool = False

    @property
    def path(self) -> str:
        """Return its address."""
        return f"/v1/eid/{self.kind}"

    @cached_property
    def asks_with_xroad(self) -> Published:
        """Return the function that keeps what X-Road headers said besides."""
        return Published(
            f"eid_xroad_{self.asks.name.removeprefix('health_').removeprefix('eid_').removesuffix('_v1')}_v1",
            f"{self.asks.arguments}, p_statements text[]",
            self.asks.result,
        )

    def question(self, kind: int, key: str, client_no: int, citizen: str, which: int) -> Question:
        """Return a question as the function takes it: of a health book with the places of facility, officer and record."""
        if self.asks in HEALTH.values():
            return 0, kind, key, client_no, "", "", Purpose.OWN_RECORD, citizen, which
        return 0, kind, key, client_no, citizen, Purpose.OWN_RECORD


def _own(kind: str) -> Pull:
    return Pull(kind, Published(f"eid_{kind}_v1", _OWN, _ANSWERS), RECORD_OWN, kind)


PULLS: tuple[Pull, ...] = (
    Pull("book", BOOK, BOOK_READ, "book"),
    _own("card"),
    _own("payments"),
    _own("files"),
    _own("documents"),
    _own("family"),
    _own("watch"),
    _own("unwatch"),
    Pull("health", HEALTH["summary"], HEALTH_OWN, "book"),
    Pull("visit", HEALTH["visit"], HEALTH_OWN, "visit", "visit", record_needed=True),
    Pull("referrals", HEALTH["referrals"], HEALTH_OWN, "referrals"),
    Pull("appointments", HEALTH["appointments"], HEALTH_OWN, "appointments"),
    Pull("papers", HEALTH["papers"], HEALTH_OWN, "papers", "paper"),
)
