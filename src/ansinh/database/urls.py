"""Addresses of the database: one per role, as libpq URLs, Django settings and asyncpg arguments."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from psycopg.conninfo import conninfo_to_dict

from ansinh.database.folder import data_folder, folder_of
from ansinh.database.roles import APP, DATABASE, GATEWAY, OWNER, SUPERUSER
from ansinh.foundation.settings import Settings


@dataclass(frozen=True)
class DatabaseUrls:
    """One address per role. `superuser` is None on a server that is not ours."""

    superuser: str | None
    owner: str
    app: str
    gateway: str

    def named(self, database: str) -> DatabaseUrls:
        """The same roles in another database of the same server."""
        return DatabaseUrls(
            superuser=with_database(self.superuser, database) if self.superuser else None,
            owner=with_database(self.owner, database),
            app=with_database(self.app, database),
            gateway=with_database(self.gateway, database),
        )


def database_urls(settings: Settings) -> DatabaseUrls:
    """Return the addresses that these settings mean, without starting anything.

    With `database_url`, its user is the owner; the others are the settings' own, or the same server with the
    roles' names and the passwords of the secrets file.
    """
    if settings.database_url is None:
        return socket_urls(folder_of(data_folder(settings)).run, DATABASE)
    words: dict[str, str] = {}
    if not (settings.database_app_url and settings.database_gateway_url):
        words = role_passwords(settings)
    return DatabaseUrls(
        superuser=None,
        owner=settings.database_url,
        app=settings.database_app_url or _with_user(settings.database_url, APP, words.get(APP)),
        gateway=settings.database_gateway_url or _with_user(settings.database_url, GATEWAY, words.get(GATEWAY)),
    )


def secrets_folder(settings: Settings) -> Path:
    """Folder of secret files."""
    return settings.secrets_dir or data_folder(settings) / "secrets"


def role_passwords(settings: Settings) -> dict[str, str]:
    """Passwords of the running and the gateway's role on a real server, made once and kept in a 0600 file.

    A server that is reached by a socket knows its callers by their account, so it needs none.
    """
    if "/" in str(conninfo_to_dict(settings.database_url or "").get("host", "")):
        return {}
    kept = secrets_folder(settings) / "database-roles.json"
    try:
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    except FileNotFoundError:
        pass
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = kept.with_name(f".{kept.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({role: secrets.token_urlsafe(24) for role in (APP, GATEWAY)}, file)
    try:
        os.link(fresh, kept)  # unlike a rename, never replaces the passwords another process has just made
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return dict(json.loads(kept.read_text(encoding="utf-8")))


def socket_url(run: Path, role: str, database: str) -> str:
    """Address of a role in a database behind a socket folder."""
    return f"postgresql://{quote(role)}@/{quote(database)}?{urlencode({'host': str(run)})}"


def socket_urls(run: Path, database: str) -> DatabaseUrls:
    """Addresses of all roles in a database behind a socket folder."""
    superuser, owner, app, gateway = (socket_url(run, role, database) for role in (SUPERUSER, OWNER, APP, GATEWAY))
    return DatabaseUrls(superuser=superuser, owner=owner, app=app, gateway=gateway)


def with_database(url: str, database: str) -> str:
    """The same address, other database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database)}"))


def _with_user(url: str, user: str, password: str | None) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    credentials = quote(user) + (f":{quote(password, safe='')}" if password else "")
    return urlunsplit(parts._replace(netloc=f"{credentials}@{place}"))


def django_database(url: str) -> dict[str, Any]:
    """Django's settings of one database alias."""
    parts = conninfo_to_dict(url)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    settings: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql"}
    settings |= {setting: str(parts.pop(name, None) or "") for name, setting in names.items()}
    return settings | {"OPTIONS": parts}


def django_databases(settings: Settings) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for these settings: `default` runs, `owner` migrates."""
    return django_aliases(database_urls(settings))


def django_aliases(urls: DatabaseUrls) -> dict[str, dict[str, Any]]:
    """Django's two aliases for a set of addresses."""
    return {"default": django_database(urls.app), "owner": django_database(urls.owner)}


def asyncpg_arguments(url: str) -> dict[str, Any]:
    """Keyword arguments of `asyncpg.connect` and `asyncpg.create_pool`."""
    parts = conninfo_to_dict(url)
    host = str(parts.get("host") or "")
    if not host.startswith("/"):
        return {"dsn": url}
    return {
        "host": host,
        "port": int(parts.get("port") or 5432),
        "user": parts.get("user"),
        "database": parts.get("dbname"),
        **({"password": parts["password"]} if parts.get("password") else {}),
    }
