"""What the door looks at before it takes a FHIR bundle: its size, how deep it is, its type, and that it is about one visit of who sends it.

Members the door does not look at are passed over and never built, so that memory stays within a few times the bytes. Workers read the rest.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ansinh.foundation.bounded_json import BUNDLE_TYPES, BUNDLES, BYTE_ORDER_MARK, OutOfBounds, require_bounded
from ansinh.gateway.submissions.envelope import BadEnvelope

EPISODE = "urn:ansinh:sid:episode:"


class _Kind(msgspec.Struct, rename="camel", gc=False):
    resource_type: str = ""


class _Entry(msgspec.Struct, gc=False):
    resource: msgspec.Raw = msgspec.Raw(b"{}")


class _Bundle(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    type: str = ""
    entry: list[_Entry] = []


class _Visit(msgspec.Struct):
    identifier: list[dict[str, Any]] = []


_bundle = msgspec.json.Decoder(_Bundle).decode
_kind = msgspec.json.Decoder(_Kind).decode
_visit = msgspec.json.Decoder(_Visit).decode


def require_bundle(content: bytes, facility: str) -> None:
    """Refuse bytes that cannot be the bundle of one visit of a facility; raises BadEnvelope."""
    if not content:
        raise BadEnvelope("empty")
    try:
        require_bounded(content, BUNDLES)
        bundle = _bundle(content.removeprefix(BYTE_ORDER_MARK))
        if bundle.resource_type != "Bundle" or bundle.type not in BUNDLE_TYPES:
            raise BadEnvelope("not_a_bundle")
        visits = [one.resource for one in bundle.entry if _kind(one.resource).resource_type == "Encounter"]
        if len(visits) != 1:
            raise BadEnvelope("not_one_visit")
        (visit,) = visits
        named = [str(one.get("system")) for one in _visit(visit).identifier]
    except OutOfBounds as bound:
        raise BadEnvelope(str(bound)) from bound
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadEnvelope("not_fhir_json") from error
    said = [one for one in named if one.startswith(EPISODE)]
    if said and said[0] != f"{EPISODE}{facility}":
        raise BadEnvelope("other_episode")
