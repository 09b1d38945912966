"""Papers set by Typst: a template of the room that issues, and what varies as JSON, never as source. No network, no files but the template's own."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

import typst

# What a paper may be told; a life of work with a change each month is far below.
TOLD_BYTES_MAX = 2_000_000


def set_paper(template: Path, told: dict[str, Any], issued_at: datetime) -> bytes:
    """Return the template set with what is told as a tagged PDF; the same words at the same moment give the same bytes.

    The template reads `json(bytes(sys.inputs.told))`. Raises ValueError when more is told than any paper holds.
    """
    return _compiled(template, told, "pdf", issued_at)


def picture_paper(template: Path, told: dict[str, Any], issued_at: datetime) -> bytes:
    """Return the first page of the same paper as a PNG picture, for those who would rather look."""
    return _compiled(template, told, "png", issued_at)


def _compiled(template: Path, told: dict[str, Any], form: Literal["pdf", "png"], issued_at: datetime) -> bytes:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    if len(text) > TOLD_BYTES_MAX:
        raise ValueError(f"a paper is told at most {TOLD_BYTES_MAX} characters, not {len(text)}")
    made = typst.compile(
        str(template),
        root=str(template.parent),
        ignore_system_fonts=True,
        format=form,
        ppi=100,
        sys_inputs={"told": text},
        timestamp=int(issued_at.timestamp()),
        pdf_standards=["ua-1"] if form == "pdf" else [],
    )
    pages = cast("list[bytes]", made) if isinstance(made, list) else [made]
    return bytes(pages[0] or b"")
