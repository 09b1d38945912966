"""A book is shown with its purpose kept, explained in words, set as a paper, and proven by a stranger; a person reads the own one only."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from ansinh.access.keys import published_keys, rotate
from ansinh.access.roles import InsuredPerson
from ansinh.database.sql import execute, number, rows
from ansinh.documents.signatures import KEYS_NAME, proven
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.foundation.purpose import Purpose
from ansinh.participation.operations import Issued, export_book, issue_statement, read_book
from ansinh.participation.queries import Book, book, statement
from tests.participation.declared import OTHER, PERSON, SI_CODE, book_of, csv_of, declare, found_nation, spells
from tests.support.cast import A_STRANGER, ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db
SHE = Actor(ActorKind.PERSON, str(PERSON), InsuredPerson.permissions)
PAGE = Path(__file__).parents[2] / "docs/howto/prove-a-contribution-book.md"


def a_career() -> None:
    found_nation()
    declare(
        csv_of(
            {"from": "2010-01", "wage": 3_000_000},
            {"act": "end", "from": "2013-01"},
            {"act": "correction", "from": "2013-03", "until": "2016-01", "wage": 4_000_000, "work": "heavy"},
        )
    )
    declare(
        csv_of({"act": "correction", "from": "2015-07", "until": "2016-07", "wage": 5_000_000}, employer="DD0100002")
    )


def read(actor: Actor = ANYBODY_WITH_RIGHTS, person: int = PERSON, known_on: date | None = None) -> Book:
    return read_book(
        actor=actor, reason="khách hỏi", clock=JULY, person_id=person, purpose=Purpose.ADMINISTRATION, known_on=known_on
    )


def hand_out(secrets: Path, actor: Actor = ANYBODY_WITH_RIGHTS, *, paper: bool, language: str = "vi") -> Issued:
    shared = {
        "actor": actor,
        "reason": "khách xin",
        "clock": JULY,
        "person_id": PERSON,
        "purpose": Purpose.ADMINISTRATION,
    }
    if paper:
        return issue_statement(**shared, secrets=secrets, language=language)  # type: ignore[arg-type]  # arguments by name, of several types
    return export_book(**shared, secrets=secrets)  # type: ignore[arg-type]  # arguments by name, of several types


def test_a_book_counts_each_month_once_and_explains_gaps_and_overlaps() -> None:
    a_career()
    found = book_of()
    assert found.totals.months == 36 + 34 + 6
    assert (found.totals.compulsory, found.totals.before_2014, found.totals.heavy) == (76, 46, 34)
    assert found.totals.unemployment == 76
    assert [(one.from_month, one.until_month, one.months) for one in found.gaps] == [(201301, 201303, 2)]
    assert [(one.from_month, one.until_month) for one in found.overlaps] == [(201507, 201601)]
    (overlap,), (gap,) = found.overlaps, found.gaps
    assert overlap.vi.startswith("Từ 07/2015 đến 12/2015 (6 tháng) ghi hai lần: Đơn vị 1 và Đơn vị 2.")
    assert "the contract that began first counts" in overlap.en
    assert gap.vi == "Từ 01/2013 đến 02/2013 (2 tháng) không có đóng, giữa hai thời gian ở Đơn vị 1."


def test_read_book_leaves_a_line_with_its_purpose_and_no_number() -> None:
    a_career()
    assert read().totals.months == 76
    ((facts,),) = rows("SELECT facts::text FROM audit_act WHERE act = 'participation.read_book'")
    assert json.loads(facts) == {
        "read": "contribution book",
        "person": PERSON,
        "purpose": "administration",
        "known_on": "2025-07-31",
    }


def test_a_person_reads_the_own_book_only_and_denied_looks_like_absent() -> None:
    a_career()
    assert read(SHE) == read()
    sentences = []
    for person in (OTHER, 99):
        with pytest.raises(NotFound) as refused:
            read(SHE, person)
        sentences.append(refused.value.en.replace(str(person), "N"))
    assert sentences[0] == sentences[1]
    with pytest.raises(NotPermitted):
        read(A_STRANGER)
    with pytest.raises(InvalidInput):
        read(known_on=date(2025, 8, 1))


def test_a_merged_record_tells_its_months_in_the_persons_book_and_takes_declarations() -> None:
    a_career()
    declare(csv_of({"number": SI_CODE, "from": "2020-01", "wage": 5_000_000}))
    execute(
        "INSERT INTO people_alias (alias_person_id, person_id, merged_into) VALUES (%s, %s, %s)",
        [OTHER, PERSON, PERSON],
    )
    assert book(OTHER, date(2025, 7, 31)) == book_of()
    assert spells()[-1] == (202001, None, 5_000_000)
    assert declare(csv_of({"act": "change", "from": "2025-06", "wage": 6_000_000})).states == {"applied": 1}
    assert spells()[-2:] == [(202001, 202506, 5_000_000), (202506, None, 6_000_000)]
    assert number("SELECT count(*) FROM participation_span WHERE person_id = %s AND from_month = 202506", [OTHER]) == 1


@pytest.mark.parametrize(
    ("language", "title"), [("vi", "Quá trình đóng bảo hiểm xã hội"), ("en", "Statement of social-insurance")]
)
def test_a_statement_is_a_tagged_paper_whose_letters_can_be_read(tmp_path: Path, language: str, title: str) -> None:
    a_career()
    issued = hand_out(tmp_path, SHE, paper=True, language=language)
    assert hand_out(tmp_path, SHE, paper=True, language=language) == issued
    document = PdfReader(io.BytesIO(issued.content))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in document.pages))
    assert title in text
    for words in ("Nguyễn Văn An", "3.000.000 ₫", "001080000017", "Đơn vị 1"):
        assert words in text
    assert ("6 năm 4 tháng" if language == "vi" else "6 years 4 months") in text
    assert str(document.root_object["/Lang"]) == language
    assert "/StructTreeRoot" in document.root_object
    assert document.metadata is not None
    assert title in str(document.metadata.title)
    assert proven(issued.content, issued.paper.signature, published_keys(tmp_path, KEYS_NAME))


def test_a_name_is_never_a_command_of_the_paper(tmp_path: Path) -> None:
    found_nation()
    name = '#panic("x") $ \\ <a> *b* _c_ @d'
    execute("UPDATE people_person SET full_name = %s WHERE person_id = %s", [name, PERSON])
    text = PdfReader(io.BytesIO(hand_out(tmp_path, paper=True).content)).pages[0].extract_text()
    assert '#panic("x") $ \\ <a> *b* _c_ @d' in text.replace("“", '"').replace("”", '"')
    assert statement(PERSON, date(2025, 7, 31))["employers"] == []


def test_a_stranger_proves_an_exported_book_as_the_page_says(tmp_path: Path) -> None:
    a_career()
    issued = hand_out(tmp_path, paper=False)
    rotate(tmp_path, KEYS_NAME)
    (tmp_path / "book.json").write_bytes(issued.content)
    (tmp_path / "book.json.jws").write_text(issued.paper.signature, encoding="ascii")
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found

    def prove() -> int:
        return subprocess.run(
            [sys.executable, "-c", found[1]], cwd=tmp_path, check=False, capture_output=True
        ).returncode

    assert prove() == 0
    told = json.loads(issued.content)
    assert (told["format"], told["book"]["totals"]["months"]) == ("ansinh contribution book 1", 76)
    assert told["person"]["full_name"] == "Nguyễn Văn An"
    (tmp_path / "book.json").write_bytes(issued.content.replace(b"3000000", b"9000000"))
    assert prove() == 1


def test_a_book_whose_contributions_ended_long_ago_is_counted_by_the_law_in_force_since() -> None:
    found_nation()
    declare(csv_of({"act": "correction", "from": "2008-01", "until": "2011-03", "wage": 1_000_000}))
    totals = book(PERSON, date(2025, 7, 31)).totals
    assert (totals.months, totals.before_2014, totals.last_month) == (38, 38, 201102)
