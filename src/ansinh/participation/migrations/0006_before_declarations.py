"""Keep what employers declare line by line, what people say is wrong in their books, and who vouches for months.

Lines of declarations are partitioned by month declared. Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

from pathlib import Path

from django.db import migrations, models

UNDO = """
DROP TABLE participation_declarationline;
DROP FUNCTION participation_ensure_month(integer);
DROP SEQUENCE participation_request_number;
"""
LINE = migrations.CreateModel(
    name="DeclarationLine",
    fields=[
        (
            "pk",
            models.CompositePrimaryKey(
                "employer_id", "month", "version", "line", blank=True, editable=False, primary_key=True, serialize=False
            ),
        ),
        ("employer_id", models.BigIntegerField()),
        ("month", models.IntegerField()),
        ("version", models.IntegerField()),
        ("line", models.IntegerField()),
        ("raw", models.JSONField()),
        ("digest", models.TextField()),
        ("act", models.TextField(null=True)),
        ("person_id", models.BigIntegerField(null=True)),
        ("state", models.TextField()),
        ("found", models.JSONField()),
        ("decided_at", models.DateTimeField()),
        ("withdrawn_by", models.TextField(null=True)),
    ],
    options={
        "indexes": [
            models.Index(condition=models.Q(("state", "parked")), fields=["state"], name="participation_line_parked")
        ],
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(("state__in", ["applied", "unchanged", "rejected", "parked", "withdrawn"])),
                name="participation_declarationline_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "applied"), _negated=True),
                    models.Q(("person_id__isnull", False), ("act__isnull", False)),
                    _connector="OR",
                ),
                name="participation_declarationline_applied_to_whom",
            ),
        ],
    },
)


class Migration(migrations.Migration):
    dependencies = [
        ("participation", "0005_published_book"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attestation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "attestation_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("attestation_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("employer_id", models.BigIntegerField()),
                ("until_month", models.IntegerField()),
                ("paper", models.TextField()),
                ("state", models.TextField()),
                ("prepared_by", models.TextField()),
                ("prepared_at", models.DateTimeField()),
                ("approved_by", models.TextField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("refused_by", models.TextField(null=True)),
                ("recorded_at", models.DateTimeField(null=True)),
                ("superseded_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                ("prepared_by__isnull", False),
                                models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="participation_attestation_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["confirmed", "closed"])),
                        name="participation_attestation_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["prepared", "in_force", "refused"])),
                        name="participation_attestation_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "closed"), ("state", "in_force"), _negated=True),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="participation_attestation_closed_by_two",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force"), ("superseded_at__isnull", True)),
                        fields=("person_id", "employer_id", "kind"),
                        name="participation_attestation_one_in_force",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "prepared")),
                        fields=("person_id", "employer_id"),
                        name="participation_attestation_one_prepared",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "request_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("request_id", models.BigIntegerField()),
                ("state", models.TextField(db_default="filed")),
                ("wrong", models.TextField()),
                ("evidence", models.TextField()),
                ("filed_by", models.TextField()),
                ("filed_at", models.DateTimeField()),
                ("employer_id", models.BigIntegerField(null=True)),
                ("scheme", models.TextField(null=True)),
                ("act", models.TextField(null=True)),
                ("from_month", models.IntegerField(null=True)),
                ("until_month", models.IntegerField(null=True)),
                ("wage", models.BigIntegerField(null=True)),
                ("unemployment", models.BooleanField(null=True)),
                ("work", models.TextField(null=True)),
                ("before", models.JSONField(null=True)),
                ("prepared_by", models.TextField(null=True)),
                ("prepared_at", models.DateTimeField(null=True)),
                ("approved_by", models.TextField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("refused_by", models.TextField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["filed", "prepared"])),
                        fields=["state"],
                        name="participation_request_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                ("prepared_by__isnull", False),
                                models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="participation_correction_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                ("filed_by__isnull", False),
                                models.Q(("approved_by", models.F("filed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="participation_correction_not_ones_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refused_by__isnull", True),
                            models.Q(
                                ("filed_by__isnull", False),
                                models.Q(("refused_by", models.F("filed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="participation_correction_not_refused_by_oneself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["filed", "prepared", "applied", "refused", "withdrawn"])),
                        name="participation_correction_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "applied"), _negated=True),
                            models.Q(("approved_by__isnull", False), ("act__isnull", False)),
                            _connector="OR",
                        ),
                        name="participation_correction_approved_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("refused_by__isnull", False), ("answer__isnull", False)),
                            _connector="OR",
                        ),
                        name="participation_correction_refused_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act__isnull", True),
                            ("act", "clear"),
                            models.Q(("act", "set"), ("wage__gte", 0), ("unemployment__isnull", False)),
                            _connector="OR",
                        ),
                        name="participation_correction_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "employer_id", "month", "version", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("employer_id", models.BigIntegerField()),
                ("month", models.IntegerField()),
                ("version", models.IntegerField()),
                ("sha256", models.TextField()),
                ("lines", models.IntegerField()),
                ("received_by", models.TextField()),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("employer_id", "month", "sha256"), name="participation_declaration_taken_once"
                    )
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[LINE],
            database_operations=[
                migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO)
            ],
        ),
    ]
