"""Whom the law speaks of: a person, and a family in which somebody died."""

from __future__ import annotations

from openfisca_core.entities import build_entity

Person = build_entity(
    key="person",
    plural="persons",
    label="Người tham gia hoặc thụ hưởng · insured person or recipient",
    is_person=True,
)
Family = build_entity(
    key="family",
    plural="families",
    label="Gia đình của người chết · family of somebody who died",
    roles=[
        {"key": "deceased_person", "plural": "deceased", "label": "Người chết · the deceased", "max": 2},
        {"key": "relative", "plural": "relatives", "label": "Thân nhân · relatives"},
    ],
    containing_entities=[],
)
