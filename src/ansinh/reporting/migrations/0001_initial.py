"""Make the table of daily counters.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DailyCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "series", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("series", models.TextField()),
                ("day", models.DateField()),
                ("count", models.BigIntegerField()),
                ("counted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
    ]
