"""Requests to the national e-ID that are not answered yet, and its messages that a session ended.

Locks: none that anyone waits for, both tables are new. Undo: drop them; whoever is just signing in begins again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signin", "0002_before_citizen_sessions")]

    operations = [
        migrations.CreateModel(
            name="EidRequest",
            fields=[
                ("state_digest", models.TextField(primary_key=True, serialize=False)),
                ("browser_digest", models.TextField()),
                ("nonce", models.TextField()),
                ("verifier", models.TextField()),
                ("level", models.SmallIntegerField()),
                ("channel", models.TextField()),
                ("language", models.CharField(max_length=2)),
                ("next_path", models.TextField()),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["opened_at"], name="signin_eidrequest_age")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", [1, 2])), name="signin_eidrequest_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("next_path__startswith", "/")), name="signin_eidrequest_stays_here"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeardLogout",
            fields=[
                ("digest", models.TextField(primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["until"], name="signin_heardlogout_age")]},
        ),
    ]
