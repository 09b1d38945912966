"""What the door looks at before it takes bytes: that they are XML of the kind, whole, of the facility that sends them. Workers read the rest.

Nothing is parsed here: the first bytes and the last are looked at, so the cost does not grow with the file.
"""

from __future__ import annotations

import codecs
import re

from ansinh.gateway.submissions.kinds import BY_ROOT, Kind

HEAD_BYTES = 4_096
TAIL_BYTES = 512

# A comment ends at its first end, in one way only: so that no head makes the search long.
_ROOT = re.compile(rb"\s*(?:<\?[^>]*\?>\s*|<!--(?:(?!-->).)*-->\s*)*<(?:[\w.-]+:)?([\w.-]+)[\s/>]", re.DOTALL)
_FACILITY = re.compile(rb"<(?:[\w.-]+:)?MACSKCB>\s*(?:<!\[CDATA\[)?\s*([0-9A-Za-z]*)\s*(?:\]\]>)?\s*</")
_MADE_ON = re.compile(rb"<(?:[\w.-]+:)?NGAYLAP>\s*(?:<!\[CDATA\[)?\s*([0-9]{6})[0-9]{2}")
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class BadEnvelope(Exception):
    """The bytes are not what the service takes; the message is a word of `WRONG`."""


# Word → what is wrong and what to do.
WRONG = {
    "empty": ("Tệp rỗng. Gửi toàn bộ tệp XML.", "The file is empty. Send the whole XML file."),
    "not_xml": (
        "Nội dung không phải tệp XML. Gửi tệp XML theo mẫu, mã hóa UTF-8.",
        "This is no XML file. Send the XML file as agreed, in UTF-8.",
    ),
    "doctype": (
        "Tệp XML không được có khai báo DOCTYPE hay ENTITY. Bỏ khai báo rồi gửi lại.",
        "The XML file must not declare a DOCTYPE or entities. Leave the declaration out and send it again.",
    ),
    "wrong_root": (
        "Thẻ gốc của tệp XML không đúng loại hồ sơ của dịch vụ này. Kiểm tra loại hồ sơ hoặc địa chỉ dịch vụ.",
        "The root element is not of the kind this service takes. Check the kind or the service's address.",
    ),
    "cut_off": (
        "Tệp XML bị cắt: thiếu thẻ đóng ở cuối. Gửi lại toàn bộ tệp.",
        "The XML file is cut off: its root element is not closed. Send the whole file again.",
    ),
    "other_facility": (
        "MACSKCB trong tệp không phải mã cơ sở của tài khoản đang gửi. Mỗi cơ sở chỉ gửi hồ sơ của mình.",
        "MACSKCB in the file is not the facility that is signed in. A facility submits its own files only.",
    ),
    "not_fhir_json": (
        "Nội dung không đọc được như JSON của FHIR R4 (UTF-8). Xuất lại gói từ phần mềm.",
        "The content cannot be read as the JSON of FHIR R4 in UTF-8. Export the bundle again.",
    ),
    "too_deep": (
        "JSON lồng nhau quá sâu. Xuất lại gói FHIR từ phần mềm.",
        "The JSON is nested too deeply. Export the bundle again.",
    ),
    "too_many_parts": (
        "JSON có quá nhiều phần tử. Gửi một gói cho mỗi lượt khám.",
        "The JSON has too many parts. Send one bundle for each visit.",
    ),
    "too_long": (
        "Gói FHIR dài quá 8 MiB. Gửi một gói cho mỗi lượt khám, không kèm tệp ảnh.",
        "The bundle is longer than 8 MiB. Send one bundle for each visit, without images.",
    ),
    "not_a_bundle": (
        "Nội dung không phải Bundle thuộc loại transaction, collection, message hoặc document. Sửa resourceType và type.",
        "This is no Bundle of type transaction, collection, message or document. Correct resourceType and type.",
    ),
    "not_one_visit": (
        "Mỗi gói có đúng một Encounter. Gửi một gói cho mỗi lượt khám.",
        "Each bundle has exactly one Encounter. Send one bundle for each visit.",
    ),
    "other_episode": (
        "Encounter.identifier có mã lượt khám của cơ sở khác. Mỗi cơ sở chỉ gửi hồ sơ của mình.",
        "Encounter.identifier is of another facility. A facility submits its own visits only.",
    ),
}


def kind_of(content: bytes) -> Kind:
    """Return the kind whose root element the file has; raises BadEnvelope."""
    kind = BY_ROOT.get(_root(_plain(content[:HEAD_BYTES])))
    if kind is None:
        raise BadEnvelope("wrong_root")
    return kind


def require_envelope(content: bytes, kind: Kind, facility: str) -> None:
    """Refuse bytes that cannot be what a service takes from a facility; raises BadEnvelope."""
    if not content:
        raise BadEnvelope("empty")
    head = _plain(content[:HEAD_BYTES])
    root = _root(head)
    if root not in kind.roots:
        raise BadEnvelope("wrong_root")
    tail = content[-TAIL_BYTES:].replace(b"\0", b"").rstrip()
    last = tail[tail.rfind(b"<") :].upper()
    if not (last.startswith(b"</") and last.endswith(b">") and root in last):
        raise BadEnvelope("cut_off")
    said = _FACILITY.search(head)
    if said is not None and said[1].decode() != facility:
        raise BadEnvelope("other_facility")


def made_in(content: bytes) -> int | None:
    """Return the month (YYYYMM) in which the envelope says it was made; None: it says nothing near its beginning."""
    found = _MADE_ON.search(_plain(content[:HEAD_BYTES]))
    return int(found[1]) if found else None


def _plain(head: bytes) -> bytes:
    """Return the beginning as bytes of UTF-8, without its mark."""
    if head.startswith(codecs.BOM_UTF8):
        return head[3:]
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return head[2:].decode(encoding, "ignore").encode()
    return head


def _root(head: bytes) -> bytes:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise BadEnvelope("doctype")
    found = _ROOT.match(head)
    if found is None:
        raise BadEnvelope("not_xml")
    return found[1].upper()
