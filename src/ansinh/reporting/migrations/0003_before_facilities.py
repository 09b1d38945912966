"""Keep look-ups by facility and day.

Locks: none, the table is new. Undo: the table is dropped; a count fills it again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_before_provinces")]

    operations = [
        migrations.CreateModel(
            name="FacilityCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "series", "facility", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("series", models.TextField()),
                ("facility", models.TextField()),
                ("day", models.DateField()),
                ("count", models.BigIntegerField()),
            ],
        ),
    ]
