"""Make the tables of employers, spans, coverage and loads.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Employer",
            fields=[
                ("employer_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("code", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("province", models.CharField(max_length=2)),
                ("commune", models.CharField(max_length=5)),
                ("region", models.SmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                ("source", models.TextField(primary_key=True, serialize=False)),
                ("employers", models.BigIntegerField()),
                ("spans", models.BigIntegerField()),
                ("coverages", models.BigIntegerField()),
                ("loaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "coverage_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("coverage_id", models.BigIntegerField()),
                ("object_code", models.CharField(max_length=2)),
                ("area", models.CharField(max_length=2, null=True)),
                ("facility", models.CharField(max_length=5)),
                ("card_province", models.CharField(max_length=2)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("superseded_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gt", models.F("valid_from"))),
                        name="participation_coverage_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("person_id", "valid_from"),
                        name="participation_coverage_starts_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Span",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "span_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("span_id", models.BigIntegerField()),
                ("employer_id", models.BigIntegerField(null=True)),
                ("scheme", models.TextField()),
                ("unemployment", models.BooleanField()),
                ("from_month", models.IntegerField()),
                ("until_month", models.IntegerField(null=True)),
                ("wage", models.BigIntegerField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("superseded_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scheme__in", ["compulsory", "voluntary"])),
                        name="participation_span_scheme_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_month__isnull", True), ("until_month__gt", models.F("from_month")), _connector="OR"
                        ),
                        name="participation_span_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wage__gte", 0)), name="participation_span_wage_not_negative"
                    ),
                ],
            },
        ),
    ]
