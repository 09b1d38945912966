"""Settings: one file, read once from the environment, typed, frozen, loud on a bad value. `.env.example` explains each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(Exception):
    """A setting is missing or wrong; the sentence says which and what was expected."""


@dataclass(frozen=True)
class Settings:
    """All settings of the platform. Addresses are base URLs without a trailing slash; law is not a setting."""

    data_dir: Path | None
    """Where the embedded database and other kept files live; None: the database room chooses a folder of the user's."""
    database_url: str | None
    """A real PostgreSQL server, as the owning role; None: the embedded one."""
    database_app_url: str | None
    """The running role on a real server; None: derived from `database_url`."""
    database_gateway_url: str | None
    """The gateway's role on a real server; None: derived from `database_url`."""
    secrets_dir: Path | None
    """Folder of secret files (signing keys); None: `secrets` inside the data folder."""
    register_url: str
    messages_url: str
    banks_url: str | None
    """Where banks that take messages over HTTP are reached; None: every bank takes files in its folder."""
    civil_status_url: str
    police_url: str
    social_assistance_url: str
    eid_url: str
    """The national e-ID that citizens sign in with: its issuer, to the letter."""
    eid_phone_url: str
    """Where the sandbox's app on a telephone is served, beside an invented nation only."""
    gateway_host: str
    gateway_port: int
    gateway_workers: int
    gateway_public_url: str
    """The gateway as its callers know it, whatever it listens on: base of the links it hands out, and the issuer of its tokens."""
    submission_mib_max: int
    """How long a file may be that a facility submits, in MiB, before it is put into base64."""
    packs_url: str | None
    """Where raw submissions are packed away: file:///folder or s3://bucket/prefix; None: `packs` inside the data folder."""
    screens_host: str
    screens_port: int
    public_url: str
    """Base of every absolute link handed out."""


SUBMISSION_MIB_MAX = 20
_BANKS = "http://127.0.0.1:8103"


def _path(name: str) -> Path | None:
    value = os.environ.get(name)
    return Path(value).expanduser().absolute() if value else None


def _url(name: str, default: str) -> str:
    value = os.environ.get(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadSetting(f"{name} is “{value}”; expected an address such as {default}")
    return value


def _packs(value: str | None) -> str | None:
    if value and "://" not in value:
        raise BadSetting(f"ANSINH_PACKS_URL is “{value}”; expected file:///folder or s3://bucket/prefix, or nothing")
    return value


def _number(name: str, default: int, *, at_least: int, at_most: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit() or not at_least <= int(value) <= at_most:
        raise BadSetting(f"{name} is “{value}”; expected a whole number from {at_least} to {at_most}")
    return int(value)


def read_settings() -> Settings:
    """Read the environment afresh; raises BadSetting with a hint. Most callers want `settings()`."""
    database_url = os.environ.get("DATABASE_URL") or None
    if database_url and not database_url.startswith(("postgresql://", "postgres://")):
        raise BadSetting("DATABASE_URL must begin with postgresql://; leave it empty for the embedded database")
    screens_port = _number("ANSINH_SCREENS_PORT", 8000, at_least=1, at_most=65535)
    return Settings(
        data_dir=_path("ANSINH_DATA"),
        database_url=database_url,
        database_app_url=os.environ.get("ANSINH_DATABASE_APP_URL") or None,
        database_gateway_url=os.environ.get("ANSINH_DATABASE_GATEWAY_URL") or None,
        secrets_dir=_path("ANSINH_SECRETS"),
        register_url=_url("ANSINH_REGISTER_URL", "http://127.0.0.1:8101"),
        messages_url=_url("ANSINH_MESSAGES_URL", "http://127.0.0.1:8102"),
        banks_url=_url("ANSINH_BANKS_URL", _BANKS) if os.environ.get("ANSINH_BANKS_URL", _BANKS) else None,
        civil_status_url=_url("ANSINH_CIVIL_STATUS_URL", "http://127.0.0.1:8104"),
        police_url=_url("ANSINH_POLICE_URL", "http://127.0.0.1:8105"),
        social_assistance_url=_url("ANSINH_SOCIAL_ASSISTANCE_URL", "http://127.0.0.1:8106"),
        eid_url=_url("ANSINH_EID_URL", "http://127.0.0.1:8107"),
        eid_phone_url=_url("ANSINH_EID_PHONE_URL", "http://127.0.0.1:8108"),
        gateway_host=os.environ.get("ANSINH_GATEWAY_HOST", "127.0.0.1"),
        gateway_port=_number("ANSINH_GATEWAY_PORT", 8001, at_least=1, at_most=65535),
        gateway_workers=_number("ANSINH_GATEWAY_WORKERS", 2, at_least=1, at_most=64),
        gateway_public_url=_url("ANSINH_GATEWAY_PUBLIC_URL", "http://127.0.0.1:8001"),
        submission_mib_max=_number("ANSINH_SUBMISSION_MIB_MAX", SUBMISSION_MIB_MAX, at_least=1, at_most=100),
        packs_url=_packs(os.environ.get("ANSINH_PACKS_URL") or None),
        screens_host=os.environ.get("ANSINH_SCREENS_HOST", "127.0.0.1"),
        screens_port=screens_port,
        public_url=_url("ANSINH_PUBLIC_URL", f"http://127.0.0.1:{screens_port}"),
    )


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return read_settings()
