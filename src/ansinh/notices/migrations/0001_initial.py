"""Make the tables of addresses and of messages, these partitioned by month.

Locks: none that matter, all tables are new. Undo: migrate notices zero; messages not yet delivered are lost with it.
"""

from pathlib import Path

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "kind", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("address", models.TextField()),
                ("language", models.CharField(max_length=2)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["sms", "app"])), name="notices_address_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["vi", "en"])), name="notices_address_language_known"
                    ),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "person_id",
                                "message_id",
                                "fact_on",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("person_id", models.BigIntegerField()),
                        ("message_id", models.UUIDField()),
                        ("fact_on", models.DateField()),
                        ("fact", models.TextField()),
                        ("template", models.TextField()),
                        ("parameters", models.JSONField()),
                        ("state", models.TextField()),
                        ("outcome", models.TextField(null=True)),
                        ("kind", models.TextField(null=True)),
                        ("address", models.TextField(null=True)),
                        ("language", models.CharField(max_length=2, null=True)),
                        ("provider_reference", models.TextField(null=True)),
                        ("attempts", models.SmallIntegerField()),
                        ("queued_at", models.DateTimeField()),
                        ("next_attempt_at", models.DateTimeField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_attempt_at__isnull", False)),
                                fields=["next_attempt_at"],
                                name="notices_message_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person_id", "fact", "template", "fact_on"), name="notices_message_fact_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["queued", "sent", "delivered", "failed", "refused"])),
                                name="notices_message_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("next_attempt_at__isnull", False),
                                        ("settled_at__isnull", True),
                                        ("state__in", ["queued", "sent"]),
                                    ),
                                    models.Q(
                                        models.Q(("state__in", ["queued", "sent"]), _negated=True),
                                        ("address__isnull", True),
                                        ("next_attempt_at__isnull", True),
                                        ("settled_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="notices_message_settled_or_due",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                                    ("sent_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="notices_message_sent_when",
                            ),
                        ],
                    },
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    Path(__file__).with_name("0001_messages.sql").read_text(encoding="utf-8"),
                    "DROP FUNCTION notices_ensure_months(date, date); DROP TABLE notices_message",
                )
            ],
        ),
    ]
