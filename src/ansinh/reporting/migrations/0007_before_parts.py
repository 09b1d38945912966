"""Keep figures by kind of commune and by channel, and how far figures are counted.

Locks: none, the tables are new. Undo: they are dropped; a count fills them again.
"""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0006_before_former_services")]

    operations = [
        migrations.CreateModel(
            name="PartCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "series",
                        "dimension",
                        "part",
                        "province",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("series", models.TextField()),
                ("dimension", models.TextField()),
                ("part", models.TextField()),
                ("province", models.CharField(max_length=2)),
                ("day", models.DateField()),
                ("count", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("dimension__in", ["kind", "channel"])),
                        name="reporting_partcount_dimension_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Counting",
            fields=[
                ("single", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("closed_until", models.DateField(null=True)),
                ("former_rows", models.BigIntegerField()),
                ("moves", models.BigIntegerField()),
                ("counted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("single", True)), name="reporting_counting_one_row")
                ],
            },
        ),
    ]
