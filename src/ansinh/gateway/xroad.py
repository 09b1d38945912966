"""X-Road headers (message protocol for REST 1.0): read when they are there, kept with the look-up, believed for nothing.

Which member asks, for which user, in which case: statements of the client, whose own identity is its token's. A look-up with them takes another published
function, so that one without pays nothing but the look whether they are there.
"""

from __future__ import annotations

import uuid
from urllib.parse import unquote

import msgspec

from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import Headers

# Its presence says that a request came through X-Road.
CLIENT = "x-road-client"
LENGTH_MAX = 300
# Header → what it is kept as, and how many parts its identifier may have (0: it is no identifier).
_HEADERS: dict[str, tuple[str, range]] = {
    CLIENT: ("client", range(3, 5)),
    "x-road-service": ("service", range(4, 6)),
    "x-road-security-server": ("security_server", range(4, 5)),
    "x-road-represented-party": ("represented_party", range(1, 3)),
    "x-road-id": ("message_id", range(0)),
    "x-road-request-id": ("request_id", range(0)),
    "x-road-userid": ("user_id", range(0)),
    "x-road-issue": ("issue", range(0)),
}


def statement(headers: Headers, request_sha256: str = "") -> str:
    """Return what the X-Road headers of a request say, as JSON, with its body's digest if given; raises Problem (400) naming the header that is wrong.

    An absent message id is made up.
    """
    said: dict[str, str] = {}
    for name, (kept_as, parts) in _HEADERS.items():
        value = headers.get(name)
        if value is None:
            continue
        if not value.strip() or len(value) > LENGTH_MAX:
            raise _wrong(name)
        said[kept_as] = _identifier(name, value, parts) if parts else _text(name, value)
    said.setdefault("message_id", str(uuid.uuid4()))
    if request_sha256:
        said["request_sha256"] = request_sha256
    return msgspec.json.encode(said).decode()


def _identifier(name: str, value: str, parts: range) -> str:
    """Split first, then decode each part, so that a part may hold a slash; kept joined as it came."""
    split = value.split("/")
    if len(split) not in parts or not all(_text(name, unquote(part)) for part in split):
        raise _wrong(name)
    return _text(name, value)


def _text(name: str, value: str) -> str:
    # A header that came twice has been joined by a comma, and nothing of X-Road's holds one as it is.
    if not value.isprintable() or "\ufffd" in value or "," in value:
        raise _wrong(name)
    return value


def _wrong(name: str) -> Problem:
    return Problem(
        400,
        "invalid_xroad_header",
        f"Tiêu đề {name} sai: mỗi tiêu đề một lần, định danh dạng instance/class/member[/subsystem], không quá {LENGTH_MAX} ký tự in được.",
        f"The header {name} is wrong: each once, identifiers as instance/class/member[/subsystem], at most {LENGTH_MAX} printable characters.",
    )
