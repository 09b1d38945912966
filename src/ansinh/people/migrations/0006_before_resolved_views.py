"""Publish whom each record stands for, and SI codes beside the PINs that replace them; find numbers a person once carried; tell rooms above who died.

Locks: none that stop work; the index is built beside it, outside a transaction. Undo: views and index are dropped, and persons are published without
the day of death.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

RESOLVED = """
CREATE VIEW people_resolved_v1 AS
SELECT p.person_id AS record_id, p.person_id FROM people_person p
WHERE NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = p.person_id)
UNION ALL
SELECT alias_person_id, person_id FROM people_alias
"""

CROSSWALK = """
CREATE VIEW people_crosswalk_v1 AS
SELECT i.value AS si_code, p.person_id, p.province, pin.value AS pin, i.valid_from AS coded_on, pin.valid_from AS numbered_on
FROM people_identifier i
LEFT JOIN people_alias a ON a.alias_person_id = i.person_id
JOIN people_person p ON p.person_id = coalesce(a.person_id, i.person_id)
LEFT JOIN people_identifier pin ON pin.person_id = p.person_id AND pin.scheme = 'pin' AND pin.valid_until IS NULL
WHERE i.scheme = 'si_code' AND i.valid_until IS NULL
"""

_INSURED = (
    "SELECT person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, excluded, recorded_on"
)
INSURED = f"CREATE OR REPLACE VIEW people_insured_v1 AS {_INSURED}, died_on FROM people_person"
INSURED_BEFORE = f"DROP VIEW people_insured_v1; CREATE VIEW people_insured_v1 AS {_INSURED} FROM people_person"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0005_before_requests")]

    operations = [
        migrations.RunSQL(RESOLVED, "DROP VIEW people_resolved_v1"),
        migrations.RunSQL(CROSSWALK, "DROP VIEW people_crosswalk_v1"),
        migrations.RunSQL(INSURED, INSURED_BEFORE),
        AddIndexConcurrently(
            model_name="identifier",
            index=models.Index(
                condition=models.Q(("valid_until__isnull", False)),
                fields=["person_id", "scheme"],
                name="people_identifier_former",
            ),
        ),
    ]
