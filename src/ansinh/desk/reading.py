"""What came out of the field: a number typed, or the text of a card's QR code, whose particulars can be held against the record."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.foundation.identifiers import QR_TEXT_LENGTH_MAX, KeyKind, parse_citizen_card, parse_key
from ansinh.foundation.insurance_card import is_insurance_card, parse_insurance_card

TYPED_LENGTH_MAX = QR_TEXT_LENGTH_MAX


@dataclass(frozen=True)
class Particulars:
    """What a scanned card says of its holder. `born` is as much of the day as is known: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`."""

    full_name: str
    born: str
    sex: str


@dataclass(frozen=True)
class Reading:
    """What to ask the gateway (`key`), which plain number that is, and what the card said, if a card was scanned."""

    key: str
    number: str
    kind: KeyKind
    card: Particulars | None


def read(text: str) -> Reading:
    """Read what was typed or scanned; raises InvalidInput with a sentence for the clerk."""
    text = text.strip().strip("\ufeff")
    if is_insurance_card(text):
        paper = parse_insurance_card(text)
        particulars = Particulars(paper.full_name, paper.born, paper.sex)
        return Reading(paper.card_number, paper.card_number, KeyKind.CARD, particulars)
    key = parse_key(text)
    if key.kind is not KeyKind.CITIZEN_CARD_QR:
        return Reading(key.value, key.value, key.kind, None)
    card = parse_citizen_card(text)
    return Reading(text, card.pin, key.kind, Particulars(card.full_name, card.born_on.isoformat(), card.sex))
