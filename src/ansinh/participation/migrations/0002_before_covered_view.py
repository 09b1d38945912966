"""Publish participation as last recorded to the rooms above as a view.

Locks: none beyond the catalogue's. Undo: the view is dropped.
"""

from django.db import migrations

VIEW = """
CREATE VIEW participation_covered_v1 AS
SELECT person_id, coverage_id, object_code, area, facility, card_province, valid_from, valid_until
FROM participation_coverage WHERE superseded_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("participation", "0001_initial")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW participation_covered_v1")]
