"""Publish to the gateway how the FHIR face is told a person's book: reading, audit and chain link in one call.

What may be seen is decided by the table of access, as in every other reading. Locks: none beyond the catalogue's. Undo: the functions are dropped; gateways
that need them then refuse to start.
"""

from pathlib import Path

from django.db import migrations

UNDO = """
DROP FUNCTION published.fhir_book_v1;
DROP FUNCTION disclosure_fhir;
DROP FUNCTION disclosure_facility_name;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0004_published_glass"),
        ("referrals", "0002_published_use"),
        ("healthbook", "0003_before_allergies"),
        ("cards", "0007_before_history"),
        ("people", "0010_before_resolving_index"),
        ("places", "0001_initial"),
        ("access", "0006_before_statistics"),
        ("audit", "0001_audit"),
    ]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO)]
