"""Keep what the former system logged of interlinked services: figures are compared with days on which it, not we, settled them.

Locks: none, the table is new. Undo: it is dropped; the files fill it again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0005_before_paid_counts"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerService",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "load_no", "row_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("load_no", models.IntegerField()),
                ("row_no", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("province", models.CharField(max_length=2)),
                ("received_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("days", models.SmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("settled_at__gte", models.F("received_at"))),
                        name="reporting_formerservice_in_order",
                    )
                ],
            },
        ),
    ]
