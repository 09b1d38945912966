"""Keep how many persons each run paid by month and province, so that a count reads only months that have a new run, never years.

Locks: none, the table is new. Undo: the table is dropped; a count fills it again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0004_before_former_submissions")]

    operations = [
        migrations.CreateModel(
            name="PaidCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month",
                        "once",
                        "run_id",
                        "series",
                        "province",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.IntegerField()),
                ("once", models.BooleanField()),
                ("run_id", models.IntegerField()),
                ("series", models.TextField()),
                ("province", models.CharField(max_length=2)),
                ("day", models.DateField()),
                ("persons", models.BigIntegerField()),
            ],
        ),
    ]
