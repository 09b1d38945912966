"""Make the tables of cards and standings.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "card_number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("card_number", models.CharField(max_length=15)),
                ("object_code", models.CharField(max_length=2)),
                ("level", models.SmallIntegerField()),
                ("issued_on", models.DateField()),
                ("state", models.TextField(db_default="issued")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__range", (1, 5))), name="cards_card_level_in_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["issued", "suspended", "withdrawn", "replaced"])),
                        name="cards_card_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("person_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("pin", models.CharField(max_length=12, null=True)),
                ("si_code", models.CharField(max_length=10, null=True)),
                ("card_number", models.CharField(max_length=15, null=True)),
                ("full_name", models.TextField()),
                ("sex", models.CharField(max_length=1, null=True)),
                ("birth_year", models.SmallIntegerField(null=True)),
                ("birth_month", models.SmallIntegerField(null=True)),
                ("birth_day", models.SmallIntegerField(null=True)),
                ("object_code", models.CharField(max_length=2)),
                ("level", models.SmallIntegerField()),
                ("area", models.CharField(max_length=2, null=True)),
                ("facility", models.CharField(max_length=5)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField()),
                ("status", models.TextField()),
                ("five_years_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "suspended", "withdrawn", "excluded"])),
                        name="cards_standing_status_known",
                    )
                ],
            },
        ),
    ]
