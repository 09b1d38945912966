"""A bank reached over HTTP (`contracts/banks/README.md`): messages and files signed both ways over their very bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import quote

import httpx
import msgspec
from joserfc.jwk import ECKey

from ansinh.foundation import detached
from ansinh.foundation.errors import PartnerTrouble
from ansinh.payments.handover.bank import Abilities, Delivered, Knows, Recalled, Receipt, Received

T = TypeVar("T")

SIGNATURE_TYPE = "bank-message+jws"
# Names under which the two sides publish their keys in the folder of secrets.
OUR_KEYS = "social-security"
BANK_KEYS = "banks"
FILE_BYTES_MAX = 128 * 1024 * 1024
PAGES_MAX = 10_000
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
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    size: int


class _Files(msgspec.Struct, frozen=True):
    files: list[_Listed]


class _Recall(msgspec.Struct, frozen=True):
    recall: str


class BankOverHttp:
    """One bank at an address. `has` tells, by SHA-256, which files were taken in before: those are not fetched again."""

    def __init__(
        self,
        partner: str,
        url: str,
        abilities: Abilities,
        keys: BankKeys,
        line: httpx.Client,
        has: Callable[[bytes], bool] = lambda digest: False,
    ) -> None:
        self.partner = partner
        self.abilities = abilities
        self._has = has
        self._base = f"{url.rstrip('/')}/banks/{partner}"
        self._keys = keys
        self._line = line

    def deliver(self, body: bytes, message_id: str) -> Receipt:
        """Hand a message over. Raises PartnerTrouble when there is no answer, or none that tells what became of it."""
        signature = detached.sign(hashlib.sha256(body).digest(), self._keys.ours, SIGNATURE_TYPE)
        path = f"/messages/{quote(message_id, safe='')}"
        answer = self._call("PUT", path, content=body, headers={"signature": signature})
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
        """Yield the files laid ready that we have not; raises PartnerTrouble for a file that is not what its list and signature say."""
        after = 0
        for _ in range(PAGES_MAX):
            found = self._decoded(self._call("GET", f"/files?after={after}"), _Files).files
            if not found:
                return
            for one in found:
                if not self._has(bytes.fromhex(one.sha256)):
                    yield Received(one.name, self._file(one))
                after = one.file_no

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
        if not detached.proven(
            digest.digest(), answer.headers.get("signature", ""), self._keys.theirs(), SIGNATURE_TYPE
        ):
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

    def _trouble(self, what: str) -> PartnerTrouble:
        return PartnerTrouble(self.partner, what, temporary=True)
