"""Publish persons to the rooms above as a view, so that tables may change without them.

Locks: none beyond the catalogue's. Undo: the view is dropped.
"""

from django.db import migrations

VIEW = """
CREATE VIEW people_insured_v1 AS
SELECT person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, excluded, recorded_on FROM people_person
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW people_insured_v1")]
