"""Make the tables of life events. What was told, sent and done stays: triggers and grants say so.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

from pathlib import Path

import django.db.models.functions.datetime
from django.db import migrations, models

UNDO = """
DROP FUNCTION lifeevents_refuse_change() CASCADE;
DROP FUNCTION lifeevents_keep_message() CASCADE;
DROP SEQUENCE lifeevents_file_numbers;
DROP SEQUENCE lifeevents_message_numbers;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Comparison",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "partner",
                        "on_day",
                        "compared_at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("partner", models.TextField()),
                ("on_day", models.DateField()),
                ("compared_at", models.DateTimeField()),
                ("sent", models.IntegerField()),
                ("taken", models.IntegerField()),
                ("heard", models.IntegerField()),
                ("told", models.IntegerField()),
                ("equal", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "line_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_id", models.BigIntegerField()),
                ("line_no", models.IntegerField()),
                ("happened_at", models.DateTimeField()),
                ("office", models.TextField()),
                ("words_vi", models.TextField()),
                ("words_en", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "step", "due_on", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_id", models.BigIntegerField()),
                ("step", models.TextField()),
                ("due_on", models.DateField()),
                ("raised_on", models.DateField()),
                ("because_vi", models.TextField()),
                ("because_en", models.TextField()),
                ("new_due_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("because_vi", ""), _negated=True), models.Q(("because_en", ""), _negated=True)
                        ),
                        name="lifeevents_alert_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "case_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_id", models.BigIntegerField()),
                ("case_no", models.IntegerField()),
                ("opened_at", models.DateTimeField()),
                ("what_vi", models.TextField()),
                ("what_en", models.TextField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.TextField(null=True)),
                ("settled_how", models.TextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=["opened_at"],
                        name="lifeevents_case_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at__isnull", True),
                                ("settled_by__isnull", True),
                                ("settled_how__isnull", True),
                            ),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                ("settled_how__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="lifeevents_case_settled_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Effect",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "kind", "reference", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("reference", models.TextField()),
                ("about", models.JSONField()),
                ("done_at", models.DateTimeField()),
                ("undo", models.TextField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "application_filed",
                                    "card_issued",
                                    "death_recorded",
                                    "entitlement_ended",
                                    "record_opened",
                                ],
                            )
                        ),
                        name="lifeevents_effect_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undo__isnull", True),
                            ("undo__in", ["open", "person", "prepared", "undone"]),
                            _connector="OR",
                        ),
                        name="lifeevents_effect_undo_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undo", "undone"), ("undone_at__isnull", False)),
                            models.Q(models.Q(("undo", "undone"), _negated=True), ("undone_at__isnull", True)),
                            models.Q(("undo__isnull", True), ("undone_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="lifeevents_effect_undone_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                ("file_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("subject", models.TextField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("applicant_person_id", models.BigIntegerField(null=True)),
                ("province", models.TextField(db_default="")),
                ("state", models.TextField()),
                ("content", models.JSONField()),
                ("received_at", models.DateTimeField()),
                ("closed_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id"], name="lifeevents_file_of_person"),
                    models.Index(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=["state", "file_id"],
                        name="lifeevents_file_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["birth", "death"])), name="lifeevents_file_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "done",
                                    "filed",
                                    "noticed",
                                    "refused",
                                    "registered",
                                    "undoing",
                                    "undone",
                                    "waiting_papers",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="lifeevents_file_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["refused", "undone", "withdrawn"]), _negated=True),
                        fields=("kind", "subject"),
                        name="lifeevents_file_one_of_subject",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FileStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "step", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_id", models.BigIntegerField()),
                ("step", models.TextField()),
                ("office", models.TextField()),
                ("state", models.TextField(db_default="waiting")),
                ("asked_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("waits_vi", models.TextField(db_default="")),
                ("waits_en", models.TextField(db_default="")),
                ("result", models.JSONField(db_default={}, default=dict)),
            ],
            options={
                "db_table": "lifeevents_step",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["done", "not_needed", "refused", "undone"]), _negated=True),
                        fields=["due_on"],
                        name="lifeevents_step_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "step__in",
                                [
                                    "birth",
                                    "card",
                                    "card_locked",
                                    "death",
                                    "funeral",
                                    "funeral_support",
                                    "payments_stopped",
                                    "residence",
                                    "residence_off",
                                    "survivors",
                                ],
                            )
                        ),
                        name="lifeevents_step_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "office__in",
                                [
                                    "agency",
                                    "applicant",
                                    "civil-status",
                                    "hospital",
                                    "police",
                                    "population-register",
                                    "social-assistance",
                                ],
                            )
                        ),
                        name="lifeevents_step_office_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "correction", "done", "not_needed", "refused", "undone", "waiting"])
                        ),
                        name="lifeevents_step_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("state__in", ["done", "not_needed", "refused", "undone"]),
                            _connector="OR",
                        ),
                        name="lifeevents_step_ends_in_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "message_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_id", models.BigIntegerField()),
                ("message_no", models.BigIntegerField()),
                ("message_id", models.TextField()),
                ("partner", models.TextField()),
                ("action", models.TextField()),
                ("step", models.TextField()),
                ("body", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("made_on", models.DateField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_on", models.DateField(null=True)),
                ("refused", models.TextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("acknowledged_at__isnull", True), ("refused__isnull", True)),
                        fields=["partner", "message_no"],
                        name="lifeevents_message_pending",
                    ),
                    models.Index(fields=["partner", "acknowledged_on"], name="lifeevents_message_by_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("file_id", "message_id"), name="lifeevents_message_id_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acknowledged_at__isnull", True), ("refused__isnull", True), _connector="OR"
                        ),
                        name="lifeevents_message_one_end",
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
                        "file_id", "paused_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_id", models.BigIntegerField()),
                ("paused_at", models.DateTimeField()),
                ("because_vi", models.TextField()),
                ("because_en", models.TextField()),
                ("until_on", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("paused_at")), _connector="OR"
                        ),
                        name="lifeevents_pause_ends_later",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("file_id",),
                        name="lifeevents_pause_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("partner", models.TextField(primary_key=True, serialize=False)),
                ("after_no", models.BigIntegerField(db_default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("partner__in", ["civil-status", "police", "social-assistance"])),
                        name="lifeevents_position_partner_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "teller", "told_key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("teller", models.TextField()),
                ("told_key", models.TextField()),
                ("what", models.TextField()),
                ("file_id", models.BigIntegerField(null=True)),
                ("content", models.JSONField()),
                ("told_on", models.DateField()),
                ("received_at", models.DateTimeField()),
                ("turn", models.IntegerField(db_default=1)),
                ("state", models.TextField()),
                ("because", models.TextField(db_default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["teller", "told_on"], name="lifeevents_told_by_day"),
                    models.Index(
                        condition=models.Q(("state", "parked")), fields=["received_at"], name="lifeevents_told_parked"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "teller__in",
                                [
                                    "agency",
                                    "applicant",
                                    "civil-status",
                                    "hospital",
                                    "police",
                                    "population-register",
                                    "social-assistance",
                                ],
                            )
                        ),
                        name="lifeevents_told_teller_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["applied", "parked", "repeated"])),
                        name="lifeevents_told_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "parked"), _negated=True),
                            models.Q(("because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="lifeevents_told_parked_says_why",
                    ),
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
