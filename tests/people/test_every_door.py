"""What hospitals ask by, before and after two records became one: every number leads to the same human, whose answer carries the PIN."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ansinh.cards.operations import issue_cards, project_standing
from ansinh.config.following import decide_and_follow
from ansinh.database.sql import row
from ansinh.foundation.identifiers import KeyKind
from ansinh.participation.operations import load_participation
from ansinh.people.operations import Decided
from ansinh.places.operations import load_reference
from tests.audit.standing import MORNING, list_officers, open_chain
from tests.people.identity_cast import AN, REASON, approve, correct, load, merge, unmerge
from tests.support.agency_files import si_code, write_participation
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY
from tests.support.database import OwnDatabase

ASKED = [
    (KeyKind.PIN, AN),
    (KeyKind.SI_CODE, si_code(1)),
    (KeyKind.SI_CODE, si_code(2)),
    (KeyKind.CARD, f"DN401{si_code(2)}"),
]


def answers(database: OwnDatabase) -> list[tuple[str | None, str | None, str | None]]:
    """PIN, SI code and facility as answered to each of ASKED."""
    kinds, keys, count = [int(kind) for kind, _ in ASKED], [key for _, key in ASKED], len(ASKED)
    with psycopg.connect(database.urls.gateway) as gateway:
        found = gateway.execute(
            "SELECT answer FROM published.standing_v1(%s, %s, %s::smallint[], %s::smallint[], %s::smallint[], %s, %s, %s, %s, %s::smallint[])",
            [
                open_chain(gateway),
                MORNING,
                [1] * count,
                [0] * count,
                kinds,
                keys,
                [7] * count,
                ["01001"] * count,
                ["x"] * count,
                [1] * count,
            ],
        ).fetchall()
    standings: list[dict[str, Any]] = [json.loads(one[0])["standing"] or {} for one in found]
    return [(one.get("pin"), one.get("si_code"), one.get("facility")) for one in standings]


@pytest.mark.usefixtures("fresh_database")
def test_every_number_of_either_record_is_answered_with_the_survivors_standing(
    fresh_database: OwnDatabase, tmp_path: Path
) -> None:
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        list_officers(owner, ["x"])
    first = load(tmp_path, {}, {})
    folder = write_participation(tmp_path, [{"record_no": 2, "facility": "01002"}])
    load_participation(actor=ANYBODY_WITH_RIGHTS, reason=REASON, source="x", folder=folder, persons_before=first - 1)
    bounds = {"from_person": first, "until_person": first + 2}
    issue_cards(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, **bounds)
    approve(correct(first, "pin", None, AN).request)
    project_standing(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, **bounds)
    nobody, alone = (None, None, None), (None, si_code(2), "01002")
    assert answers(fresh_database) == [nobody, nobody, alone, alone]

    def follow(decided: Decided) -> None:
        decide_and_follow(lambda: decided, reason=REASON, clock=JULY)

    follow(merge(first + 1, first))
    assert answers(fresh_database) == [(AN, si_code(1), "01002")] * 4
    follow(unmerge(first + 1))
    assert answers(fresh_database) == [nobody, nobody, alone, alone]
    assert row("SELECT count(DISTINCT person_id) FROM audit_access WHERE result = 1") == (2,)
