"""Keep what the former system logged of submissions: figures are compared with days on which it, not we, received them.

Locks: none, the tables are new. Undo: they are dropped; the files fill them again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_before_facilities")]

    operations = [
        migrations.CreateModel(
            name="FormerSubmission",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility", "load_no", "row_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("facility", models.TextField()),
                ("load_no", models.IntegerField()),
                ("row_no", models.BigIntegerField()),
                ("sent_at", models.DateTimeField()),
                ("kind", models.SmallIntegerField()),
                ("accepted", models.BooleanField()),
                ("delay_hours", models.IntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FormerLoad",
            fields=[
                ("load_no", models.IntegerField(primary_key=True, serialize=False)),
                ("source", models.TextField(unique=True)),
                ("row_count", models.BigIntegerField()),
            ],
        ),
    ]
