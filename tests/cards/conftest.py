"""Reference data of the lifecycle tests: the object codes are what numbers are made of."""

from __future__ import annotations

import pytest

from ansinh.places.operations import load_reference
from tests.cards.card_world import add_coverage, add_facilities, add_person, issue_all
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY


@pytest.fixture
def reference(db: None) -> None:
    """Object codes, units and facilities."""
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY)
    add_facilities()


@pytest.fixture
def two_insured(reference: None) -> None:
    """Persons 1 and 2, insured in 2025 at the hospital 01001, with their cards."""
    for person in (1, 2):
        add_person(person)
        add_coverage(person)
    issue_all()
