"""Where everything of one embedded server lies.

An ordinary user keeps it in the data folder itself. Root cannot: the server's account may be unable to enter
root's home or a private temporary folder, so root keeps it under /var/lib/ansinh, by the key of the data folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import ansinh
from ansinh.database.account import Account, running_as_root
from ansinh.database.refusals import DatabaseRefusal
from ansinh.foundation.settings import Settings

STATE_ROOT = Path("/var/lib/ansinh")
SOCKET_PATH_BYTES_MAX = 107
SOCKET_NAME = ".s.PGSQL.5432"
FREE_BYTES_MIN = 512 * 1024 * 1024


def key_of(path: Path) -> str:
    """Short stable name of a folder, so that several clones and tests never share a server."""
    return hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:12]


def project_root() -> Path:
    """The clone (or installation) this code runs from."""
    return Path(ansinh.__path__[0]).resolve().parents[1]


def data_folder(settings: Settings) -> Path:
    """Folder of everything this clone keeps: ANSINH_DATA, else the user's XDG data home and the clone's key."""
    if settings.data_dir is not None:
        return settings.data_dir
    named = os.environ.get("XDG_DATA_HOME", "")
    data_home = Path(named) if os.path.isabs(named) else Path.home() / ".local" / "share"
    return data_home / "ansinh" / key_of(project_root())


@dataclass(frozen=True)
class Folder:
    """The places of one server. `home` is what the user chose; the rest follows from it and from who runs."""

    home: Path
    base: Path
    run: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """The server's own log, which holds no statement and no value."""
        return self.base / "log"

    @property
    def start_lock(self) -> Path:
        """Held while somebody starts, stops or restores."""
        return self.base / "start.lock"

    @property
    def server_lock(self) -> Path:
        """Held by every process of a running server, and so free exactly when the last one is gone."""
        return self.base / "server.lock"

    @property
    def aside(self) -> Path:
        """Where a restore keeps the former data until the new one runs."""
        return self.base / "data.aside"

    @property
    def home_note(self) -> Path:
        """Says, in root's state folder, whose data this is."""
        return self.base / "home"

    @property
    def socket(self) -> Path:
        """The only door of the server."""
        return self.run / SOCKET_NAME


def folder_of(home: Path, state_root: Path = STATE_ROOT) -> Folder:
    """Work out the places for a data folder, without touching the disk; `state_root` is where root's servers lie."""
    key = key_of(home)
    base = state_root / key if running_as_root() else home / "postgres"
    run = base / "run"
    if len(os.fsencode(run / SOCKET_NAME)) > SOCKET_PATH_BYTES_MAX:
        run = Path(tempfile.gettempdir()) / f"ansinh-{os.geteuid()}-{key}"
        if len(os.fsencode(run / SOCKET_NAME)) > SOCKET_PATH_BYTES_MAX:
            run = Path("/tmp") / run.name  # noqa: S108 - made 0700 and checked to be ours before use
    return Folder(home=home, base=base, run=run)


def make_folder(folder: Folder, account: Account) -> None:
    """Make the places with the right owners and modes; safe to run twice.

    Refuses `not_writable`, `disk_full` and `socket_folder_taken`.
    """
    try:
        folder.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.base.mkdir(parents=True, exist_ok=True, mode=0o700)
        if account.lent:
            folder.base.parent.chmod(0o755)
            os.chown(folder.base, 0, account.gid)
            folder.base.chmod(0o750)
            note = f"{os.path.realpath(folder.home)}\n{mount_namespace()}\n"
            folder.home_note.write_text(note, encoding="utf-8")
        _make_private(folder.log, account)
        _make_private(folder.run, account)
    except OSError as trouble:
        raise DatabaseRefusal(
            "not_writable",
            f"The database folder {folder.base} cannot be written ({trouble.strerror}). "
            "Choose another with ANSINH_DATA.",
            f"Không ghi được vào thư mục cơ sở dữ liệu {folder.base} ({trouble.strerror}). "
            "Hãy chọn thư mục khác bằng ANSINH_DATA.",
        ) from trouble
    if not os.access(folder.base, os.W_OK):
        raise DatabaseRefusal(
            "not_writable",
            f"The database folder {folder.base} cannot be written. Choose another with ANSINH_DATA.",
            f"Không ghi được vào thư mục cơ sở dữ liệu {folder.base}. Hãy chọn thư mục khác bằng ANSINH_DATA.",
        )
    owner = folder.run.lstat()
    if folder.run.is_symlink() or owner.st_uid != account.uid or owner.st_mode & 0o077:
        raise DatabaseRefusal(
            "socket_folder_taken",
            f"The socket folder {folder.run} belongs to somebody else. Remove it, or choose another ANSINH_DATA.",
            f"Thư mục socket {folder.run} thuộc về người khác. Hãy xóa nó, hoặc chọn ANSINH_DATA khác.",
        )


def require_space(folder: Folder, bytes_needed: int = 0) -> None:
    """Refuse (`disk_full`) when the disk of the database would be left nearly full."""
    free = free_bytes(folder)
    if free - bytes_needed < FREE_BYTES_MIN:
        needed_mib = (FREE_BYTES_MIN + bytes_needed) >> 20
        raise DatabaseRefusal(
            "disk_full",
            f"The disk of {folder.base} is nearly full: {free >> 20} MiB free, {needed_mib} MiB needed. "
            "Free some space and try again; nothing was changed.",
            f"Ổ đĩa chứa {folder.base} gần đầy: còn {free >> 20} MiB, cần {needed_mib} MiB. "
            "Hãy giải phóng dung lượng rồi thử lại; chưa có gì thay đổi.",
        )


def free_bytes(folder: Folder) -> int:
    """Bytes an ordinary program can still write on the disk of the database."""
    place = os.statvfs(folder.base)
    return place.f_bavail * place.f_frsize


def mount_namespace() -> str:
    """Name of this process's view of the disks; empty where there is only one."""
    try:
        return os.readlink("/proc/self/ns/mnt")
    except OSError:
        return ""


def _make_private(path: Path, account: Account) -> None:
    """Make a folder that only the server's account (and root) can enter."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if account.lent and path.lstat().st_uid != account.uid and not path.is_symlink():
        os.chown(path, account.uid, account.gid)
