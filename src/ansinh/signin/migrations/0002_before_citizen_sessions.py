"""Sessions of citizens whom the national e-ID vouches for, and the list of their sign-ins, this in months.

Locks: none that anyone waits for, both tables are new. Undo: drop them; everybody signs in again, and the count of sign-ins is lost with the list.
"""

from pathlib import Path

from django.db import migrations, models

UNDO = "DROP TABLE signin_citizenentry; DROP FUNCTION signin_ensure_month(timestamptz);"


class Migration(migrations.Migration):
    dependencies = [("signin", "0001_initial")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            UNDO,
            state_operations=[
                migrations.CreateModel(
                    name="CitizenEntry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "person_id",
                                "entered_at",
                                "entry_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("person_id", models.BigIntegerField()),
                        ("entered_at", models.DateTimeField()),
                        ("entry_id", models.UUIDField()),
                        ("kind", models.TextField()),
                        ("channel", models.TextField()),
                        ("level", models.SmallIntegerField()),
                        ("device", models.TextField()),
                    ],
                    options={"managed": False},
                )
            ],
        ),
        migrations.CreateModel(
            name="CitizenSession",
            fields=[
                ("key_digest", models.TextField(primary_key=True, serialize=False)),
                ("session_id", models.TextField()),
                ("person_id", models.BigIntegerField()),
                ("level", models.SmallIntegerField()),
                ("channel", models.TextField()),
                ("device", models.TextField()),
                ("language", models.CharField(max_length=2)),
                ("issuer", models.TextField()),
                ("subject", models.TextField()),
                ("provider_session", models.TextField()),
                ("id_token", models.TextField()),
                ("acting_for", models.BigIntegerField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("level_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id"], name="signin_citizensession_person"),
                    models.Index(fields=["issuer", "subject"], name="signin_citizensession_subject"),
                    models.Index(fields=["issuer", "provider_session"], name="signin_citizensession_sid"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", [1, 2])), name="signin_citizensession_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["portal", "app"])),
                        name="signin_citizensession_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["vi", "en"])), name="signin_citizensession_language"
                    ),
                ],
            },
        ),
    ]
