"""Kinds of submissions as the door knows them: number, root elements, how receipts begin. Sources: letters 1245/BHXH-CNTT and 2076/BHXH-CNTT."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

RECEIPT_LENGTH_MAX = 64


@dataclass(frozen=True, slots=True)
class Kind:
    """What a facility may submit. `dated`: the envelope says when it was made, and old months are not taken any more."""

    number: int
    roots: tuple[bytes, ...]
    prefix: str
    dated: bool = False


CHECK_IN = Kind(0, (b"CHI_TIEU_TRANG_THAI_KCB",), "HS_CHECKIN")
OLD_ENCOUNTER = Kind(3, (b"GIAMDINHHS",), "HS_4210_", dated=True)
WITHDRAWAL = Kind(9, (), "HS_THUHOI")
ASSESSMENT = Kind(12, (b"CHI_TIEU_GIAM_DINH_YKHOA", b"CHI_TIEU_GIAM_DINH_Y_KHOA"), "HS_GDYK")
PAPERS = Kind(39, (b"HSCHUNGTU",), "HS_CHUNGTU")
DEATH_NOTICE = Kind(60, (b"HSDLGBT",), "HS_BAOTU")
BIRTH_CERTIFICATE = Kind(61, (b"HSDLGCS",), "HS_CHUNGSINH")
BUNDLE = Kind(401, (), "HS_FHIR")
ENCOUNTER_130 = Kind(130, (b"GIAMDINHHS",), "HS_KCB")
ENCOUNTER_3176 = Kind(3176, (b"GIAMDINHHS",), "HS_KCB")
ENCOUNTER_4750 = Kind(4750, (b"GIAMDINHHS",), "HS_KCB")

# By the root element, for whoever does not name the kind: encounters are then read by the decision in force.
BY_ROOT = {
    root: kind
    for kind in (CHECK_IN, ASSESSMENT, PAPERS, DEATH_NOTICE, BIRTH_CERTIFICATE, ENCOUNTER_3176)
    for root in kind.roots
}


def receipt_of(kind: Kind, facility: str, digest: bytes) -> str:
    """Return the receipt of bytes: it follows from facility, kind and digest, so that whoever sends them again gets the same one.

    A UUID of version 8 (RFC 9562, section 5.8) ends it.
    """
    name = bytearray(hashlib.sha256(b"%d %b %b" % (kind.number, facility.encode(), digest)).digest()[:16])
    name[6] = name[6] & 0x0F | 0x80
    name[8] = name[8] & 0x3F | 0x80
    text = name.hex()
    return f"{kind.prefix}{facility}_{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
