"""Accounts of people who sign in on our screens, their sessions, and wrong tries.

New tables only, so no locks that anyone waits for; undo by dropping them, which means inviting everybody anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("account_id", models.BigIntegerField(db_index=True, null=True)),
            ],
            options={
                "db_table": "signin_session",
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("account_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("facility", models.CharField(db_default="", max_length=5)),
                ("officer", models.TextField()),
                ("password", models.TextField(db_default="")),
                ("totp_secret", models.TextField(db_default="")),
                ("totp_step", models.BigIntegerField(db_default=0)),
                ("invitation_digest", models.TextField(null=True)),
                ("invitation_until", models.DateTimeField(null=True)),
                ("invited_at", models.DateTimeField()),
                ("enrolled_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "facility", "officer"), name="signin_account_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "facility_officer"), models.Q(("facility", ""), _negated=True)),
                            models.Q(("facility", ""), ("kind", "agency_officer")),
                            _connector="OR",
                        ),
                        name="signin_account_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("enrolled_at__isnull", True),
                            models.Q(
                                models.Q(("password", ""), _negated=True), models.Q(("totp_secret", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="signin_account_two_factors",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Throttle",
            fields=[
                ("mark", models.TextField(primary_key=True, serialize=False)),
                ("failures", models.IntegerField()),
                ("last_failed_at", models.DateTimeField()),
                ("blocked_until", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["last_failed_at"], name="signin_throttle_age")],
            },
        ),
    ]
