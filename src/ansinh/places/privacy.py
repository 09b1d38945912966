"""Every field of the room: reference data tells nothing about a human being."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Field


def _public(*columns: str) -> dict[str, Field]:
    return dict.fromkeys(columns, PUBLIC)


TABLES: dict[str, dict[str, Field]] = {
    "places_source": _public("name", "version", "origin", "sha256", "row_count", "loaded_at"),
    "places_unit": _public(
        "id",
        "level",
        "code",
        "edition",
        "name",
        "parent",
        "province",
        "urban",
        "official_code",
        "successor",
        "valid_from",
        "valid_until",
        "closed_on",
    ),
    "places_communesuccessor": _public("id", "before", "after", "part", "closed_on"),
    "places_bank": _public("code", "bin", "short_name", "name", "closed_on"),
    "places_benefitlevel": _public("level", "share_percent", "ceiling", "beyond_scope", "vi", "en", "closed_on"),
    "places_objectcode": _public("code", "level", "vi", "en", "confidence", "closed_on"),
    "places_diagnosis": _public("code", "parent", "title_en", "leaf", "closed_on"),
    "places_holiday": _public("day", "kind", "vi", "en", "lunar", "basis", "certainty", "closed_on"),
    "places_facility": _public("code", "name", "level", "province", "commune", "valid_from", "valid_until"),
}
