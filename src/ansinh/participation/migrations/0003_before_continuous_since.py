"""Keep since when cover had been continuous before the first stretch we know, and publish it: five continuous years are counted from it.

Locks: the table of coverage for a moment (a column without a default is not written). Undo: the view as before, the column is dropped.
"""

from django.db import migrations, models

_COLUMNS = "person_id, coverage_id, object_code, area, facility, card_province, valid_from, valid_until"
_WHENCE = "FROM participation_coverage WHERE superseded_at IS NULL"
VIEW = f"CREATE OR REPLACE VIEW participation_covered_v1 AS SELECT {_COLUMNS}, continuous_since {_WHENCE}"
VIEW_BEFORE = f"DROP VIEW participation_covered_v1; CREATE VIEW participation_covered_v1 AS SELECT {_COLUMNS} {_WHENCE}"


class Migration(migrations.Migration):
    dependencies = [("participation", "0002_before_covered_view")]
    operations = [
        migrations.AddField("coverage", "continuous_since", models.DateField(null=True)),
        migrations.RunSQL(VIEW, VIEW_BEFORE),
    ]
