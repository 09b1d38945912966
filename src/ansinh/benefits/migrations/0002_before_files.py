"""Make the tables of files, pauses, alerts and decisions. An approved decision never changes, and no file is granted without one: triggers say so.

Files, unlike payments, are a few in a person's life, so they stand with the person and are not partitioned by month.
Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

from pathlib import Path

import django.db.models.functions.datetime
from django.db import migrations, models

UNDO = """
DROP FUNCTION benefits_keep_decision() CASCADE;
DROP FUNCTION benefits_decide_file() CASCADE;
DROP FUNCTION benefits_end_pause_once() CASCADE;
DROP SEQUENCE benefits_application_numbers;
DROP SEQUENCE benefits_decision_numbers;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "application_id",
                        "kind",
                        "due_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("application_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("due_on", models.DateField()),
                ("raised_on", models.DateField()),
                ("because_vi", models.TextField()),
                ("because_en", models.TextField()),
                ("new_due_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["late", "near", "unanswered"])),
                        name="benefits_alert_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "late"), _negated=True),
                            models.Q(
                                models.Q(("because_vi", ""), _negated=True), models.Q(("because_en", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="benefits_alert_late_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("new_due_on__isnull", True), ("new_due_on__gt", models.F("due_on")), _connector="OR"
                        ),
                        name="benefits_alert_new_date_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "application_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("application_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("channel", models.TextField()),
                ("filed_by", models.TextField()),
                ("insured_person_id", models.BigIntegerField()),
                ("filed_at", models.DateTimeField()),
                ("deadline_name", models.TextField()),
                ("deadline_days", models.IntegerField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("state", models.TextField(db_default="filed")),
                ("stated", models.JSONField()),
                ("missing", models.JSONField()),
                ("decision_id", models.BigIntegerField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [
                    models.Index(fields=["application_id"], name="benefits_application_number"),
                    models.Index(fields=["insured_person_id"], name="benefits_application_insured"),
                    models.Index(
                        condition=models.Q(("state__in", ["granted", "refused", "withdrawn"]), _negated=True),
                        fields=["due_on"],
                        name="benefits_application_open_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "bridge",
                                    "funeral",
                                    "one_off",
                                    "retirement",
                                    "retirement_extra",
                                    "social_pension",
                                    "survivors",
                                    "unemployment",
                                ],
                            )
                        ),
                        name="benefits_application_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["event", "officer", "person"])),
                        name="benefits_application_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "filed",
                                    "gathering",
                                    "granted",
                                    "prepared",
                                    "refused",
                                    "waiting_confirmation",
                                    "waiting_papers",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="benefits_application_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_days__isnull", True), ("due_on__isnull", True)),
                            models.Q(("deadline_days__gt", 0), ("due_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="benefits_application_due_when_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["granted", "refused"]), _negated=True),
                            models.Q(("closed_on__isnull", False), ("decision_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="benefits_application_decided_by_decision",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["granted", "refused", "withdrawn"]), _negated=True),
                        fields=("person_id", "kind", "insured_person_id"),
                        name="benefits_application_one_open",
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
                        "person_id", "decision_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("decision_id", models.BigIntegerField()),
                ("application_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("insured_person_id", models.BigIntegerField()),
                ("outcome", models.TextField()),
                ("number", models.TextField()),
                ("effective_month", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                ("awards", models.JSONField()),
                ("because_vi", models.TextField()),
                ("because_en", models.TextField()),
                ("question", models.JSONField()),
                ("facts", models.JSONField()),
                ("explanation", models.JSONField()),
                ("prepared_by", models.TextField()),
                ("prepared_at", models.DateTimeField()),
                ("approved_by", models.TextField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("decided_on", models.DateField(null=True)),
                ("returned_by", models.TextField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                ("returned_because", models.TextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["decision_id"], name="benefits_decision_by_number"),
                    models.Index(fields=["application_id"], name="benefits_decision_of_file"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "bridge",
                                    "funeral",
                                    "one_off",
                                    "retirement",
                                    "retirement_extra",
                                    "social_pension",
                                    "survivors",
                                    "unemployment",
                                ],
                            )
                        ),
                        name="benefits_decision_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["granted", "refused"])),
                        name="benefits_decision_outcome_known",
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
                        name="benefits_decision_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("outcome", "granted")),
                            models.Q(
                                ("amount", 0), ("outcome", "refused"), models.Q(("because_vi", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="benefits_decision_amount_or_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True), ("returned_by__isnull", True), _connector="OR"
                        ),
                        name="benefits_decision_one_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at__isnull", True),
                                ("approved_by__isnull", True),
                                ("decided_on__isnull", True),
                            ),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("decided_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="benefits_decision_approved_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("returned_by__isnull", True)),
                        fields=("person_id", "application_id"),
                        name="benefits_decision_one_standing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "application_id",
                        "paused_at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("application_id", models.BigIntegerField()),
                ("paused_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("what", models.JSONField()),
                ("until_on", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["confirmation", "papers"])),
                        name="benefits_pause_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("paused_at")), _connector="OR"
                        ),
                        name="benefits_pause_ends_later",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person_id", "application_id"),
                        name="benefits_pause_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
