"""Names of resources: opaque, keyed, stable. Nobody reads a person's number or record in one, makes one up, or guesses the next from the last.

A name is the encryption (AES-SIV, RFC 5297) of where the resource stands in the book, for its type: the same resource has the same name always, a changed
letter or another type is noticed. Links to a next page are made the same way, and hold the whole search, so that no number of a person stands in an address.
Pseudonyms for statistics are another thing: keyed digests that nobody can turn back, different for each receiver.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

NAME_LENGTH_MAX = 64
CURSOR_LENGTH_MAX = 3_000
PSEUDONYM_LENGTH = 32
_PLACE = struct.Struct(">QQI")
_CURSOR = b"cursor"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource stands: whose book, which visit or paper (0: the person itself), and the row there."""

    person_id: int
    record: int = 0
    row: int = 0


class Identities:
    """Makes and reads names with one secret of the platform's."""

    def __init__(self, secret: str) -> None:
        material = secret.encode()
        self._names = AESSIV(hashlib.sha512(b"ansinh fhir names 1" + material).digest())
        self._pseudonyms = hashlib.sha256(b"ansinh fhir pseudonyms 1" + material).digest()

    def name(self, kind: str, place: Place) -> str:
        """Return the id of a resource of a type (FHIR data type `id`: letters and digits, 64 at most)."""
        sealed = self._names.encrypt(_PLACE.pack(place.person_id, place.record, place.row), [kind.encode()])
        return base64.b32encode(sealed).decode().rstrip("=").lower()

    def place(self, kind: str, name: str) -> Place | None:
        """Return where the resource of a type with this id stands; None: it is no id of ours."""
        sealed = _unpadded(name) if len(name) <= NAME_LENGTH_MAX and name == name.lower() else None
        opened = self._opened(sealed, kind.encode())
        if opened is None or len(opened) != _PLACE.size:
            return None
        place = Place(*_PLACE.unpack(opened))
        return place if self.name(kind, place) == name else None  # the last letter has bits to spare

    def cursor(self, content: bytes) -> str:
        """Return a text for an address out of which nobody else reads what it holds."""
        return base64.urlsafe_b64encode(self._names.encrypt(content, [_CURSOR])).decode().rstrip("=")

    def content(self, cursor: str) -> bytes | None:
        """Return what a cursor holds; None: it is none of ours, or was changed."""
        if len(cursor) > CURSOR_LENGTH_MAX or not cursor.isascii():
            return None
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            return None
        return self._opened(sealed, _CURSOR)

    def pseudonym(self, receiver: str, kind: str, place: Place) -> str:
        """Return how a resource is called to one receiver of statistics: the same each time, joined with nothing anybody else was given."""
        said = f"{receiver}\x1f{kind}\x1f{place.person_id}\x1f{place.record}\x1f{place.row}"
        return hmac.new(self._pseudonyms, said.encode(), "sha256").hexdigest()[:PSEUDONYM_LENGTH]

    def _opened(self, sealed: bytes | None, purpose: bytes) -> bytes | None:
        if not sealed:
            return None
        try:
            return self._names.decrypt(sealed, [purpose])
        except (InvalidTag, ValueError):
            return None


def _unpadded(name: str) -> bytes | None:
    try:
        return base64.b32decode(name.upper() + "=" * (-len(name) % 8))
    except (binascii.Error, ValueError):
        return None
