"""Who may act for whom: mandates and guardians, and representatives of employers. What was given stays as it was; only its state moves.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("audit", "0007_before_done_for"),
        ("participation", "0001_initial"),
        ("people", "0001_initial"),
        ("registry", "0005_before_children"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mandate",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "for_person_id", "mandate_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("for_person_id", models.BigIntegerField()),
                ("mandate_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("scopes", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("paper", models.TextField(db_default="")),
                ("state", models.TextField()),
                ("given_by", models.TextField()),
                ("given_at", models.DateTimeField()),
                ("given_level", models.SmallIntegerField(null=True)),
                ("agreed_by", models.TextField(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("agreed_level", models.SmallIntegerField(null=True)),
                ("ended_by", models.TextField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["person_id"], name="mandates_mandate_of_actor")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by__isnull", True),
                            models.Q(
                                ("given_by__isnull", False),
                                models.Q(("agreed_by", models.F("given_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="mandates_mandate_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person_id", models.F("for_person_id")), _negated=True),
                        name="mandates_mandate_for_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["delegate", "guardian"])), name="mandates_mandate_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["offered", "prepared", "in_force", "declined", "refused", "revoked"])
                        ),
                        name="mandates_mandate_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scopes__contained_by", ["read", "health", "apply", "receive"]), ("scopes__len__gt", 0)
                        ),
                        name="mandates_mandate_scopes_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "guardian"), ("valid_until__isnull", True)),
                            models.Q(("valid_until__gt", models.F("valid_from")), ("valid_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="mandates_mandate_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "guardian"), ("given_level", 2), _connector="OR"),
                        name="mandates_mandate_given_at_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "in_force"), _negated=True),
                            models.Q(
                                ("agreed_at__isnull", False),
                                ("agreed_by__isnull", False),
                                models.Q(
                                    ("kind", "guardian"),
                                    models.Q(("agreed_level", 2), ("agreed_level__isnull", False)),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="mandates_mandate_agreed_by_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "delegate"), models.Q(("paper", ""), _negated=True), _connector="OR"
                        ),
                        name="mandates_mandate_guardian_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["declined", "refused", "revoked"]), _negated=True),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="mandates_mandate_ended_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["offered", "prepared", "in_force"])),
                        fields=("for_person_id", "person_id", "kind"),
                        name="mandates_mandate_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Representative",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "employer_id", "mandate_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("employer_id", models.BigIntegerField()),
                ("mandate_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("paper", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("state", models.TextField()),
                ("given_by", models.TextField()),
                ("given_at", models.DateTimeField()),
                ("agreed_by", models.TextField(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("ended_by", models.TextField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["person_id"], name="mandates_rep_of_actor")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by__isnull", True),
                            models.Q(
                                ("given_by__isnull", False),
                                models.Q(("agreed_by", models.F("given_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="mandates_rep_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["prepared", "in_force", "refused", "revoked"])),
                        name="mandates_rep_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "in_force"), _negated=True),
                            models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="mandates_rep_agreed_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["declined", "refused", "revoked"]), _negated=True),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="mandates_rep_ended_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="mandates_rep_ends",
                    ),
                    models.CheckConstraint(condition=models.Q(("paper", ""), _negated=True), name="mandates_rep_paper"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["prepared", "in_force"])),
                        fields=("employer_id", "person_id"),
                        name="mandates_rep_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            """
            CREATE SEQUENCE mandates_mandate_number;
            GRANT USAGE, SELECT ON SEQUENCE mandates_mandate_number TO ansinh_app;
            REVOKE UPDATE, DELETE, TRUNCATE ON mandates_mandate, mandates_representative FROM ansinh_app;
            GRANT UPDATE (state, agreed_by, agreed_at, agreed_level, ended_by, ended_at) ON mandates_mandate TO ansinh_app;
            GRANT UPDATE (state, agreed_by, agreed_at, ended_by, ended_at) ON mandates_representative TO ansinh_app;
            """,
            "DROP SEQUENCE mandates_mandate_number",
        ),
    ]
