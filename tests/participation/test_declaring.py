"""Declarations: good lines apply, bad ones are kept with what is wrong, nothing is rewritten, and twice is once."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansinh.database.sql import execute, number, rows
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import NotFound
from ansinh.participation.declarations.files import (
    CELL_LENGTH_MAX,
    COLUMNS,
    FILE_BYTES_MAX,
    LINES_MAX,
    Unreadable,
    rows_of,
)
from ansinh.participation.declarations.troubles import CODES, PARKED
from ansinh.participation.operations import receive_declaration, retry_parked
from ansinh.participation.queries import book, decided_lines, receipt
from tests.participation.declared import (
    EMPLOYER,
    OTHER,
    PERSON,
    PIN,
    SI_CODE,
    STRANGER,
    csv_of,
    declare,
    found_nation,
    spells,
    stored,
)
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db
WAGE = 8_000_000


def codes(content: bytes) -> list[tuple[int, str, list[str]]]:
    made = declare(content)
    lines = decided_lines(made.employer, made.month, made.version)
    return [(one.line, one.state, [found["code"] for found in one.troubles]) for one in lines]


def test_a_declaration_opens_changes_ends_and_corrects_months() -> None:
    found_nation()
    made = declare(
        csv_of(
            {"from": "2025-01", "wage": "8.000.000"},
            {"act": "change", "from": "04/2025", "wage": 9_000_000},
            {"act": "end", "from": "2025-07"},
            {"act": "correction", "from": "2025-02", "until": "2025-03", "wage": 8_500_000, "work": "heavy"},
            {"number": SI_CODE, "full_name": "dang thi quynh nhu", "wage": WAGE, "unemployment": "no"},
        )
    )
    assert made.states == {"applied": 5}
    assert spells() == [
        (202501, 202502, 8_000_000),
        (202502, 202503, 8_500_000),
        (202503, 202504, 8_000_000),
        (202504, 202507, 9_000_000),
    ]
    assert spells(OTHER) == [(202507, None, WAGE)]
    assert made.reference == f"{EMPLOYER}/202507/1"


def test_the_same_file_twice_has_one_receipt_and_changes_nothing() -> None:
    found_nation()
    content = csv_of({"wage": WAGE}, {"act": "change", "number": STRANGER, "wage": WAGE})
    first, before = declare(content), stored()
    assert declare(content) == first
    assert stored() == before
    assert number("SELECT count(*) FROM participation_declaration") == 1
    assert number("SELECT count(*) FROM documents_incoming") == 1


def test_a_corrected_file_is_a_new_version_and_applies_what_was_wrong() -> None:
    found_nation()
    good = {"wage": WAGE, "from": "2025-01"}, {"act": "change", "from": "2025-06", "wage": 9_000_000}
    declare(csv_of(*good, {"number": SI_CODE, "wage": "-5"}))
    again = declare(csv_of(*good, {"number": SI_CODE, "wage": WAGE}))
    assert (again.version, again.states) == (2, {"unchanged": 2, "applied": 1})
    assert receipt(EMPLOYER, 202507, 1) is not None
    assert spells() == [(202501, 202506, WAGE), (202506, None, 9_000_000)]


def test_a_line_is_withdrawn_and_the_book_is_as_before() -> None:
    found_nation()
    declare(csv_of({"wage": WAGE, "from": "2025-01"}, month="2025-06"))
    before = spells()
    changed = csv_of({"act": "change", "from": "2025-06", "wage": 9_000_000})
    declare(changed)
    assert codes(csv_of({"act": "withdrawal", "withdraws": "202507/1:2"})) == [(2, "applied", [])]
    assert spells() == before
    assert codes(csv_of({"act": "withdrawal", "withdraws": "202507/1:2"}, {"note": "x", "wage": 1}))[0][:2] == (
        2,
        "unchanged",
    )
    assert decided_lines(EMPLOYER, 202507, 1)[0].state == "withdrawn"
    assert declare(
        csv_of({"act": "change", "from": "2025-06", "wage": 9_000_000}, {"act": "end", "from": "2025-08"})
    ).states == {"applied": 2}
    assert spells() == [(202501, 202506, WAGE), (202506, 202508, 9_000_000)]


def test_a_line_changed_since_cannot_be_withdrawn() -> None:
    found_nation()
    declare(csv_of({"wage": WAGE, "from": "2025-01"}, {"act": "change", "from": "2025-03", "wage": 9_000_000}))
    assert codes(
        csv_of(
            {"act": "withdrawal", "withdraws": "202507/1:2"},
            {"act": "withdrawal", "withdraws": "202507/1:9"},
            {"act": "withdrawal", "withdraws": "202507/1:2", "number": SI_CODE},
            {"act": "withdrawal", "withdraws": "7"},
        )
    ) == [
        (2, "rejected", ["changed_since"]),
        (3, "rejected", ["withdraws_nothing"]),
        (4, "rejected", ["withdraws_nothing"]),
        (5, "rejected", ["withdraws_form"]),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"number": STRANGER, "wage": WAGE}, "number_unknown"),
        ({"full_name": "Trần Văn Bình", "wage": WAGE}, "name_differs"),
        ({"number": "1080000017", "wage": WAGE}, "number_unknown"),
        ({"number": "10800000170", "wage": WAGE}, "number_mangled"),
        ({"number": "1.08E+09", "wage": WAGE}, "number_mangled"),
        ({"number": "001080000017x", "wage": WAGE}, "number_form"),
        ({"number": "００１０８００００００１７", "wage": WAGE}, "number_form"),
        ({"number": "", "wage": WAGE}, "missing"),
        ({"act": "", "wage": WAGE}, "missing"),
        ({"act": "delete", "wage": WAGE}, "unknown_act"),
        ({"wage": ""}, "missing"),
        ({"wage": "-8000000"}, "wage_negative"),
        ({"wage": "1e309"}, "wage_form"),
        ({"wage": "NaN"}, "wage_form"),
        ({"wage": "9" * 400}, "wage_form"),
        ({"wage": "8000000.50"}, "wage_form"),
        ({"wage": "８０００"}, "wage_form"),
        ({"wage": "0"}, "wage_below_minimum"),
        ({"wage": 2_339_999}, "wage_below_minimum"),
        ({"wage": 4_000_000, "from": "2025-06"}, "wage_below_minimum"),
        ({"wage": WAGE, "from": "2025-13"}, "month_not_real"),
        ({"wage": WAGE, "from": "13/2025"}, "month_not_real"),
        ({"wage": WAGE, "from": "30/02/2025"}, "month_form"),
        ({"wage": WAGE, "from": "2025-09"}, "month_in_future"),
        ({"wage": WAGE, "from": "9999-12"}, "month_not_real"),
        ({"wage": WAGE, "from": "1994-12"}, "month_too_early"),
        ({"wage": WAGE, "unemployment": "maybe"}, "yes_no"),
        ({"wage": WAGE, "work": "easy"}, "unknown_work"),
        ({"act": "change", "wage": WAGE}, "not_there"),
        ({"act": "end"}, "not_there"),
        ({"act": "correction", "wage": WAGE, "from": "2025-03", "until": "2025-03"}, "until_before_from"),
        ({"act": "correction", "wage": WAGE, "from": "2025-03"}, "missing"),
        ({"wage": WAGE, "employer": "DD0100002"}, "other_employer"),
        ({"wage": WAGE, "month": "2025-06"}, "other_month"),
        ({"wage": WAGE, "note": "=HYPERLINK(1)"}, "formula"),
        ({"wage": WAGE, "note": "+cmd|' /C calc'!A0"}, "formula"),
        ({"wage": WAGE, "note": "@SUM(1)"}, "formula"),
        ({"wage": WAGE, "note": "-2+3"}, "formula"),
        ({"wage": WAGE, "note": "a\u202eb"}, "hidden_character"),
        ({"wage": WAGE, "note": "a\x1b[31mb"}, "hidden_character"),
        ({"wage": WAGE, "note": "x" * 501}, "too_long"),
    ],
)  # fmt: skip
def test_a_bad_line_is_kept_with_its_code_and_its_neighbours_apply(line: dict[str, Any], expected: str) -> None:
    found_nation()
    good = {"number": SI_CODE, "wage": WAGE}
    (first, bad, last) = codes(csv_of(good, line, {"act": "change", **good, "wage": 9_000_000}))
    assert (first[1], last[1]) == ("applied", "applied")
    assert expected in bad[2], bad
    assert bad[1] == ("parked" if expected in {"number_unknown", "name_differs"} else "rejected")
    assert spells() == []
    assert spells(OTHER) == [(202507, None, 9_000_000)]
    kept = decided_lines(EMPLOYER, 202507, 1)[1]
    assert all(found["vi"] and found["en"] for found in kept.troubles)


def test_a_wage_above_the_cap_is_held_at_it_with_a_warning() -> None:
    found_nation()
    assert codes(csv_of({"wage": 60_000_000})) == [(2, "applied", ["wage_above_cap"])]
    assert spells() == [(202507, None, 20 * 2_340_000)]


def test_new_twice_and_the_same_line_twice() -> None:
    found_nation()
    line = {"wage": WAGE}
    assert codes(csv_of(line, line, {"wage": 9_000_000})) == [
        (2, "applied", []),
        (3, "unchanged", ["duplicate_line"]),
        (4, "rejected", ["already_there"]),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf",
        b"PK\x03\x04rest",
        csv_of({"wage": WAGE}).decode().encode("utf-16"),
        csv_of({"wage": WAGE, "full_name": "Nguyễn"}).decode().replace("ễ", "ê").encode("cp1258"),
        csv_of({"wage": WAGE}) + b"\0",
        csv_of({"wage": WAGE}) + b'"open quote',
        csv_of(),
        b"employer,month,act\r\nX,2025-07,new\r\n",
        csv_of({"wage": WAGE}).replace(b"note", b"salary"),
        csv_of({"wage": WAGE}).replace(b"note", b"wage"),
        csv_of({"wage": WAGE}, month="2025-08"),
        csv_of({"wage": WAGE}, month="2025-13"),
        csv_of({"wage": WAGE}, month=""),
        b"x" * 20_000_001,
    ],
    ids=range(15),
)
def test_a_file_that_cannot_be_read_is_refused_whole_and_nothing_is_kept(content: bytes) -> None:
    found_nation()
    with pytest.raises(Unreadable) as refused:
        declare(content)
    assert refused.value.vi
    assert number("SELECT count(*) FROM participation_declaration") == 0
    assert number("SELECT count(*) FROM documents_incoming") == 0
    assert stored() == []


def test_too_many_lines_and_an_unknown_employer_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found_nation()
    with pytest.raises(NotFound):
        declare(csv_of({"wage": WAGE}, employer="ZZ9999999"))
    monkeypatch.setattr("ansinh.participation.declarations.files.LINES_MAX", 1)
    with pytest.raises(Unreadable):
        declare(csv_of({"wage": WAGE}, {"wage": WAGE}))
    assert stored() == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_of_a_spreadsheet_is_read(separator: str) -> None:
    """With a byte order mark, decomposed letters, spaces, empty lines, more columns than told."""
    found_nation()
    text = csv_of({"wage": " 8.000.000 ", "full_name": "Nguye\u0302\u0303n Va\u0306n An"}, separator=separator).decode()
    content = b"\xef\xbb\xbf" + text.replace("\r\n", f"{separator}{separator}\r\n\r\n").encode()
    assert codes(content) == [(3, "applied", [])]


def test_parked_lines_apply_once_their_person_is_known() -> None:
    found_nation()
    made = declare(csv_of({"number": STRANGER, "wage": WAGE}))
    assert made.states == {"parked": 1}

    def retry() -> dict[str, int]:
        return retry_parked(actor=ANYBODY_WITH_RIGHTS, reason="thử lại", clock=JULY)

    assert retry() == {"parked": 1}
    execute("UPDATE people_identifier SET value = %s WHERE value = %s", [STRANGER, PIN])
    assert retry() == {"applied": 1}
    assert retry() == {}
    assert spells() == [(202507, None, WAGE)]


def test_what_was_known_on_a_day_stays_known() -> None:
    found_nation()
    declare(csv_of({"wage": WAGE, "from": "2025-01"}))
    then = JULY.now()
    before = book(PERSON, then)
    later = FixedClock(then + timedelta(days=40))
    content = csv_of({"act": "correction", "from": "2025-02", "until": "2025-04", "wage": 9_000_000}, month="2025-08")
    receive_declaration(actor=ANYBODY_WITH_RIGHTS, reason="sửa", clock=later, content=content)
    assert book(PERSON, then) == before
    assert book(PERSON, later.now()) != before
    assert rows("SELECT count(*) FILTER (WHERE superseded_at IS NULL), count(*) FROM participation_span") == [(3, 4)]


MONTHS = st.sampled_from(["2024-11", "2024-12", "2025-01", "2025-02", "2025-03", "2025-06"])
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "act": st.sampled_from(["new", "change", "end", "correction"]),
            "number": st.sampled_from([PIN, SI_CODE, STRANGER]),
            "from": MONTHS,
            "until": st.sampled_from(["2025-04", "2025-05", ""]),
            "wage": st.sampled_from([5_000_000, 6_000_000, 60_000_000, -1]),
        }
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, LINES)
def test_files_in_order_then_again_change_nothing_and_withdrawing_all_gives_the_book_back(
    first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    with transaction.atomic():
        found_nation()
        files = [csv_of(*first), csv_of(*second)]
        made = [declare(content) for content in files]
        written = stored()
        assert [declare(content) for content in files] == made
        assert stored() == written
        for version in (2, 1) if made[0] != made[1] else (1,):
            for line in reversed(decided_lines(EMPLOYER, 202507, version, ["applied"])):
                back = {"act": "withdrawal", "number": line.raw["number"], "withdraws": f"202507/{version}:{line.line}"}
                assert declare(csv_of(back)).states == {"applied": 1}
        assert [spells(PERSON), spells(OTHER)] == [[], []]
        assert not [one for one in stored() if one[-1]]
        transaction.set_rollback(True)


CONTRACT = Path(__file__).parents[2] / "contracts" / "participation"


def test_the_contract_says_what_is_done() -> None:
    contract = json.loads((CONTRACT / "declaration.json").read_text("utf-8"))
    told = contract["$defs"]["troubles"]["const"]
    assert told == {
        code: {"line": "applied" if warning else "parked" if code in PARKED else "rejected", "vi": vi, "en": en}
        for code, (warning, vi, en) in CODES.items()
    }
    assert tuple(contract["properties"]) == COLUMNS
    assert contract["$defs"]["limits"]["const"] == {
        "lines": LINES_MAX,
        "bytes": FILE_BYTES_MAX,
        "cell_characters": CELL_LENGTH_MAX,
    }


def test_the_example_of_the_contract_is_valid_and_applies() -> None:
    content = (CONTRACT / "example.csv").read_bytes()
    schema = json.loads((CONTRACT / "declaration.json").read_text("utf-8"))
    lines = rows_of(content)
    for line in lines:
        jsonschema.validate(line.cells, schema)
    found_nation()
    declare(csv_of({"number": SI_CODE, "wage": 8_500_000, "from": "2025-01"}, month="2025-01"))
    assert declare(content).states == {"applied": len(lines)}
