"""Whatever bytes come: the readers of the door end with a refusal of theirs, never with another trouble."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from ansinh.gateway.dialect.reading import Unreadable
from ansinh.gateway.submissions.envelope import BadEnvelope, kind_of, made_in, require_envelope
from ansinh.gateway.submissions.kinds import ENCOUNTER_3176, RECEIPT_LENGTH_MAX, receipt_of
from ansinh.gateway.submissions.uploads import TooLong, file_bytes, read_upload, unzipped
from tests.gateway_submissions.door import encounter

SOUND = encounter()
FIELDS = {"username": "01004_BV", "loaiHoSo": "130", "fileHSBase64": base64.b64encode(SOUND).decode()}
BODIES = (urlencode(FIELDS).encode(), json.dumps(FIELDS).encode(), json.dumps(list(SOUND[:40])).encode())


@st.composite
def damaged(draw: st.DrawFn, whole: tuple[bytes, ...]) -> bytes:
    """Return bytes cut, doubled, changed or made up."""
    body = bytearray(draw(st.sampled_from(whole)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.integers(0, 6))] = draw(st.binary(max_size=6))
    return bytes(body)


@given(damaged(BODIES) | st.binary(max_size=200))
def test_damaged_upload_is_read_or_refused(body: bytes) -> None:
    try:
        fields, sent = read_upload(body)
        assert all(isinstance(value, str) for value in fields.values())
        assert isinstance(file_bytes(sent, 10_000), bytes)
    except (Unreadable, TooLong):
        pass


@given(damaged((SOUND, b"\xff\xfe" + SOUND.decode().encode("utf-16-le"))) | st.binary(max_size=200))
def test_damaged_envelope_is_passed_or_refused(content: bytes) -> None:
    made_in(content)
    with suppress(BadEnvelope):
        require_envelope(content, kind_of(content), "01004")


def test_head_full_of_comments_is_refused_at_once() -> None:
    """One way to read it: a search with two would not end."""
    with suppress(BadEnvelope):
        kind_of(b"<!---->" * 500 + b"x")
    with suppress(BadEnvelope):
        kind_of(b"<!-- --> " * 400 + b"<!")
    assert kind_of(b"<!---->" * 400 + SOUND).number == ENCOUNTER_3176.number


@given(st.binary(max_size=300))
def test_no_archive_is_refused(content: bytes) -> None:
    with suppress(Unreadable, TooLong):
        unzipped(b"PK\x03\x04" + content, 1_000)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_receipts_follow_from_the_bytes(one: bytes, other: bytes) -> None:
    first, second = receipt_of(ENCOUNTER_3176, "01004", one), receipt_of(ENCOUNTER_3176, "01004", other)
    assert (first == second) == (one == other)
    assert len(first) <= RECEIPT_LENGTH_MAX
