"""Which files are taken, and that what is taken stays as it was handed in, and shows who opened it."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from django.db import Error, transaction
from hypothesis import given
from hypothesis import strategies as st

from ansinh.access.queries import actor_of_person
from ansinh.audit.queries import looks_at
from ansinh.database.sql import execute, number, row
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.purpose import Purpose
from ansinh.services import checks, operations, queries
from ansinh.services.attachments.judging import judged
from ansinh.services.attachments.refusing import AttachmentRefused
from ansinh.services.rows import NotInState
from tests.benefits.filed import WIDOW, WORKER
from tests.services.applied import HOA, REASON, TODAY, form, settle_people, submit
from tests.services.hostile_files import PLAIN_PDF, REFUSED, TAKEN, png

PERSON = actor_of_person(WIDOW)


@pytest.mark.parametrize("what", TAKEN)
def test_a_plain_file_is_taken(what: str) -> None:
    name, content = TAKEN[what]
    assert judged(name, content)[0].endswith(name.rpartition(".")[2])


@pytest.mark.parametrize("what", REFUSED)
def test_a_hostile_file_is_refused_with_its_rule(what: str) -> None:
    name, content, rule = REFUSED[what]
    with pytest.raises(AttachmentRefused) as refusal:
        judged(name, content)
    assert refusal.value.facts["rule"] == rule


@given(st.sampled_from(sorted(TAKEN)), st.integers(0, 10**6), st.binary(max_size=40), st.booleans())
def test_a_file_changed_anywhere_is_taken_or_refused_and_nothing_else(
    what: str, place: int, put: bytes, cut: bool
) -> None:
    name, content = TAKEN[what]
    place %= len(content)
    changed = content[:place] + put + (b"" if cut else content[place + len(put) :])
    with contextlib.suppress(AttachmentRefused):
        assert judged(name, changed)[1]


@pytest.fixture
def draft(db: None) -> str:
    """The widow's draft."""
    settle_people()
    return operations.save_draft(actor=PERSON, reason=REASON, clock=TODAY, form=form())


def attach(reference: str, content: bytes = PLAIN_PDF, paper: str = "death_extract", name: str = "a.pdf") -> int:
    """The widow hands a file in."""
    return operations.attach_file(
        actor=PERSON, reason=REASON, clock=TODAY, reference=reference, paper=paper, name=name, content=content
    )


def remove(reference: str, attachment: int) -> None:
    """She takes it away."""
    operations.remove_attachment(
        actor=PERSON, reason=REASON, clock=TODAY, reference=reference, attachment_id=attachment
    )


@pytest.mark.django_db
def test_what_is_handed_in_comes_back_as_it_was_and_the_same_bytes_are_one(draft: str) -> None:
    first = attach(draft)
    assert attach(draft, name="b.pdf") == first
    said: dict[str, Any] = {"reason": REASON, "clock": TODAY, "reference": draft, "attachment_id": first}
    assert operations.read_attachment(actor=PERSON, purpose=Purpose.OWN_RECORD, **said) == (
        "b.pdf",
        "application/pdf",
        PLAIN_PDF,
    )
    assert operations.read_attachment(actor=HOA, purpose=Purpose.ADMINISTRATION, **said)[2] == PLAIN_PDF
    shown = queries.application(WIDOW, draft)
    assert shown is not None
    (attachment,) = shown.attachments
    # Whom it is about sees the officer, not herself, beside the file; and among who looked.
    assert [(one.reader, one.purpose) for one in attachment.readings] == [("officer:hanoi.hoa", "administration")]
    assert "attachment of an application" in {look.call for look in looks_at(WIDOW)}
    assert all(one.ok for one in checks.checks(TODAY.at.date()))


@pytest.mark.django_db
def test_a_file_belongs_to_an_open_form_of_its_own_person(draft: str) -> None:
    kept = attach(draft)
    stranger = actor_of_person(WORKER)
    with pytest.raises(NotFound):
        operations.read_attachment(
            actor=stranger, reason=REASON, clock=TODAY, reference=draft, attachment_id=kept, purpose=Purpose.OWN_RECORD
        )
    with pytest.raises(InvalidInput):
        attach(draft, paper="medical_record")
    remove(draft, kept)
    remove(draft, kept)
    assert row("SELECT content, removed_at IS NULL FROM services_attachment") == (None, False)
    again = attach(draft)
    submit()
    for change in (lambda: attach(draft, png(), name="a.png"), lambda: remove(draft, again)):
        with pytest.raises(NotInState):
            change()
    with pytest.raises(NotFound):
        operations.read_attachment(
            actor=HOA, reason=REASON, clock=TODAY, reference=draft, attachment_id=again + 1, purpose=Purpose.CLAIM
        )


@pytest.mark.django_db
def test_an_application_holds_so_many_files(draft: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansinh.services.operations.attaching.FILES_MAX", 2)
    attach(draft)
    attach(draft, png(), name="a.png")
    with pytest.raises(AttachmentRefused):
        attach(draft, png(3, 3), name="b.png")
    assert number("SELECT count(*) FROM services_attachment") == 2


@pytest.mark.django_db
def test_the_database_keeps_attachments_and_the_check_sees_what_is_changed_all_the_same(draft: str) -> None:
    attach(draft)
    for statement in (
        "UPDATE services_attachment SET content = '\\x00'",
        "UPDATE services_attachment SET size = 1",
        "DELETE FROM services_attachment",
    ):
        with pytest.raises(Error), transaction.atomic():
            execute(statement)
    found = {one.name: one.counted for one in checks.checks(TODAY.at.date())}
    assert found["services.attachments_hash_to_their_rows"] == 1
