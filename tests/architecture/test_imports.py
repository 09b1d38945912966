"""The order of rooms holds, and the checker that says so is awake: faults planted in a copy are found and named."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import exceptions
from tests.architecture.project import PLATFORM, ROOT, SOURCE, functions, python_files, shown, tree_of

# A fault is one line added to a file, and the import that the checker must name.
PLANTED = {
    "upwards": ("ansinh/people/states.py", "import ansinh.reporting", "ansinh.people.states -> ansinh.reporting"),
    "sideways": ("ansinh/notices/planted.py", "import ansinh.places", "ansinh.notices.planted -> ansinh.places"),
    "unplaced room": ("ansinh/planted/__init__.py", "", "planted"),
    "private part": (
        "ansinh/reporting/planted.py",
        "import ansinh.people.models",
        "ansinh.reporting.planted -> ansinh.people.models",
    ),
    "Django below": ("ansinh/foundation/planted.py", "import django.db", "ansinh.foundation.planted -> django"),
    "Django through another": (
        "ansinh/database/planted.py",
        "import ansinh.foundation.planted",
        "ansinh.database.planted ->",
    ),
    "gateway": (
        "ansinh/gateway/planted.py",
        "import ansinh.cards.queries",
        "ansinh.gateway.planted -> ansinh.cards.queries",
    ),
    "partner reaches in": (
        "ansinh_sandbox/planted.py",
        "import ansinh.foundation.money",
        "ansinh_sandbox.planted -> ansinh.foundation.money",
    ),
    "nation reaches in": (
        "ansinh_synthetic/planted.py",
        "import ansinh.foundation.period",
        "ansinh_synthetic.planted -> ansinh.foundation.period",
    ),
    "platform reaches out": (
        "ansinh/people/planted.py",
        "import ansinh_synthetic",
        "ansinh.people.planted -> ansinh_synthetic",
    ),
}

# What must load where Django is not, but for the door that rooms above use.
PLAIN = ["foundation", "database", "rules", "access.tokens", "gateway"]
DOOR = "ansinh.database.sql"

SIGNALS = {"django.dispatch", "django.db.models.signals", "django.core.signals", "django.test.signals"}


def _check_imports(source: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(source), str(ROOT)]),
        "COLUMNS": "200",
        "NO_COLOR": "1",
    }
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("lint-imports")),
            "--no-cache",
            "--no-logo",
            "--config",
            str(ROOT / ".importlinter"),
        ],
        cwd=source.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_go_down_only_and_through_public_parts() -> None:
    checked = _check_imports(SOURCE)
    assert checked.returncode == 0, (
        f"{checked.stdout}{checked.stderr}\nCure: move what both need down, or let config wire the two."
    )


def test_planted_faults_are_found_and_named(tmp_path: Path) -> None:
    source = tmp_path / "src"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "*.csv", "*.json"))
    for place, line, _ in PLANTED.values():
        path = source / place
        path.parent.mkdir(exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{before}\n{line}\n", encoding="utf-8")

    checked = _check_imports(source)

    assert checked.returncode != 0
    missed = [fault for fault, (_, _, named) in PLANTED.items() if named not in checked.stdout]
    assert not missed, f"the checker overlooked {missed} in:\n{checked.stdout}{checked.stderr}"


def test_ground_and_gateway_load_without_django() -> None:
    modules = [
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        for part in PLAIN
        for path in ([PLATFORM / f"{part.replace('.', '/')}.py", *python_files(f"src/ansinh/{part.replace('.', '/')}")])
        if path.exists() and path.stem != "__main__"
    ]
    modules = [name for name in modules if name != DOOR]
    program = (
        "import importlib, sys\n"
        f"for name in {modules!r}:\n"
        "    importlib.import_module(name)\n"
        "    assert 'django' not in sys.modules, name\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, (
        f"{ran.stderr}\nCure: the module named above must not reach Django; pass the value in instead."
    )


def test_packages_entered_by_the_gateway_hold_no_code() -> None:
    body = [node for node in tree_of(PLATFORM / "access/__init__.py").body if not _is_docstring(node)]
    assert not body, (
        "Cure: keep access/__init__.py empty, so that access.tokens can be imported without the rest of the room."
    )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_imports_stand_at_the_top() -> None:
    found = {
        f"{shown(path)}::{function.name}"
        for path in python_files("src")
        for function in functions(tree_of(path))
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function.node))
    }
    allowed = set(exceptions.IMPORTS_INSIDE_FUNCTIONS)
    assert not found - allowed, (
        f"imports inside functions: {sorted(found - allowed)}. Cure: move the concept down instead of dodging a circle."
    )
    assert not allowed - found, f"Cure: remove {sorted(allowed - found)} from exceptions.py"


@pytest.mark.parametrize("module", sorted(SIGNALS))
def test_no_signals_carry_the_domain(module: str) -> None:
    users = [
        shown(path)
        for path in python_files("src")
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.ImportFrom) and node.module == module)
        or (isinstance(node, ast.Import) and module in {alias.name for alias in node.names})
    ]
    assert not users, (
        f"{users} use Django's signals. Cure: announce an event; all reactions stand in config/subscriptions.py."
    )
