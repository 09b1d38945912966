"""Publish to the gateway how hospitals are answered now: only officers on the facility's list, former numbers too, and all that a standing newly says.

Locks: none beyond the catalogue's. Undo: the function as it was before; gateways of this release then refuse to start.
"""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__)
BEFORE = "DROP FUNCTION published.standing_v1;\n" + HERE.with_name("0002_published_standing.sql").read_text(
    encoding="utf-8"
)


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0003_before_standing_columns"),
        ("people", "0010_before_resolving_index"),
        ("access", "0001_initial"),
        ("places", "0001_initial"),
        ("audit", "0001_audit"),
    ]
    operations = [migrations.RunSQL(HERE.with_suffix(".sql").read_text(encoding="utf-8"), BEFORE)]
