"""What is installed is what was pinned, wherever it comes from."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.project import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)

LOCKS = {
    "requirements.lock": [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]],
    "requirements-installer.lock": PROJECT["dependency-groups"]["installer"],
    "requirements-spark.lock": [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["spark"],
    ],
}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_pinned(lock: str) -> None:
    pins = {
        canonicalize_name(name): version for name, version in _PIN.findall((ROOT / lock).read_text(encoding="utf-8"))
    }
    wrong = [
        text
        for text in LOCKS[lock]
        if not (requirement := Requirement(text)).specifier.contains(
            pins.get(canonicalize_name(requirement.name), ""), prereleases=True
        )
    ]
    assert not wrong, f"{lock} does not hold {wrong}. Cure: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = [block for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE) if "==" in block]
    assert all("--hash=sha256:" in block for block in pins)
    assert "://" not in text, "Cure: make lock, which writes no address"
    assert "--index" not in text
    assert "--find-links" not in text


def test_every_dependency_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    bare = [line.strip() for line in lines if re.match(r'\s+"[a-z][\w.\[\]-]*[<>=].*",', line) and "#" not in line]
    assert not bare, f"{bare}: a dependency without a reason. Cure: a comment beside it."
