"""Make the tables of entitlements, their versions, changes and corrections, and what each month owed when it was frozen.

What was frozen is partitioned by benefit month, because it grows with time and is read by month. Rows are never rewritten: triggers and grants say so.
Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

from pathlib import Path

import django.db.models.functions.datetime
from django.db import migrations, models

UNDO = """
DROP VIEW benefits_owed_v1;
DROP VIEW benefits_version_v1;
DROP FUNCTION benefits_ensure_month(integer);
DROP TABLE benefits_frozen;
DROP SEQUENCE benefits_entitlement_number;
DROP SEQUENCE benefits_change_number;
DROP FUNCTION benefits_refuse_change() CASCADE;
DROP FUNCTION benefits_supersede_once() CASCADE;
DROP FUNCTION benefits_decide_once() CASCADE;
DROP FUNCTION benefits_approve_once() CASCADE;
"""
FROZEN = migrations.CreateModel(
    name="Frozen",
    fields=[
        (
            "pk",
            models.CompositePrimaryKey(
                "month",
                "person_id",
                "entitlement_id",
                "component",
                "correction",
                blank=True,
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        ("month", models.IntegerField()),
        ("person_id", models.BigIntegerField()),
        ("entitlement_id", models.BigIntegerField()),
        ("component", models.TextField()),
        ("correction", models.IntegerField()),
        ("amount", models.BigIntegerField()),
        ("kind", models.TextField()),
        ("province", models.CharField(max_length=2)),
        ("commune", models.CharField(max_length=5, null=True)),
        ("urban", models.BooleanField()),
        ("frozen_in", models.IntegerField()),
    ],
    options={
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="benefits_frozen_not_nothing"
            ),
            models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("correction__gt", 0), _connector="OR"),
                name="benefits_frozen_owes",
            ),
        ],
    },
)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Freeze",
            fields=[
                ("month", models.IntegerField(primary_key=True, serialize=False)),
                ("obligations", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                ("corrections", models.BigIntegerField()),
                ("corrections_amount", models.BigIntegerField()),
                ("frozen_by", models.TextField()),
                ("frozen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                ("source", models.TextField(primary_key=True, serialize=False)),
                ("entitlements", models.BigIntegerField()),
                ("owed_from", models.IntegerField()),
                ("loaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month", "scope", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.IntegerField()),
                ("scope", models.TextField()),
                ("act", models.TextField()),
                ("basis", models.JSONField()),
                ("prepared_by", models.TextField()),
                ("prepared_at", models.DateTimeField()),
                ("approved_by", models.TextField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["pensions", "survivors", "social_pensions"])),
                        name="benefits_adjustment_scope_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                ("prepared_by__isnull", False),
                                models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="benefits_adjustment_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "change_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("change_id", models.BigIntegerField()),
                ("entitlement_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("effect_month", models.IntegerField()),
                ("because", models.TextField(null=True)),
                ("amount", models.BigIntegerField(null=True)),
                ("facts", models.JSONField(null=True)),
                ("act", models.TextField()),
                ("reason", models.TextField()),
                ("request_key", models.TextField()),
                ("due_on", models.DateField(null=True)),
                ("prepared_by", models.TextField()),
                ("prepared_at", models.DateTimeField()),
                ("approved_by", models.TextField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("refused_at__isnull", True)),
                        fields=["due_on"],
                        name="benefits_change_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["suspend", "resume", "end", "reinstate", "recalculate", "transfer"])
                        ),
                        name="benefits_change_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="benefits_change_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["resume", "reinstate", "recalculate"]), _negated=True),
                            ("done_at__isnull", True),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="benefits_change_money_flows_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_at__isnull", True), ("refused_at__isnull", True), _connector="OR"),
                        name="benefits_change_done_or_refused",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                ("prepared_by__isnull", False),
                                models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="benefits_change_two_people",
                    ),
                    models.UniqueConstraint(fields=("person_id", "request_key"), name="benefits_change_asked_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "entitlement_id",
                        "month",
                        "component",
                        "correction_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("entitlement_id", models.BigIntegerField()),
                ("month", models.IntegerField()),
                ("component", models.TextField()),
                ("correction_no", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                ("cause", models.TextField()),
                ("change_id", models.BigIntegerField(null=True)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["recorded_at"], name="benefits_correction_recorded")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="benefits_correction_not_nothing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("correction_no__gte", 1)), name="benefits_correction_numbered_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cause__in",
                                [
                                    "grant",
                                    "adjustment",
                                    "suspension",
                                    "resumption",
                                    "end",
                                    "reinstatement",
                                    "recalculation",
                                ],
                            )
                        ),
                        name="benefits_correction_cause_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entitlement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "entitlement_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("entitlement_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("insured_person_id", models.BigIntegerField()),
                ("decision_id", models.BigIntegerField(null=True)),
                ("opened_on", models.DateField()),
                ("owed_from", models.IntegerField()),
                ("source", models.TextField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "pension",
                                    "capacity_loss",
                                    "cadre",
                                    "survivor",
                                    "work_injury",
                                    "unemployment",
                                    "social_pension",
                                    "bridge",
                                    "one_off_withdrawal",
                                    "retirement_extra",
                                    "funeral",
                                    "survivor_one_off",
                                ],
                            )
                        ),
                        name="benefits_entitlement_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision_id__isnull", True), ("source__isnull", True), _connector="OR"),
                        name="benefits_entitlement_one_origin",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decision_id__isnull", False)),
                        fields=("person_id", "decision_id", "kind"),
                        name="benefits_entitlement_opened_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "entitlement_id",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("entitlement_id", models.BigIntegerField()),
                ("version", models.IntegerField()),
                ("valid_from", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                ("state", models.TextField()),
                ("cause", models.TextField()),
                ("adjusted", models.BooleanField(db_default=False)),
                ("act", models.TextField()),
                ("facts", models.JSONField(null=True)),
                ("province", models.CharField(max_length=2)),
                ("commune", models.CharField(max_length=5, null=True)),
                ("urban", models.BooleanField()),
                ("change_id", models.BigIntegerField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="benefits_version_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["paid", "suspended", "ended"])),
                        name="benefits_version_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cause__in",
                                [
                                    "grant",
                                    "load",
                                    "term",
                                    "adjustment",
                                    "recalculation",
                                    "suspension",
                                    "resumption",
                                    "end",
                                    "transfer",
                                ],
                            )
                        ),
                        name="benefits_version_cause_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("state", "ended"), _negated=True), ("amount", 0), _connector="OR"),
                        name="benefits_version_ended_pays_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gte", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="benefits_version_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("person_id", "entitlement_id", "valid_from"),
                        name="benefits_version_one_from_a_month",
                    ),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[FROZEN],
            database_operations=[
                migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO)
            ],
        ),
    ]
