"""Make the tables of applications, their story, and attachments by month. What was submitted and decided stays: triggers and grants say so.

Locks: none, everything is new. Undo: the tables are dropped with all they hold.
"""

from pathlib import Path

from django.db import migrations, models

UNDO = """
DROP TABLE services_attachment;
DROP FUNCTION services_ensure_month(integer);
DROP FUNCTION services_refuse_change() CASCADE;
DROP FUNCTION services_keep_application() CASCADE;
DROP FUNCTION services_keep_attachment() CASCADE;
DROP SEQUENCE services_application_numbers;
DROP SEQUENCE services_attachment_numbers;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "attachment_id",
                        "month",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("attachment_id", models.BigIntegerField()),
                ("month", models.IntegerField()),
                ("application_id", models.BigIntegerField()),
                ("paper", models.TextField()),
                ("name", models.TextField()),
                ("media_type", models.TextField()),
                ("sha256", models.BinaryField()),
                ("size", models.IntegerField()),
                ("content", models.BinaryField(null=True)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.TextField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "application_id",
                        "line_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("application_id", models.BigIntegerField()),
                ("line_no", models.IntegerField()),
                ("happened_at", models.DateTimeField()),
                ("happening", models.TextField()),
                ("by", models.TextField()),
                ("words_vi", models.TextField()),
                ("words_en", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "attachment_id",
                        "read_at",
                        "reader",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("attachment_id", models.BigIntegerField()),
                ("read_at", models.DateTimeField()),
                ("reader", models.TextField()),
                ("purpose", models.TextField()),
                ("reason", models.TextField()),
            ],
        ),
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
                        condition=models.Q(("kind__in", ["near", "late", "unanswered"])),
                        name="services_alert_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("because_vi", ""), _negated=True), models.Q(("because_en", ""), _negated=True)
                        ),
                        name="services_alert_says_why",
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
                ("reference", models.TextField()),
                ("service", models.TextField()),
                ("name_vi", models.TextField()),
                ("name_en", models.TextField()),
                ("client_key", models.TextField()),
                ("channel", models.TextField()),
                ("filed_by", models.TextField()),
                ("on_behalf_why", models.TextField(null=True)),
                ("about_person_id", models.BigIntegerField(null=True)),
                ("content", models.JSONField()),
                ("state", models.TextField()),
                ("drafted_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("receipt", models.TextField(null=True)),
                ("submitted_sha256", models.TextField(null=True)),
                ("deadline_name", models.TextField()),
                ("deadline_days", models.IntegerField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("forwarded_to", models.TextField(null=True)),
                ("result_vi", models.TextField(null=True)),
                ("result_en", models.TextField(null=True)),
                ("result_facts", models.JSONField(null=True)),
                ("paper", models.TextField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("carried_over", models.BooleanField(db_default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["application_id"], name="services_application_number"),
                    models.Index(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=["state", "due_on"],
                        name="services_application_open",
                    ),
                    models.Index(
                        condition=models.Q(("carried_over", False), ("forwarded_to__isnull", False)),
                        fields=["application_id"],
                        name="services_application_elsewhere",
                    ),
                    models.Index(
                        condition=models.Q(("about_person_id__isnull", False)),
                        fields=["about_person_id"],
                        name="services_application_about",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person_id", "client_key"), name="services_application_once"),
                    models.UniqueConstraint(
                        fields=("person_id", "reference"), name="services_application_reference_once"
                    ),
                    models.UniqueConstraint(fields=("person_id", "receipt"), name="services_application_receipt_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "submitted",
                                    "received",
                                    "waiting_supplement",
                                    "forwarded",
                                    "granted",
                                    "refused",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="services_application_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["person", "mandate", "officer"])),
                        name="services_application_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "officer"), ("on_behalf_why__isnull", False)),
                            models.Q(models.Q(("channel", "officer"), _negated=True), ("on_behalf_why__isnull", True)),
                            _connector="OR",
                        ),
                        name="services_application_officer_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("receipt__isnull", True),
                                ("state__in", ["draft", "withdrawn"]),
                                ("submitted_at__isnull", True),
                                ("submitted_sha256__isnull", True),
                            ),
                            models.Q(
                                ("receipt__isnull", False),
                                ("submitted_at__isnull", False),
                                ("submitted_sha256__isnull", False),
                                models.Q(("state", "draft"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="services_application_submitted_has_receipt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", False), ("state__in", ["granted", "refused", "withdrawn"])),
                            models.Q(
                                ("closed_on__isnull", True),
                                models.Q(("state__in", ["granted", "refused", "withdrawn"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="services_application_closed_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["granted", "refused"]), _negated=True),
                            models.Q(("result_en__isnull", False), ("result_vi__isnull", False)),
                            _connector="OR",
                        ),
                        name="services_application_decided_says_what",
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
                ("because_vi", models.TextField()),
                ("because_en", models.TextField()),
                ("wanted", models.JSONField()),
                ("until_on", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("paused_at")), _connector="OR"
                        ),
                        name="services_pause_ends_later",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person_id", "application_id"),
                        name="services_pause_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
