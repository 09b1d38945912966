"""Version tags: an app that says which version it has (`If-None-Match`) and has the newest gets 304 and no body.

A pull is a POST, because numbers stand in no address; it changes nothing, so the condition is kept as RFC 9110 (section 13.1.2) keeps it for reading. Tags are
weak: two answers of one version differ in the number of their audit rows. The look-up is recorded all the same, under the number in `Audit-Id`.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import blake2b

from ansinh.gateway.problems import Problem

HEADER = "if-none-match"
LENGTH_MAX = 500
_DIGEST_BYTES = 12
_OPENING = b'{"audit_id":"'

UNUSABLE = Problem(
    400,
    "invalid_version_tag",
    f"If-None-Match cần các thẻ phiên bản đã nhận ở ETag, không quá {LENGTH_MAX} ký tự.",
    f"If-None-Match holds version tags as received in ETag, at most {LENGTH_MAX} characters.",
)


def of_answer(answer: bytes) -> tuple[str, str]:
    """Return the number of an answer's audit row, and the version tag of all that follows it."""
    end = answer.index(b'"', len(_OPENING))
    digest = blake2b(memoryview(answer)[end:], digest_size=_DIGEST_BYTES).digest()
    return answer[len(_OPENING) : end].decode("ascii"), f'W/"{urlsafe_b64encode(digest).decode("ascii")}"'


def required(said: str | None) -> str | None:
    """Return what a request says it has, when it can be used; raises Problem."""
    if said is not None and (len(said) > LENGTH_MAX or not said.isascii()):
        raise UNUSABLE
    return said


def known(said: str, tag: str) -> bool:
    """Tell whether a version is among those a request says it has; compared weakly (RFC 9110, section 8.8.3.2)."""
    opaque = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") == opaque for one in said.split(","))
