"""Keep accounts of hospitals' older software at the compatible door, and count wrong passwords there; publish both to the gateway.

Locks: none that wait, both tables are new. Undo: tables and functions are dropped with all passwords; gateways that need them then refuse to start.
"""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

UNDO = """
DROP FUNCTION published.dialect_account_v1;
DROP FUNCTION published.dialect_attempt_v1;
DROP FUNCTION access_shut_seconds;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_before_token_endpoint"), ("places", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DialectAccount",
            fields=[
                (
                    "client",
                    models.OneToOneField(
                        db_column="client_no",
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="access.client",
                    ),
                ),
                ("username", models.TextField(unique=True)),
                ("facility", models.CharField(max_length=5, unique=True)),
                ("password_hash", models.TextField()),
                ("networks", models.JSONField(default=list)),
                ("sandbox", models.BooleanField(default=False)),
                ("state", models.TextField(default="open")),
                ("registered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "closed"])), name="access_dialectaccount_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("password_hash__startswith", "$argon2id$")),
                        name="access_dialectaccount_hashed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DialectFailure",
            fields=[
                ("subject", models.TextField(primary_key=True, serialize=False)),
                ("failures", models.IntegerField()),
                ("last_at", models.DateTimeField()),
                ("shut_until", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["last_at"], name="access_dialectfailure_last")]},
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
