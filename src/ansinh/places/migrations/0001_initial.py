"""Make the tables of reference data: units, banks, codes, diagnoses, the calendar, facilities, and where each came from.

Locks: none that matter, all tables are new. Undo: migrate places zero, then load again from the packaged files.
"""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Bank",
            fields=[
                ("code", models.TextField(primary_key=True, serialize=False)),
                ("bin", models.CharField(max_length=6)),
                ("short_name", models.TextField()),
                ("name", models.TextField()),
                ("closed_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="BenefitLevel",
            fields=[
                ("level", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("share_percent", models.SmallIntegerField()),
                ("ceiling", models.BooleanField()),
                ("beyond_scope", models.BooleanField()),
                ("vi", models.TextField()),
                ("en", models.TextField()),
                ("closed_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ObjectCode",
            fields=[
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("vi", models.TextField()),
                ("en", models.TextField()),
                ("confidence", models.TextField()),
                ("closed_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("version", models.TextField()),
                ("origin", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("row_count", models.IntegerField()),
                ("loaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="CommuneSuccessor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.CharField(max_length=5)),
                ("after", models.CharField(max_length=5)),
                ("part", models.TextField()),
                ("closed_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("before", "after"), name="places_communesuccessor_once"),
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["whole", "people", "part"])),
                        name="places_communesuccessor_part_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Diagnosis",
            fields=[
                ("code", models.CharField(max_length=8, primary_key=True, serialize=False)),
                ("parent", models.CharField(max_length=8, null=True)),
                ("title_en", models.TextField()),
                ("leaf", models.BooleanField()),
                ("closed_on", models.DateField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["parent"], name="places_diagnosis_parent")],
            },
        ),
        migrations.CreateModel(
            name="Facility",
            fields=[
                ("code", models.CharField(max_length=5, primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("level", models.TextField()),
                ("province", models.CharField(max_length=2)),
                ("commune", models.CharField(max_length=5)),
                ("valid_from", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["province"], name="places_facility_of_province")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["primary", "basic", "specialised"])),
                        name="places_facility_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="places_facility_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("vi", models.TextField()),
                ("en", models.TextField()),
                ("lunar", models.CharField(max_length=5, null=True)),
                ("basis", models.TextField()),
                ("certainty", models.TextField()),
                ("closed_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["holiday", "rest", "swapped_off", "working"])),
                        name="places_holiday_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["announced", "law", "expected"])),
                        name="places_holiday_certainty_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.TextField()),
                ("code", models.CharField(max_length=5)),
                ("edition", models.TextField()),
                ("name", models.TextField()),
                ("parent", models.CharField(max_length=5, null=True)),
                ("province", models.CharField(max_length=2)),
                ("urban", models.BooleanField()),
                ("official_code", models.CharField(max_length=5)),
                ("successor", models.CharField(max_length=5, null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["province"], name="places_unit_of_province")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "code", "edition"), name="places_unit_code_once_per_edition"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["province", "district", "commune"])),
                        name="places_unit_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("edition__in", ["before_july_2025", "since_july_2025"])),
                        name="places_unit_edition_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="places_unit_ends_after_start",
                    ),
                ],
            },
        ),
    ]
