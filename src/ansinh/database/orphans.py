"""Servers whose data folder is gone.

An ordinary user's server lies in the data folder and goes with it. Root's lies under /var/lib/ansinh, so the
server of a temporary folder (a trial in `mktemp -d`) would outlive it for ever.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from ansinh.database.account import running_as_root
from ansinh.database.folder import STATE_ROOT, folder_of, mount_namespace
from ansinh.database.progress import Say
from ansinh.database.server import EmbeddedServer

_TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - places that are looked at, not written to


def clear_orphans(say: Say) -> list[Path]:
    """Stop and remove root's servers whose data folder lay in a temporary folder and is gone; returns those folders.

    Only homes seen under the same mounts count: a folder may be absent merely because another program has its own
    /tmp. A home outside temporary folders is never judged: its disk may just not be mounted.
    """
    if not running_as_root():
        return []
    cleared = []
    for note in sorted(STATE_ROOT.glob("*/home")):
        lines = note.read_text(encoding="utf-8").splitlines()
        if len(lines) != 2 or lines[1] != mount_namespace():
            continue
        home = Path(lines[0])
        if home.exists() or not _is_temporary(home) or folder_of(home).base != note.parent:
            continue
        say(f"thư mục {home} không còn; dọn cơ sở dữ liệu của nó · the folder is gone; removing its database")
        remove_server(EmbeddedServer(home, say=say))
        cleared.append(home)
    return cleared


def _is_temporary(home: Path) -> bool:
    places = {os.path.realpath(place) for place in (*_TEMPORARY, tempfile.gettempdir())}
    return any(home.is_relative_to(place) for place in places)


def remove_server(server: EmbeddedServer) -> None:
    """Stop a server and delete everything of it. Nothing asks again: only for what is gone or thrown away."""
    server.down()
    shutil.rmtree(server.folder.run, ignore_errors=True)
    shutil.rmtree(server.folder.base, ignore_errors=True)
