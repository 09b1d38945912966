"""Make the tables of persons, identifiers, aliases, verdicts and loads.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Load",
            fields=[
                ("source", models.TextField(primary_key=True, serialize=False)),
                ("first_person_id", models.BigIntegerField()),
                ("persons", models.BigIntegerField()),
                ("loaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("alias_person_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("merged_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["person_id"], name="people_alias_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alias_person_id", models.F("person_id")), _negated=True),
                        name="people_alias_not_itself",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "value", "scheme", "valid_from", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("value", models.TextField()),
                ("scheme", models.TextField()),
                ("person_id", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("valid_until__isnull", True)),
                        fields=["person_id", "scheme"],
                        name="people_identifier_of_person",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scheme__in", ["pin", "si_code", "card", "old_number"])),
                        name="people_identifier_scheme_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="people_identifier_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("scheme__in", ["pin", "si_code", "card"]), ("valid_until__isnull", True)),
                        fields=("scheme", "value"),
                        include=("person_id",),
                        name="people_identifier_one_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("person_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("full_name", models.TextField()),
                ("sex", models.CharField(max_length=1, null=True)),
                ("birth_year", models.SmallIntegerField(null=True)),
                ("birth_month", models.SmallIntegerField(null=True)),
                ("birth_day", models.SmallIntegerField(null=True)),
                ("stated_number", models.TextField(null=True)),
                ("commune", models.CharField(max_length=5, null=True)),
                ("province", models.CharField(max_length=2)),
                ("household", models.BigIntegerField(null=True)),
                ("excluded", models.TextField(null=True)),
                ("recorded_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sex__in", ["M", "F"])), name="people_person_sex_known"),
                    models.CheckConstraint(
                        condition=models.Q(("birth_month__range", (1, 12))), name="people_person_month_of_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("birth_day__range", (1, 31))), name="people_person_day_of_month"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "decided_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("decided_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                ("verdict", models.TextField()),
                ("rule", models.TextField()),
                ("register_pin", models.CharField(max_length=12, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "verdict__in",
                                ["verified", "corrected", "candidate", "not_found", "duplicate", "excluded"],
                            )
                        ),
                        name="people_verdict_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("register_pin__isnull", False),
                            models.Q(("verdict__in", ["verified", "corrected"]), _negated=True),
                            _connector="OR",
                        ),
                        name="people_verdict_names_whom",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("person_id",),
                        name="people_verdict_one_current",
                    ),
                ],
            },
        ),
    ]
