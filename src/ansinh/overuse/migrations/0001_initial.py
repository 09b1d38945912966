"""Keep findings of over-use and what officers decided of them.

Locks: none, the tables are new. Undo: they are dropped; findings can be searched for again, decisions cannot.
"""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    initial = True
    dependencies = [("healthbook", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "kind",
                        "visit_id",
                        "other_visit_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("visit_id", models.BigIntegerField()),
                ("other_visit_id", models.BigIntegerField()),
                ("other_person_id", models.BigIntegerField()),
                ("finding_no", models.BigIntegerField()),
                ("facility", models.TextField()),
                ("other_facility", models.TextField()),
                ("first_on", models.DateField()),
                ("measure", models.IntegerField()),
                ("subject", models.TextField(null=True)),
                ("state", models.TextField(default="open")),
                ("found_at", models.DateTimeField(db_default=Now())),
            ],
            options={
                "indexes": [models.Index(fields=["finding_no"], name="overuse_finding_by_number")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["two_beds", "far_apart", "medicines_twice", "copied"])),
                        name="overuse_finding_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "gone", "legitimate", "asked", "mistaken", "suspicious"])
                        ),
                        name="overuse_finding_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visit_id", models.F("other_visit_id")), _negated=True),
                        name="overuse_finding_of_two_visits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "finding_no",
                        "decided_at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("finding_no", models.BigIntegerField()),
                ("decided_at", models.DateTimeField()),
                ("decision", models.TextField()),
                ("reason", models.TextField()),
                ("decided_by", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["asked", "legitimate", "mistaken", "suspicious"])),
                        name="overuse_decision_known",
                    )
                ]
            },
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE overuse_finding_number AS bigint; GRANT USAGE ON SEQUENCE overuse_finding_number TO ansinh_app;"
            "REVOKE UPDATE, DELETE, TRUNCATE ON overuse_decision, overuse_finding FROM ansinh_app;"
            "GRANT UPDATE (state) ON overuse_finding TO ansinh_app",
            "DROP SEQUENCE overuse_finding_number",
        ),
    ]
