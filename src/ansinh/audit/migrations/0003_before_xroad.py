"""Keep what callers behind an X-Road security server say of their look-ups.

Locks: none, the table is new; the function that makes months is replaced. Undo: the table is moved away by hand, after it was exported; then the function
of the first migration is made again.
"""

from pathlib import Path

from django.db import migrations, models

STATE = [
    migrations.CreateModel(
        name="XRoad",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "facility", "asked_at", "audit_id", blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("asked_at", models.DateTimeField()),
            ("audit_id", models.BigIntegerField()),
            ("facility", models.TextField()),
            ("client", models.TextField()),
            ("service", models.TextField(null=True)),
            ("message_id", models.TextField()),
            ("request_id", models.TextField(null=True)),
            ("user_id", models.TextField(null=True)),
            ("issue", models.TextField(null=True)),
            ("represented_party", models.TextField(null=True)),
            ("security_server", models.TextField(null=True)),
        ],
        options={"managed": False, "db_table": "audit_xroad"},
    ),
]


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_before_former_access")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
            state_operations=STATE,
        )
    ]
