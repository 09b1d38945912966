"""States of a card, and the public words a standing carries."""

from __future__ import annotations

# state → the states it may go to
CARD_STATES: dict[str, tuple[str, ...]] = {
    "issued": ("suspended", "withdrawn", "replaced"),
    "suspended": ("issued", "withdrawn"),
    "withdrawn": (),
    "replaced": (),
}

# `excluded` people hold cards of the armed forces, answered by their own offices.
STANDING_STATUSES = ("active", "suspended", "withdrawn", "excluded")
