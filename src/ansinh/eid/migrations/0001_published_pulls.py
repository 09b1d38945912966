"""Publish to the gateway what the e-ID app pulls besides contribution and health books, and every pull once more for callers behind X-Road.

The kinds differ in what they tell alone, so one text makes them all. Locks: none beyond the catalogue's. Undo: the functions are dropped; gateways that need
them then refuse to start.
"""

from pathlib import Path

from django.db import migrations

_HERE = Path(__file__).parent
# What is told, and the number of the call in the audit.
KINDS = {"card": 21, "payments": 22, "files": 23, "documents": 24}
OWN = (
    "p_chain_id bigint, p_asked_at timestamptz, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], p_citizens text[], "
    "p_purposes smallint[]"
)
_HEALTH = (
    "p_chain_id bigint, p_asked_at timestamptz, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], p_facilities text[], "
    "p_officers text[], p_purposes smallint[], p_citizens text[], p_which bigint[]"
)
# Each pull and the function that answers it.
PULLS = {
    "book": ("book_v1", OWN),
    **{kind: (f"eid_{kind}_v1", OWN) for kind in KINDS},
    **{kind: (f"health_{kind}_v1", _HEALTH) for kind in ("summary", "visit", "referrals", "appointments", "papers")},
}


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def text_of(kind: str) -> str:
    """Return the statements that publish a kind of pull."""
    told = _read(f"0001_told_{kind}.sql").rstrip()
    text = _read("0001_published_pulls.sql").replace("{told}", told)
    return text.replace("{kind}", kind).replace("{call}", str(KINDS[kind]))


def xroad_text_of(kind: str) -> str:
    """Return the statements that publish a kind of pull for callers behind X-Road."""
    return xroad_text(kind, *PULLS[kind])


def xroad_text(kind: str, name: str, arguments: str) -> str:
    """Return the statements that publish a function's answers for callers behind X-Road."""
    passed = ", ".join(argument.split()[0] for argument in arguments.split(", "))
    text = _read("0001_published_xroad.sql").replace("{arguments}", arguments).replace("{passed}", passed)
    return text.replace("{kind}", kind).replace("{name}", name)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("cards", "0003_before_standing_columns"),
        ("disclosure", "0003_published_health"),
        ("participation", "0005_published_book"),
        ("payments", "0001_payments"),
        ("lifeevents", "0001_initial"),
        ("documents", "0001_initial"),
        ("audit", "0008_before_digest_of_request"),
    ]
    operations = [
        *(migrations.RunSQL(text_of(kind), f"DROP FUNCTION published.eid_{kind}_v1") for kind in KINDS),
        *(migrations.RunSQL(xroad_text_of(kind), f"DROP FUNCTION published.eid_xroad_{kind}_v1") for kind in PULLS),
    ]
