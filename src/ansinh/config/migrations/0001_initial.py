"""Make the table of the day an invented nation has reached.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Nation",
            fields=[
                ("nation_id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("today", models.DateField()),
                ("source", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("nation_id", 1)), name="config_nation_only_one")
                ],
            },
        ),
    ]
