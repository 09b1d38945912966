"""The document of the tables is made from what judges; the catalogue of sentences is whole."""

from __future__ import annotations

import re
from pathlib import Path

from ansinh.healthbook.formats import documenting
from ansinh.healthbook.formats.line_errors import sentences
from tests.healthbook_formats.bad_values import HOSPITAL_TABLES, PAPER_TABLES, described

_ROOT = Path(__file__).resolve().parents[2]


def test_document_of_hospital_tables_is_current() -> None:
    written = (_ROOT / "docs" / "reference" / "hospital-tables.md").read_text("utf-8")
    assert written == documenting.document(), "Cure: .venv/bin/python tools/describe_tables.py"


def test_every_field_is_documented() -> None:
    text = documenting.document()
    for table in (*HOSPITAL_TABLES, *PAPER_TABLES):
        section = text[text.index(f"\n## {table}\n") :].split("\n## ", 2)[1]
        for field in described(table)["fields"]:
            assert f"| `{field['name']}` |" in section


def test_every_sentence_has_both_languages_with_the_same_places() -> None:
    for code, said in sentences().items():
        assert set(said) == {"vi", "en"}, code
        places = {language: set(re.findall(r"{(\w+)}", said[language])) for language in said}
        assert {place.removesuffix("_vi") for place in places["vi"]} == {
            place.removesuffix("_en") for place in places["en"]
        }, code
        assert said["vi"].endswith("."), code
        assert said["en"].endswith("."), code


def test_every_code_in_use_has_a_sentence() -> None:
    folder = Path(documenting.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    known = set(sentences())
    used = set(re.findall(r"""(?:Finding|Unreadable)\(\s*"([a-z_0-9]+)\"""", source))
    used |= set(re.findall(r"""LineError\([^"()]*(?:"[^"]*"[^"()]*){0,2}"([a-z_0-9]+)"[,)]""", source))
    assert used - known == set()
    quoted = set(re.findall(r'"([a-z_0-9]+)"', source))
    assert known - quoted == set()
