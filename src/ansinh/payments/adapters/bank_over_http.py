"""A bank reached over HTTP (`contracts/banks/README.md`): messages and files signed both ways over their very bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

import httpx
import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ansinh.foundation.errors import PartnerTrouble
from ansinh.payments.handover.bank import Abilities, Delivered, Knows, Recalled, Receipt, Received

T = TypeVar("T")

SIGNATURE_TYPE = "bank-message+jws"
# Names under which the two sides publish their keys in the folder of secrets.
OUR_KEYS = "social-security"
BANK_KEYS = "banks"
FILE_BYTES_MAX = 128 * 1024 * 1024
FILES_MAX = 10_000
TIMEOUT = httpx.Timeout(120.0, connect=5.0)
_RECALLS = {"confirmed": Recalled.CONFIRMED, "too_late": Recalled.TOO_LATE, "unknown": Recalled.UNKNOWN}


@dataclass(frozen=True)
class BankKeys:
    """What signing both ways needs: our key, and a way to read the keys the banks have published."""

    ours: ECKey
    theirs: Callable[[], dict[str, ECKey]]


class _Listed(msgspec.Struct, frozen=True):
    file_no: int
    name: str
    sha256: str
    size: int


class _Files(msgspec.Struct, frozen=True):
    files: list[_Listed]


class _Recall(msgspec.Struct, frozen=True):
    recall: str


class BankOverHttp:
    """One bank at an address. `after` is the number of the last file that was taken in; collecting goes on behind it."""

    def __init__(
        self, partner: str, url: str, abilities: Abilities, keys: BankKeys, line: httpx.Client, after: int = 0
    ) -> None:
        self.partner = partner
        self.abilities = abilities
        self.after = after
        self._base = f"{url.rstrip('/')}/banks/{partner}"
        self._keys = keys
        self._line = line

    def deliver(self, body: bytes, message_id: str) -> Receipt:
        """Hand a message over. Raises PartnerTrouble when there is no answer, or none that tells what became of it."""
        answer = self._call(
            "PUT", f"/messages/{quote(message_id, safe='')}", content=body, headers={"signature": self._signed(body)}
        )
        if answer.status_code == 202:
            return Receipt(Delivered.TAKEN)
        if answer.status_code in (401, 409, 413, 422):
            return Receipt(Delivered.REFUSED, f"HTTP {answer.status_code}")
        raise self._trouble(f"HTTP {answer.status_code}")

    def ask(self, message_id: str) -> Knows:
        """Ask whether the bank has a message."""
        answer = self._call("GET", f"/messages/{quote(message_id, safe='')}")
        return {200: Knows.KNOWN, 404: Knows.NOT_KNOWN}.get(answer.status_code, Knows.BUSY)

    def collect(self) -> Iterator[Received]:
        """Yield the files laid ready since the last one; raises PartnerTrouble for a file that is not what its list and signature say."""
        for _ in range(FILES_MAX):
            found = self._decoded(self._call("GET", f"/files?after={self.after}"), _Files).files
            if not found:
                return
            for one in found:
                yield Received(one.name, self._file(one))
                self.after = one.file_no

    def recall(self, message_id: str) -> Recalled:
        """Ask the bank not to carry a message out."""
        answer = self._call("POST", f"/messages/{quote(message_id, safe='')}/recall")
        return _RECALLS.get(self._decoded(answer, _Recall).recall, Recalled.UNKNOWN)

    def _file(self, listed: _Listed) -> bytes:
        answer = self._call("GET", f"/files/{listed.file_no}")
        body = answer.content
        digest = hashlib.sha256(body)
        if answer.status_code != 200 or len(body) > FILE_BYTES_MAX or digest.hexdigest() != listed.sha256:
            raise self._trouble(f"file {listed.file_no} is not the one listed")
        if not self._holds(answer.headers.get("signature", ""), digest.digest()):
            raise self._trouble(f"the signature of file {listed.file_no} does not hold")
        return body

    def _call(
        self, method: str, path: str, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        try:
            return self._line.request(method, self._base + path, content=content, headers=headers, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            raise self._trouble(type(error).__name__) from None

    def _decoded(self, answer: httpx.Response, kind: type[T]) -> T:
        if answer.status_code != 200:
            raise self._trouble(f"HTTP {answer.status_code}")
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.MsgspecError as error:
            raise self._trouble(f"an answer that is not the agreed one: {error}") from None

    def _signed(self, body: bytes) -> str:
        protected = {"alg": "ES256", "kid": self._keys.ours.kid, "typ": SIGNATURE_TYPE}
        digest = hashlib.sha256(body).digest()
        return jws.detach_content(jws.serialize_compact(protected, digest, self._keys.ours, ["ES256"]))

    def _holds(self, signature: str, digest: bytes) -> bool:
        try:
            found = jws.extract_compact(signature.encode(), digest)
            key = self._keys.theirs().get(str(found.headers().get("kid")))
            typed = found.headers().get("typ") == SIGNATURE_TYPE
            return key is not None and typed and bool(jws.validate_compact(found, key, ["ES256"]))
        except (JoseError, ValueError):
            return False

    def _trouble(self, what: str) -> PartnerTrouble:
        return PartnerTrouble(self.partner, what, temporary=True)
