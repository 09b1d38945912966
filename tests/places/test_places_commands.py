"""`ansinh places` as an operator types it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ansinh.cli import places
from ansinh.foundation.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is printed for people."""
    written = io.StringIO()
    monkeypatch.setattr(places, "out", Console(file=written, width=200))
    return written


def _json(*words: str) -> Any:
    result = CliRunner().invoke(places.app, [*words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def _said(screen: io.StringIO, *words: str) -> str:
    screen.seek(0)
    screen.truncate()
    assert CliRunner().invoke(places.app, list(words), catch_exceptions=False).exit_code == 0
    return screen.getvalue()


def test_load_then_load_again_says_unchanged_and_show_explains_codes(screen: io.StringIO) -> None:
    assert "chạy: ansinh places load" in _said(screen, "show")
    first = _json("load")
    assert first["banks"] == {
        "version": "2026-11",
        "unchanged": False,
        "rows": 57,
        "added": 57,
        "changed": 0,
        "closed": 0,
    }
    assert _said(screen, "load").count("không đổi") == len(first)
    assert {one["name"] for one in _json("show")} == set(first)
    assert _json("show", "36") == {"province": {"code": "37", "name": "Tỉnh Ninh Bình"}}
    assert "Ngân hàng TMCP Ngoại Thương Việt Nam" in _said(screen, "show", "vcb")


def test_show_unknown_code_is_refused() -> None:
    with pytest.raises(NotFound):
        CliRunner().invoke(places.app, ["show", "no-such-code"], catch_exceptions=False)
