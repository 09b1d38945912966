"""Papers leave once, signed, and stay as they left; received files stay as they came."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from joserfc.jwk import ECKey
from pypdf import PdfReader

from ansinh.access.keys import new_key
from ansinh.database.sql import execute, number
from ansinh.documents import checks
from ansinh.documents.operations import NewPaper, issue_paper, keep_incoming
from ansinh.documents.queries import Paper, incoming, paper, papers_of
from ansinh.documents.setting import set_paper
from ansinh.documents.signatures import proven, sign
from ansinh.foundation.errors import InvalidInput
from tests.support.cast import ANYBODY_WITH_RIGHTS, DECEMBER, JULY

KEY = new_key()
PUBLIC = {str(KEY.kid): ECKey.import_key(KEY.as_dict(private=False))}


def issue(content: bytes, person: int = 7) -> Paper:
    new = NewPaper("statement", "TK", "application/pdf", content)
    return issue_paper(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, person_id=person, new=new, key=KEY)


@pytest.mark.django_db
def test_issue_paper_signs_numbers_and_keeps_the_bytes_once() -> None:
    first, again, other = issue(b"one"), issue(b"one"), issue(b"two")
    assert first == again
    assert first.number.startswith("TK-2025-")
    assert other.number != first.number
    assert papers_of(7) == sorted([first, other], key=lambda one: one.number, reverse=True)
    kept = paper(7, first.number)
    assert kept == (first, b"one")
    assert paper(8, first.number) is None
    assert proven(b"one", first.signature, PUBLIC)
    assert [result.ok for result in checks.checks()] == [True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"x" * 20_000_001])
def test_issue_paper_of_nothing_or_too_much_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        issue(content)
    assert number("SELECT count(*) FROM documents_paper") == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    ["UPDATE documents_paper SET content = 'x'", "DELETE FROM documents_incoming", "DELETE FROM documents_paper"],
)
def test_documents_cannot_be_changed(change: str) -> None:
    issue(b"one")
    keep_incoming(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, media_type="text/csv", content=b"two")
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(change)


@pytest.mark.django_db
def test_keep_incoming_keeps_the_same_bytes_once() -> None:
    digests = {
        keep_incoming(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=clock, media_type="text/csv", content=b"\xff\x00a")
        for clock in (DECEMBER, JULY)
    }
    (digest,) = digests
    assert incoming(digest) == b"\xff\x00a"
    assert incoming("0" * 64) is None


def test_a_signature_holds_for_its_very_bytes_and_key_only() -> None:
    signature = sign(b"book", KEY)
    assert proven(b"book", signature, PUBLIC)
    assert not proven(b"book ", signature, PUBLIC)
    assert not proven(b"book", signature, {})
    assert not proven(b"book", signature, {str(KEY.kid): new_key()})
    assert not proven(b"book", signature[:-2] + "AA", PUBLIC)
    for broken in ("", "a..b", "....", "đ", sign(b"x", KEY).replace("..", ".eA.")):
        assert not proven(b"book", broken, PUBLIC)


def test_set_paper_takes_words_as_words_and_gives_the_same_bytes_again(tmp_path: Path) -> None:
    template = tmp_path / "one.typ"
    template.write_text(
        '#let told = json(bytes(sys.inputs.told))\n#set document(title: told.title)\n#set text(lang: "vi")\n= #told.title\n#told.words',
        encoding="utf-8",
    )
    told = {"title": "Đặng Thị Quỳnh Như", "words": '#read("/etc/passwd") #panic("x") \\ $x$ <b> ệ ỗ ữ ợ ẵ'}
    first = set_paper(template, told, JULY.now())
    assert first == set_paper(template, told, JULY.now())
    document = PdfReader(io.BytesIO(first))
    text = document.pages[0].extract_text()
    assert '#read("/etc/passwd")' in text.replace("“", '"').replace("”", '"')
    assert "ệ ỗ ữ ợ ẵ" in text
    assert "/StructTreeRoot" in document.root_object
    with pytest.raises(ValueError, match="at most"):
        set_paper(template, {"title": "x", "words": "x" * 2_000_001}, JULY.now())
