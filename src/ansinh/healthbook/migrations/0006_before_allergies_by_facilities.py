"""Let facilities write down what patients answer about allergies: a statement has one row in force, and what it was before stays, with who took it back.

Locks: the table cannot be read while the columns are added; a moment, it is small. Undo: columns, index and sequence are dropped with what they hold.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("healthbook", "0005_before_certificates")]

    operations = [
        migrations.AddField("allergy", "withdrawn_facility", models.TextField(null=True)),
        migrations.AddField("allergy", "withdrawn_officer", models.TextField(null=True)),
        migrations.RunSQL(
            """
            CREATE SEQUENCE healthbook_allergy_number AS bigint START 1000;
            SELECT setval('healthbook_allergy_number', greatest(999, (SELECT coalesce(max(allergy_id), 0) FROM healthbook_allergy)));
            CREATE UNIQUE INDEX healthbook_allergy_in_force ON healthbook_allergy (person_id, statement, lower(coalesce(substance, '')))
                WHERE withdrawn_at IS NULL;
            """,
            "DROP INDEX healthbook_allergy_in_force; DROP SEQUENCE healthbook_allergy_number",
        ),
    ]
