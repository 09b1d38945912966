"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Scrub, personal, sensitive

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_GROUP = sensitive("sets the share the fund pays; tells poverty, merit or service", scrub=Scrub.KEEP)

TABLES = {
    "participation_employer": {
        "employer_id": PUBLIC,
        "code": PUBLIC,
        "name": PUBLIC,
        "kind": PUBLIC,
        "province": PUBLIC,
        "commune": PUBLIC,
        "region": PUBLIC,
    },
    "participation_span": {
        "person_id": _RECORD,
        "span_id": PUBLIC,
        "employer_id": personal("where a person works", scrub=Scrub.INVENT),
        "scheme": PUBLIC,
        "unemployment": PUBLIC,
        "from_month": personal("a person's career", scrub=Scrub.COARSEN),
        "until_month": personal("a person's career", scrub=Scrub.COARSEN),
        "wage": sensitive("income contributions were paid on; pensions follow from it", scrub=Scrub.COARSEN),
        "rate": PUBLIC,
        "pay": PUBLIC,
        "work": personal("lowers the age of retirement", scrub=Scrub.KEEP),
        "source": PUBLIC,
        "superseded_by": PUBLIC,
        "recorded_at": PUBLIC,
        "superseded_at": PUBLIC,
    },
    "participation_coverage": {
        "person_id": _RECORD,
        "coverage_id": PUBLIC,
        "object_code": _GROUP,
        "area": personal("raises the share paid in hard areas", scrub=Scrub.KEEP),
        "facility": personal("where a person is registered for care", scrub=Scrub.INVENT),
        "card_province": PUBLIC,
        "valid_from": PUBLIC,
        "valid_until": PUBLIC,
        "continuous_since": PUBLIC,
        "recorded_at": PUBLIC,
        "superseded_at": PUBLIC,
    },
    "participation_load": {
        "source": PUBLIC,
        "employers": PUBLIC,
        "spans": PUBLIC,
        "coverages": PUBLIC,
        "loaded_at": PUBLIC,
    },
}
