"""Requests about personal data, alerts about late ones, and archives to download. What was asked stays as it was; an answer is given once.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("audit", "0007_before_done_for"),
        ("notices", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "request_id", "kind", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("request_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("due_at", models.DateTimeField()),
                ("raised_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["answer", "breach"])), name="rights_alert_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Download",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "download_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("download_id", models.BigIntegerField()),
                ("key_digest", models.TextField()),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("size", models.IntegerField()),
                ("content", models.BinaryField(null=True)),
                ("fetched_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("content__isnull", False)),
                        fields=["until"],
                        name="rights_download_to_empty",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("content__isnull", True), ("fetched_at__isnull", True), _connector="OR"),
                        name="rights_download_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "request_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("request_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("about", models.TextField()),
                ("words", models.TextField()),
                ("look_id", models.BigIntegerField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("facility", models.TextField(db_default="")),
                ("officer", models.TextField(db_default="")),
                ("call", models.TextField(db_default="")),
                ("filed_by", models.TextField()),
                ("filed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("state", models.TextField()),
                ("acknowledged_by", models.TextField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(null=True)),
                ("answer", models.TextField(null=True)),
                ("answered_by", models.TextField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("breach_due_at", models.DateTimeField(null=True)),
                ("breach_reported_at", models.DateTimeField(null=True)),
                ("breach_reference", models.TextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["filed", "acknowledged"])),
                        fields=["due_at"],
                        name="rights_request_open",
                    ),
                    models.Index(
                        condition=models.Q(("breach_due_at__isnull", False), ("breach_reported_at__isnull", True)),
                        fields=["breach_due_at"],
                        name="rights_request_breach_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by__isnull", True),
                            models.Q(
                                ("filed_by__isnull", False),
                                models.Q(("answered_by", models.F("filed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="rights_request_not_ones_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["correct", "restrict", "object", "erase", "dispute"])),
                        name="rights_request_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["filed", "acknowledged", "answered", "withdrawn"])),
                        name="rights_request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "dispute"), ("look_id__isnull", False), ("looked_at__isnull", False)),
                            models.Q(
                                models.Q(("kind", "dispute"), _negated=True),
                                ("look_id__isnull", True),
                                ("looked_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="rights_request_look_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "answered"),
                                ("answer__isnull", False),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("outcome__isnull", False),
                            ),
                            models.Q(
                                models.Q(("state", "answered"), _negated=True),
                                ("answer__isnull", True),
                                ("answered_by__isnull", True),
                                ("outcome__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="rights_request_answered_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__isnull", True),
                            ("outcome__in", ["granted", "partly", "refused", "justified", "unjustified"]),
                            _connector="OR",
                        ),
                        name="rights_request_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("breach_due_at__isnull", False), ("outcome", "unjustified"), ("outcome__isnull", False)
                            ),
                            models.Q(
                                ("breach_due_at__isnull", True),
                                models.Q(
                                    ("outcome__isnull", True),
                                    models.Q(("outcome", "unjustified"), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="rights_request_breach_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("filed_at"))), name="rights_request_due_later"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("look_id__isnull", False), models.Q(("state", "withdrawn"), _negated=True)),
                        fields=("person_id", "look_id", "looked_at"),
                        name="rights_request_look_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            """
            CREATE SEQUENCE rights_request_number;
            CREATE SEQUENCE rights_download_number;
            GRANT USAGE, SELECT ON SEQUENCE rights_request_number, rights_download_number TO ansinh_app;
            REVOKE UPDATE, DELETE, TRUNCATE ON rights_request, rights_alert, rights_download FROM ansinh_app;
            GRANT UPDATE (state, acknowledged_by, acknowledged_at, outcome, answer, answered_by, answered_at, breach_due_at, breach_reported_at,
                breach_reference) ON rights_request TO ansinh_app;
            GRANT UPDATE (content, fetched_at) ON rights_download TO ansinh_app;
            """,
            "DROP SEQUENCE rights_request_number, rights_download_number",
        ),
    ]
