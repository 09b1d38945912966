"""Make the table of daily counters by province.

Locks: none, everything is new. Undo: the table is dropped with all it holds; it is counted again from raw rows.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProvinceCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "series", "province", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("series", models.TextField()),
                ("province", models.CharField(max_length=2)),
                ("day", models.DateField()),
                ("count", models.BigIntegerField()),
            ],
        ),
    ]
