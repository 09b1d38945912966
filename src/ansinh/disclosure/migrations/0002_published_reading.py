"""Lay down the table of access, and how a health book is told to whoever may see it.

Locks: none beyond the catalogue's. Undo: the functions are dropped, the table emptied.
"""

import csv
from pathlib import Path

from django.db import migrations

# As the table was when this was written; a later change of the table is a migration of its own.
RULES = Path(__file__).with_name("0002_rules.csv")
UNDO = """
DELETE FROM disclosure_rule;
DROP FUNCTION disclosure_summary, disclosure_visit, disclosure_papers, disclosure_referrals, disclosure_appointments, disclosure_grounds, disclosure_moment,
    disclosure_may;
"""


def lay_down(apps, schema_editor):
    """Put each cell of the table into its row."""
    rule = apps.get_model("disclosure", "Rule")
    lines = [line for line in RULES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    rule.objects.using(schema_editor.connection.alias).bulk_create(
        rule(who=row["who"], circumstance=row["circumstance"], what=what, answer=answer)
        for row in rows
        for what, answer in row.items()
        if what not in {"who", "circumstance"}
    )


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0001_initial"),
        ("healthbook", "0003_before_allergies"),
        ("referrals", "0001_initial"),
        ("people", "0010_before_resolving_index"),
        ("places", "0001_initial"),
        ("ceilings", "0002_before_apps"),
        ("access", "0004_before_apps"),
        ("audit", "0006_before_readings"),
        ("notices", "0001_initial"),
    ]
    operations = [
        migrations.RunPython(lay_down, migrations.RunPython.noop),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
