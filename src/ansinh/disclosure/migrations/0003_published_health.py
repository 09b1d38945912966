"""Publish to the gateway how health books are read: reading, rules of access, audit and chain link in one call, one function a kind of reading.

The kinds differ in what they tell alone, so one text makes them all. Locks: none beyond the catalogue's. Undo: the functions are dropped; gateways that need
them then refuse to start.
"""

from pathlib import Path

from django.db import migrations

# What is told, the number of the call in the audit, and the name it has in the answer.
KINDS = {
    "summary": (6, "book"),
    "visit": (8, "visit"),
    "referrals": (9, "referrals"),
    "appointments": (10, "appointments"),
    "papers": (11, "papers"),
}
TEXT = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def text_of(kind: str) -> str:
    """Return the statements that publish a kind of reading."""
    call, name = KINDS[kind]
    return TEXT.replace("{kind}", kind).replace("{call}", str(call)).replace("{name}", name)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0002_published_reading")]
    operations = [migrations.RunSQL(text_of(kind), f"DROP FUNCTION published.health_{kind}_v1") for kind in KINDS]
