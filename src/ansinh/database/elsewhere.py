"""A server that is not ours, named by DATABASE_URL: what we set up there, and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg

from ansinh.database.refusals import DatabaseRefusal
from ansinh.database.roles import prepare, require_new_enough
from ansinh.database.urls import role_passwords
from ansinh.foundation.settings import Settings


@dataclass(frozen=True)
class ElsewhereStatus:
    """How a server elsewhere is: `up` or `unreachable`, with its version when known."""

    state: str
    server: str
    version: str | None


def owner_url(settings: Settings) -> str:
    """The URL of a server elsewhere; only called when there is one."""
    if settings.database_url is None:
        raise LookupError("DATABASE_URL is not set")
    return settings.database_url


def without_password(url: str) -> str:
    """The same address, fit for a screen."""
    parts = urlsplit(url)
    user, _, place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{place}" if user else place))


def prepare_elsewhere(settings: Settings) -> None:
    """Make the roles and privileges there; safe to run twice.

    Refuses `unreachable`, `server_too_old`, and `set_up_not_permitted` with the SQL an administrator has to run.
    """
    try:
        prepare(owner_url(settings), role_passwords(settings))
    except psycopg.OperationalError as trouble:
        raise _unreachable(settings) from trouble


def look_elsewhere(settings: Settings) -> ElsewhereStatus:
    """See whether the server answers. Refuses `server_too_old`."""
    server = without_password(owner_url(settings))
    try:
        with psycopg.connect(owner_url(settings), connect_timeout=10) as connection:
            require_new_enough(connection)
            return ElsewhereStatus("up", server, str(connection.info.server_version // 10_000))
    except psycopg.OperationalError:
        return ElsewhereStatus("unreachable", server, None)


def _unreachable(settings: Settings) -> DatabaseRefusal:
    server = without_password(owner_url(settings))
    return DatabaseRefusal(
        "unreachable",
        f"The server of DATABASE_URL ({server}) does not answer or refuses the user. Check the address and password.",
        f"Máy chủ trong DATABASE_URL ({server}) không trả lời hoặc từ chối người dùng. Hãy kiểm tra địa chỉ và "
        "mật khẩu.",
    )
