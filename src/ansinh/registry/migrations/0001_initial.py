"""Make the mirror of the population register, its inbox and outbox, and what the two sides disagree about.

Locks: none that matter, all tables are new. Undo: migrate registry zero; the mirror can be filled again from a snapshot, the register's events from its feed.
"""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Consumer",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("announcement_no", models.BigIntegerField()),
                ("read_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Contradiction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_id", "sha256", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("event_id", models.TextField()),
                ("sha256", models.TextField()),
                ("body", models.BinaryField()),
                ("signature", models.TextField()),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("partner", models.TextField(primary_key=True, serialize=False)),
                ("begins_after", models.BigIntegerField()),
                ("cursor", models.BigIntegerField()),
                ("whole_until", models.BigIntegerField()),
                ("head", models.BigIntegerField()),
                ("read_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Gap",
            fields=[
                ("feed_no", models.BigIntegerField(primary_key=True, serialize=False)),
                ("noticed_at", models.DateTimeField()),
                ("asked", models.IntegerField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Healing",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "pin", "healed_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("pin", models.CharField(max_length=12)),
                ("healed_at", models.DateTimeField()),
                ("cause", models.TextField()),
                ("fields", models.JSONField()),
                ("version_before", models.IntegerField(null=True)),
                ("version_after", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("reconciliation_id", models.UUIDField(primary_key=True, serialize=False)),
                ("compared_at", models.DateTimeField()),
                ("feed_no", models.BigIntegerField()),
                ("persons", models.BigIntegerField()),
                ("buckets", models.IntegerField()),
                ("differing", models.JSONField()),
                ("healed", models.IntegerField()),
                ("left", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("token", models.TextField(primary_key=True, serialize=False)),
                ("feed_no", models.BigIntegerField()),
                ("people", models.BigIntegerField()),
                ("chunks", models.IntegerField()),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SnapshotChunk",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "token", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token", models.TextField()),
                ("number", models.IntegerField()),
                ("sha256", models.TextField()),
                ("persons", models.IntegerField()),
                ("feed_no", models.BigIntegerField()),
                ("changed", models.IntegerField()),
                ("taken_at", models.DateTimeField()),
            ],
            options={
                "db_table": "registry_snapshot_chunk",
            },
        ),
        migrations.CreateModel(
            name="ErrorReport",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "pin", "reference", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("pin", models.CharField(max_length=12)),
                ("reference", models.UUIDField()),
                ("field", models.TextField()),
                ("stated", models.TextField()),
                ("evidence", models.TextField()),
                ("state", models.TextField()),
                ("reported_at", models.DateTimeField()),
                ("reported_by", models.TextField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("replied_at", models.DateTimeField(null=True)),
                ("event_id", models.TextField(null=True)),
            ],
            options={
                "db_table": "registry_error_report",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["reported", "sent"])),
                        fields=["state"],
                        name="registry_error_report_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["reported", "sent", "corrected", "confirmed", "unknown"])),
                        name="registry_error_report_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("pin", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("old_number", models.CharField(max_length=9, null=True)),
                ("full_name", models.TextField()),
                ("sex", models.CharField(max_length=1)),
                ("birth_year", models.SmallIntegerField()),
                ("birth_month", models.SmallIntegerField(null=True)),
                ("birth_day", models.SmallIntegerField(null=True)),
                ("commune", models.CharField(max_length=5)),
                ("province", models.CharField(max_length=2)),
                ("household", models.BigIntegerField()),
                ("father_pin", models.CharField(max_length=12, null=True)),
                ("mother_pin", models.CharField(max_length=12, null=True)),
                ("spouse_pin", models.CharField(max_length=12, null=True)),
                ("registered_on", models.DateField()),
                ("died_on", models.DateField(null=True)),
                ("cancelled_on", models.DateField(null=True)),
                ("replaced_by", models.CharField(max_length=12, null=True)),
                ("replaces", models.CharField(max_length=12, null=True)),
                ("version", models.IntegerField()),
                ("valid_from", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("feed_no", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sex__in", ["M", "F"])), name="registry_person_sex_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="registry_person_version_counts"
                    ),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="FormerRecord",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "pin",
                                "version",
                                "superseded_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("pin", models.CharField(max_length=12)),
                        ("version", models.IntegerField()),
                        ("superseded_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField()),
                        ("valid_from", models.DateField()),
                        ("cause", models.TextField()),
                        ("record", models.JSONField()),
                    ],
                    options={
                        "db_table": "registry_former_record",
                    },
                ),
                migrations.CreateModel(
                    name="Announcement",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "pin",
                                "announcement_no",
                                "announced_on",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("pin", models.CharField(max_length=12)),
                        ("announcement_no", models.BigIntegerField()),
                        ("announced_on", models.DateField()),
                        ("fact", models.TextField()),
                        ("event_id", models.TextField()),
                        ("happened_on", models.DateField()),
                        ("other_pin", models.CharField(max_length=12, null=True)),
                        ("changed", models.JSONField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["announcement_no"], name="registry_announcement_order")],
                    },
                ),
                migrations.CreateModel(
                    name="FeedMessage",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "message_no",
                                "received_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("message_no", models.UUIDField()),
                        ("received_at", models.DateTimeField()),
                        ("channel", models.TextField()),
                        ("sha256", models.TextField()),
                        ("events", models.IntegerField()),
                        ("new", models.IntegerField()),
                        ("repeated", models.IntegerField()),
                        ("parked", models.IntegerField()),
                    ],
                    options={
                        "db_table": "registry_feed_message",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["page", "asked_again", "notified"])),
                                name="registry_feed_message_channel_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "event_id", "told_on", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("event_id", models.TextField()),
                        ("told_on", models.DateField()),
                        ("feed_no", models.BigIntegerField()),
                        ("pin", models.CharField(max_length=12, null=True)),
                        ("sequence", models.IntegerField(null=True)),
                        ("kind", models.TextField(null=True)),
                        ("happened_on", models.DateField(null=True)),
                        ("state", models.TextField()),
                        ("reason", models.TextField(null=True)),
                        ("attempts", models.SmallIntegerField()),
                        ("body", models.BinaryField()),
                        ("signature", models.TextField()),
                        ("message_no", models.UUIDField()),
                        ("received_at", models.DateTimeField()),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("former", models.JSONField(null=True)),
                        ("withdrawn_by", models.TextField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["feed_no"], name="registry_event_feed_no"),
                            models.Index(fields=["pin", "sequence"], name="registry_event_of_pin"),
                            models.Index(
                                condition=models.Q(("state", "waiting")), fields=["pin"], name="registry_event_waiting"
                            ),
                            models.Index(
                                condition=models.Q(("state", "parked")),
                                fields=["feed_no"],
                                name="registry_event_parked",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["waiting", "applied", "contained", "parked", "undone"])
                                ),
                                name="registry_event_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "reason__in",
                                            [
                                                "signature",
                                                "unreadable",
                                                "unlike_its_cover",
                                                "other_person",
                                                "sequence_taken",
                                                "field_not_of_kind",
                                                "cancelled_number",
                                                "impossible_day",
                                                "withdrawal_disagrees",
                                                "not_in_record",
                                                "refused_by_database",
                                            ],
                                        ),
                                        ("state", "parked"),
                                    ),
                                    models.Q(models.Q(("state", "parked"), _negated=True), ("reason", None)),
                                    _connector="OR",
                                ),
                                name="registry_event_parked_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "parked"),
                                    models.Q(
                                        ("kind__isnull", False), ("pin__isnull", False), ("sequence__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="registry_event_read_unless_parked",
                            ),
                        ],
                    },
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    Path(__file__).with_name("0001_partitioned.sql").read_text(encoding="utf-8"),
                    "DROP VIEW registry_people_v1; DROP FUNCTION registry_ensure_months(date, date);"
                    " DROP TABLE registry_announcement, registry_event, registry_feed_message, registry_former_record",
                )
            ],
        ),
    ]
