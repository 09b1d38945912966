"""Publish to the gateway how hospitals' older software is answered, and count wrong particulars of a person by the hour.

Locks: none that wait, table, view and functions are new. Undo: they are dropped with their counts; gateways that need them then refuse to start.
"""

from pathlib import Path

from django.db import migrations, models

UNDO = """
DROP FUNCTION published.dialect_v1;
DROP FUNCTION cards_copayments_told;
DROP VIEW cards_visits_told_v1;
DROP FUNCTION cards_name_differs;
DROP FUNCTION cards_name_bare;
DROP FUNCTION cards_name_spoken;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0004_published_standing_of_the_listed"),
        ("access", "0003_before_dialect_accounts"),
        ("people", "0010_before_resolving_index"),
        ("places", "0001_initial"),
        ("audit", "0001_audit"),
    ]
    operations = [
        migrations.CreateModel(
            name="DialectMiss",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "hour", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("hour", models.DateTimeField()),
                ("misses", models.IntegerField()),
            ],
            options={"indexes": [models.Index(fields=["hour"], name="cards_dialectmiss_hour")]},
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
