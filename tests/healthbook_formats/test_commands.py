"""`ansinh healthbook check-file` and `tables`, as a person at a hospital uses them: no database."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ansinh.cli import screen
from ansinh.cli.healthbook import app
from ansinh.healthbook.formats.bounded_xml import BYTES_MAX
from tests.healthbook_formats.good_files import encounter, good_tables

RUNNER = CliRunner()


@pytest.fixture
def terminal() -> Iterator[io.StringIO]:
    """What is printed for a person."""
    shown = io.StringIO()
    before, screen.out.file = screen.out.file, shown
    yield shown
    screen.out.file = before


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.xml"
    file.write_bytes(encounter(good_tables("XML7")))
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    tables = good_tables()
    tables["XML1"][0]["MA_BENH_CHINH"] = "ZZ9"
    file = tmp_path / "bad [red].xml"
    file.write_bytes(encounter(tables))
    return file


def test_good_file_would_be_accepted(good: Path, terminal: io.StringIO) -> None:
    shown = RUNNER.invoke(app, ["check-file", str(good)])
    assert shown.exit_code == 0, shown.output
    assert "nhận được" in terminal.getvalue()
    assert "XML3 ×2" in terminal.getvalue()


def test_bad_file_is_told_in_both_languages(bad: Path, terminal: io.StringIO) -> None:
    shown = RUNNER.invoke(app, ["check-file", str(bad), "--kind", "4750"])
    assert shown.exit_code == 1
    assert "bad [red].xml" in terminal.getvalue()
    assert "không thuộc ICD-10" in terminal.getvalue()
    assert "not in ICD-10" in terminal.getvalue()


def test_machines_get_json(bad: Path) -> None:
    shown = RUNNER.invoke(app, ["check-file", str(bad), "--json", "--facility", "79024"])
    assert shown.exit_code == 1
    told = json.loads(shown.output)
    assert told["accepted"] is False
    assert told["facility"] == "01001"
    assert [(error["table"], error["row"], error["field"], error["code"]) for error in told["errors"]] == [
        ("GIAMDINHHS", 0, "MACSKCB", "sender_differs"),
        ("XML1", 1, "MA_BENH_CHINH", "unknown_diagnosis"),
    ]


def test_file_that_is_too_large_is_not_loaded(tmp_path: Path) -> None:
    file = tmp_path / "large.xml"
    with file.open("wb") as opened:
        opened.truncate(50 * BYTES_MAX)  # a gigabyte that takes no room on the disk
    shown = RUNNER.invoke(app, ["check-file", str(file), "--json"])
    assert shown.exit_code == 1
    assert [error["code"] for error in json.loads(shown.output)["errors"]] == ["too_big"]


def test_tables_are_listed_and_described(terminal: io.StringIO) -> None:
    listed = json.loads(RUNNER.invoke(app, ["tables", "--json"]).output)
    assert {"XML0", "XML15", "CT07", "GIAYCHUNGSINH"} <= {one["code"] for one in listed}
    assert RUNNER.invoke(app, ["tables"]).exit_code == 0
    assert "XML12" in terminal.getvalue()
    assert RUNNER.invoke(app, ["tables", "xml3"]).exit_code == 0
    assert "T_BNCCT" in terminal.getvalue()
    described = json.loads(RUNNER.invoke(app, ["tables", "XML3", "--json"]).output)
    assert len(described["fields"]) == 47
    assert RUNNER.invoke(app, ["tables", "XML99"]).exit_code != 0
