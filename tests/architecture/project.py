"""The project as its structure tests see it: where things lie, which rooms there are, what a Python file defines."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PLATFORM = SOURCE / "ansinh"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def rooms() -> list[str]:
    """Return every package of the platform, ground and faces included."""
    return sorted(folder.name for folder in PLATFORM.iterdir() if (folder / "__init__.py").exists())


def python_files(*folders: str) -> list[Path]:
    """Return the Python files below `folders` (of the root), in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def shown(path: Path) -> str:
    """Return the path as a reader of the repository knows it."""
    return path.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class NamedFunction:
    """A function with the name a reader would call it by: `Class.method`, `outer.inner`."""

    name: str
    node: Function

    @property
    def lines(self) -> int:
        """Return how many lines it takes, decorators not counted."""
        return (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1

    @property
    def parameters(self) -> int:
        """Return how many arguments a caller may have to think of; `self` and `cls` are none."""
        arguments = self.node.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        return len([name for name in names if name not in {"self", "cls"}])


def functions(tree: ast.Module) -> Iterator[NamedFunction]:
    """Yield every function of a file, inner ones and methods included."""

    def walk(node: ast.AST, outer: str) -> Iterator[NamedFunction]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield NamedFunction(outer + child.name, child)
                yield from walk(child, f"{outer}{child.name}.")
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, f"{outer}{child.name}.")
            else:
                yield from walk(child, outer)

    return walk(tree, "")


@cache
def committed_and_new_files() -> tuple[Path, ...]:
    """Return every file that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name.decode() for name in listed.stdout.split(b"\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))
