"""Under which account of the machine the embedded server runs.

PostgreSQL refuses to run as root. An ordinary user runs it as themselves; root runs it as a system account
without a shell, made on first use.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass

from ansinh.database.refusals import DatabaseRefusal

SYSTEM_ACCOUNT = "ansinh-db"
_ACCOUNT_MAKERS = (
    ("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/ansinh", "--shell"),
    ("adduser", "-S", "-D", "-H", "-h", "/var/lib/ansinh", "-s"),  # the small one of BusyBox
)


@dataclass(frozen=True)
class Account:
    """An account that may run the server; `lent` when it is not our own."""

    name: str
    uid: int
    gid: int
    lent: bool


def running_as_root() -> bool:
    """Tell whether this process is root and so must lend the server another account."""
    return os.geteuid() == 0


def own_name() -> str:
    """Name of the account of this process, which PostgreSQL compares when a socket is opened."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise DatabaseRefusal(
            "account_unknown",
            f"User number {os.geteuid()} has no name on this machine, and PostgreSQL needs one. "
            "Add it to /etc/passwd, or set DATABASE_URL.",
            f"Người dùng số {os.geteuid()} không có tên trên máy này, mà PostgreSQL cần tên. "
            "Hãy thêm vào /etc/passwd, hoặc đặt DATABASE_URL.",
        ) from None


def server_account() -> Account:
    """Return the account for the server, making the system account when root needs it.

    Refuses (`account_missing`) when root can neither find nor make one.
    """
    if not running_as_root():
        own_name()
        return Account(own_name(), os.geteuid(), os.getegid(), lent=False)
    entry = _find(SYSTEM_ACCOUNT) or _make(SYSTEM_ACCOUNT)
    if entry is None:
        raise DatabaseRefusal(
            "account_missing",
            f"PostgreSQL does not run as root, and the system account “{SYSTEM_ACCOUNT}” could not be made "
            f"(no useradd, or it failed). Make it, run as an ordinary user, or set DATABASE_URL.",
            f"PostgreSQL không chạy bằng root, và không tạo được tài khoản hệ thống “{SYSTEM_ACCOUNT}” "
            f"(không có useradd hoặc lệnh lỗi). Hãy tạo tài khoản, chạy bằng người dùng thường, hoặc đặt DATABASE_URL.",
        )
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, lent=True)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return entry if entry.pw_uid != 0 else None


def _make(name: str) -> pwd.struct_passwd | None:
    shell = next((path for path in ("/usr/sbin/nologin", "/sbin/nologin") if os.path.exists(path)), "/bin/false")
    for maker in _ACCOUNT_MAKERS:
        program = shutil.which(maker[0], path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin")
        if program is None:
            continue
        # Two first starts may race: the loser's error is harmless once the account is there.
        subprocess.run([program, *maker[1:], shell, name], check=False, capture_output=True, timeout=60)
        entry = _find(name)
        if entry is not None:
            return entry
    return None
