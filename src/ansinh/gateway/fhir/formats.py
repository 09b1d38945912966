"""JSON and XML: which of them a caller wants (Accept, or `_format`), and how a resource is written in each (FHIR 4.0.1, sections 2.6 and 3.1.0.1.11).

Resources are plain dicts whose members stand in the order of the definition, so that the XML is right as it comes. Decimals keep their digits.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import unquote_plus

import msgspec
from lxml import etree

from ansinh.gateway.problems import Problem

JSON, XML = "json", "xml"
FHIR_VERSIONS = frozenset({"", "4.0", "4.0.1"})
_MEDIA = {
    "application/fhir+json": JSON,
    "application/json+fhir": JSON,
    "application/json": JSON,
    "text/json": JSON,
    "json": JSON,
    "*/*": JSON,
    "application/*": JSON,
    "application/fhir+xml": XML,
    "application/xml+fhir": XML,
    "application/xml": XML,
    "text/xml": XML,
    "xml": XML,
}
ACCEPT_LENGTH_MAX = 400
_NAMESPACE = "http://hl7.org/fhir"
_XHTML = "http://www.w3.org/1999/xhtml"

NOT_ACCEPTABLE = Problem(
    406,
    "not_acceptable",
    "Cổng FHIR trả lời bằng application/fhir+json hoặc application/fhir+xml, phiên bản 4.0. Chọn một loại trong tiêu đề Accept hoặc tham số _format.",
    "This face answers in application/fhir+json or application/fhir+xml, version 4.0. Choose one in the header Accept or the parameter _format.",
)
_encoder = msgspec.json.Encoder(decimal_format="number")


def content_type(wanted: str) -> str:
    """Return the media type of a format."""
    return f"application/fhir+{wanted}; charset=utf-8"


def format_of(accept: str | None, parameter: str | None) -> str:
    """Return the format wanted, `_format` before Accept; raises Problem when it is none of ours."""
    if parameter is not None:
        found = _MEDIA.get(unquote_plus(parameter).replace(" ", "+").partition(";")[0].strip().lower())
        if found is None:
            raise NOT_ACCEPTABLE
        return found
    if accept is None or len(accept) > ACCEPT_LENGTH_MAX:
        return JSON
    best, wanted = 0.0, None
    for part in accept.lower().split(","):
        media, _, rest = part.partition(";")
        parameters = dict(one.strip().partition("=")[::2] for one in rest.split(";") if one.strip())
        known = _MEDIA.get(media.strip())
        weight = _weight(parameters.get("q", "1"))
        if known and weight > best and parameters.get("fhirversion", "").strip('"') in FHIR_VERSIONS:
            best, wanted = weight, known
    if wanted is None:
        raise NOT_ACCEPTABLE
    return wanted


def _weight(text: str) -> float:
    plain = text.isascii() and len(text) < 8 and text.replace(".", "", 1).isdigit()
    return min(float(text), 1.0) if plain else 0.0


def encoded(resource: dict[str, Any], wanted: str) -> bytes:
    """Return a resource in a format."""
    return _encoder.encode(resource) if wanted == JSON else _xml(resource)


def tidy(element: Any) -> Any:
    """Return an element without empty members and without characters FHIR's `string` does not allow; None when nothing is left of it."""
    if isinstance(element, dict):
        kept = {name: value for name, one in element.items() if (value := tidy(one)) is not None}
        return kept or None
    if isinstance(element, list | tuple):
        values = [value for one in element if (value := tidy(one)) is not None]
        return values or None
    if isinstance(element, str):
        return plain(element) or None
    return element


def plain(text: str) -> str:
    """Return a text without control characters, lone surrogates and blanks around it (FHIR `string`; XML 1.0, production 2)."""
    if text.isprintable():
        return text.strip()
    return "".join(
        c
        for c in text
        if (c >= " " and not "\x7f" <= c < "\xa0" and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
        or c in "\t\n\r"
    ).strip()


def _xml(resource: dict[str, Any]) -> bytes:
    root = etree.Element(f"{{{_NAMESPACE}}}{resource['resourceType']}", nsmap={None: _NAMESPACE})
    _fill(root, resource, is_resource=True)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _fill(parent: Any, element: dict[str, Any], *, is_resource: bool = False) -> None:
    extending = etree.QName(parent).localname in {"extension", "modifierExtension"}
    for name, value in element.items():
        if name == "resourceType":
            continue
        if (name == "id" and not is_resource) or (name == "url" and extending):
            parent.set(name, value)
        elif name == "div":
            parent.append(etree.fromstring(value))
        else:
            for one in value if isinstance(value, list) else [value]:
                _append(parent, name, one)


def _append(parent: Any, name: str, value: Any) -> None:
    child = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    if not isinstance(value, dict):
        child.set("value", _primitive(value))
    elif "resourceType" in value:
        _fill(etree.SubElement(child, f"{{{_NAMESPACE}}}{value['resourceType']}"), value, is_resource=True)
    else:
        _fill(child, value)


def _primitive(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
