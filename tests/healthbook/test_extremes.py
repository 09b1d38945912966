"""The most that each field lets through: it is accepted or refused with its reason, and never set aside as a mistake of ours."""

from __future__ import annotations

from collections.abc import Iterator

from ansinh.healthbook.formats import tables
from ansinh.healthbook.formats.package import Decision
from tests.healthbook.inbox import Inbox
from tests.healthbook_formats.good_files import FACILITY, GOOD, encounter, good_tables
from tests.support.campaign import CAMPAIGN

TABLES = [code for code in GOOD if code.startswith("XML") and code not in {"XML0", "XML12", "XML3 supply"}]
NUMBERS = {"integer", "decimal", "percent"}
DAYS = {"date": "{}", "moment": "{}0000", "date_or_moment": "{}", "loose_date": "{}"}
STEP = 1 if CAMPAIGN else 5
TEXT = "\\N \\. \\x41 %s {0} 'a' \"b\" \u2028 \u0085 😀"


def extremes(field: tables.FieldDescription) -> Iterator[str]:
    """Yield values that look at the edges of what a field lets through."""
    most = field.longest or field.long or 15
    if field.type in NUMBERS:
        yield "9" * most
        yield "0" * most
        if field.type == "decimal":
            yield f"{'9' * max(most - 3, 1)}.99"
            yield f"0.{'9' * max(most - 2, 1)}"
    elif field.type in DAYS:
        for day in ("29991231", "18500101", "20990101", "00010101"):
            yield DAYS[field.type].format(day)
    else:
        yield ("Ộ" * most)[:4_000]
        yield TEXT[:most]


def files() -> Iterator[bytes]:
    """Yield an encounter for each extreme of each field, each with a number of its own."""
    number = 0
    for code in TABLES:
        for field in tables.table(code, Decision.QD_4750).fields:
            if field.name == "MA_LK" or (field.type not in {*NUMBERS, *DAYS} and not CAMPAIGN):
                continue
            for value in extremes(field):
                number += 1
                if number % STEP:
                    continue
                sent = good_tables(code)
                for rows in sent.values():
                    for row in rows:
                        row["MA_LK"] = f"extreme.{number}"
                sent[code][0][field.name] = value
                yield encounter(sent)


def of_other_years() -> Iterator[tuple[str, bytes]]:
    """Yield encounters whose every day lies in another year, so that they agree among themselves."""
    for year in ("0001", "1850", "1925", "1989", "2030", "2099", "2500", "2999"):
        sent = good_tables("XML7", "XML8", "XML11", "XML14")
        for rows in sent.values():
            for row in rows:
                row["MA_LK"] = f"year.{year}"
                for name, value in row.items():
                    if value.startswith("2025") and value.isdigit():
                        row[name] = year + value[4:]
        yield year, encounter(sent)


def of_sums_alone() -> Iterator[bytes]:
    """Yield encounters without a line, whose totals are as large as they may be."""
    for number, amount in enumerate(("9" * 15, "9" * 12 + ".99", "9" * 13 + ".9", "9" * 14)):
        row = dict(GOOD["XML1"]) | {"MA_LK": f"sums.{number}"}
        for name in row:
            if name.startswith("T_"):
                row[name] = amount
        yield encounter({"XML1": [row]})


def test_extremes_are_accepted_or_refused_and_never_set_aside(inbox: Inbox) -> None:
    person = GOOD["XML1"]
    inbox.add_person(
        70, person["HO_TEN"], person["NGAY_SINH"][:8], person["SO_CCCD"], sex="M" if person["GIOI_TINH"] == "1" else "F"
    )
    years = {year: inbox.submit(content, facility=FACILITY) for year, content in of_other_years()}
    contents = [*files(), *of_sums_alone()]
    receipts = [*years.values(), *(inbox.submit(content, facility=FACILITY) for content in contents)]
    inbox.work()
    states = dict(inbox.rows("SELECT receipt, state FROM healthbook_submission WHERE receipt = ANY (%s)", receipts))
    aside = [receipt for receipt in receipts if states[receipt] not in {"accepted", "rejected", "waiting"}]
    assert [
        inbox.rows("SELECT episode, errors FROM healthbook_submission WHERE receipt = %s", one) for one in aside[:5]
    ] == []
    assert "accepted" in states.values()
    assert inbox.rows("SELECT count(*) FROM healthbook_visit WHERE year NOT BETWEEN 1990 AND 2026") == [(0,)]
