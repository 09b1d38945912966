"""What the documents say is there, is there; what is there, the documents say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

from ansinh.foundation.identifiers import KeyKind
from tests.architecture.project import PLATFORM, ROOT, committed_and_new_files, rooms, shown

DOCUMENTS = [path for path in committed_and_new_files() if path.suffix == ".md"]
README_WORDS_MAX = 1_200
DECISION_LINES_MAX = 14

_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
# A path of this repository named in backticks: it has a slash, or an ending we use at the root.
_NAMED = re.compile(
    r"`((?:src|tests|docs|tools|contracts|ops)/[\w./-]*[\w/]|pyproject\.toml|requirements[\w-]*\.lock|Makefile|\.env\.example|\.importlinter)`"
)
# Written by `make bench`, so a fresh clone may not have it.
_MADE_LATER = {"docs/benchmarks.md", "docs/scale.md"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_paths_in_documents_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [link for link in _LINK.findall(text) if "://" not in link and not link.startswith("mailto:")]
    missing = [
        link
        for link in links
        if not (document.parent / link).exists() and shown_or_text(document, link) not in _MADE_LATER
    ]
    missing += [
        name
        for name in _NAMED.findall(text)
        if name not in _MADE_LATER and not (ROOT / name).exists() and not (document.parent / name).exists()
    ]
    assert not missing, (
        f"{shown(document)} names {missing}, which do not exist. Cure: correct the path, or write the file."
    )


def shown_or_text(document: Path, link: str) -> str:
    """Return a link's target as a path of the repository, or the link itself when it leads elsewhere."""
    target = (document.parent / link).resolve()
    return target.relative_to(ROOT).as_posix() if target.is_relative_to(ROOT) else link


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_make_commands_in_documents_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^\s*)make ([a-z][a-z-]*)", document.read_text(encoding="utf-8"), re.MULTILINE))
    assert not named - targets, (
        f"{shown(document)}: {sorted(named - targets)} are no targets of the Makefile. Cure: add the target, or correct the text."
    )


def test_make_help_lists_every_command() -> None:
    printed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = set(re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)) - {
        "$(CHECKS)"
    }
    missing = sorted(name for line in phony for name in line.split() if f"make {name} " not in printed)
    assert not missing, f"{missing} are not in `make help`. Cure: a sentence after ## beside the target."


def test_readme_names_both_commands_and_stays_short() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text
    assert len(text.split()) <= README_WORDS_MAX, "Cure: move what a newcomer need not know to docs/."


@pytest.mark.parametrize("room", rooms())
def test_room_has_a_readme(room: str) -> None:
    page = PLATFORM / room / "README.md"
    assert page.exists(), (
        f"Cure: write src/ansinh/{room}/README.md: one page with purpose, words, owner, what it publishes."
    )
    assert f"src/ansinh/{room}/README.md" in (ROOT / "README.md").read_text(encoding="utf-8"), (
        f"Cure: put {room} on the map in README.md."
    )


def test_every_setting_is_explained() -> None:
    code = (PLATFORM / "foundation/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"((?:ANSINH|DATABASE)_[A-Z_]+)"', code))
    explained = set(
        re.findall(
            r"^(?:# )?((?:ANSINH|DATABASE)_[A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert read, "the settings are no longer where this test looks for them"
    assert not read - explained, (
        f"{sorted(read - explained)} are not in .env.example. Cure: a sentence and the default."
    )
    assert not explained - read, f"{sorted(explained - read)} are read by nobody. Cure: remove them from .env.example."


def test_settings_are_read_in_one_file() -> None:
    readers = [
        shown(path)
        for path in PLATFORM.rglob("*.py")
        if path != PLATFORM / "foundation/settings.py"
        and re.search(r"environ(?:\.get\(|\[)\s*\"(?:ANSINH|DATABASE)_", path.read_text(encoding="utf-8"))
    ]
    assert not readers, f"{readers} read settings by themselves. Cure: a typed field in foundation/settings.py."


def _glossary_words() -> set[str]:
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = {word.strip().lower() for row in rows for word in re.split(r"[,()]", row)}
    return {word for word in words if word}


def test_glossary_is_complete() -> None:
    words = _glossary_words()
    records = {_spaced(model.__name__) for model in apps.get_models() if model.__module__.startswith("ansinh.")}
    numbers = {kind.name.replace("_", " ").lower() for kind in KeyKind} - {"old number"} | {"old identity number"}
    known_rooms = {"cli" if room == "cli" else room for room in rooms()}
    missing = sorted((records | numbers | known_rooms) - words)
    assert not missing, (
        f"{missing} are not in docs/glossary.md. Cure: the word, its official Vietnamese term, its meaning and its source."
    )


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def test_glossary_gives_each_word_once_with_its_term() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| Word")
    ]
    names = [row[0] for row in rows]
    assert len(names) == len(set(names))
    assert all(len(row) == 4 and all(row) for row in rows), [row for row in rows if len(row) != 4 or not all(row)]


def test_decisions_are_short_and_whole() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1)), "Cure: decisions are numbered without gaps; superseded ones stay."
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for part in ("**State:**", "**Context:**", "**Options:**", "**Decision:**", "**Consequences:**"):
            assert part in text, f"{page.name} lacks {part}"
        assert len(text.splitlines()) <= DECISION_LINES_MAX, f"{page.name} is longer than {DECISION_LINES_MAX} lines"


def test_architecture_picture_is_up_to_date() -> None:
    drawn = subprocess.run([sys.executable, str(ROOT / "tools/draw_architecture.py"), "--check"], cwd=ROOT, check=False)
    assert drawn.returncode == 0, "docs/architecture.svg is not what the code says. Cure: make docs"


def test_licence_is_whole() -> None:
    lines = (ROOT / "LICENSE").read_text(encoding="utf-8").splitlines()
    assert lines[0].strip() == "GNU AFFERO GENERAL PUBLIC LICENSE"
    assert len(lines) == 661
