"""Keep the look-ups of the system before this one, so that figures and people can look back past the first day here.

They were not answered here, so no chain holds them and nothing here vouches for them: a table of its own. Locks: none, everything is new.
Undo: the tables are dropped; the files they came from are kept elsewhere.
"""

from pathlib import Path

import django.db.models.functions.datetime
from django.db import migrations, models

STATE = [
    migrations.CreateModel(
        name="FormerAccess",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "person_id", "asked_at", "row_no", blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("asked_at", models.DateTimeField()),
            ("row_no", models.BigIntegerField()),
            ("person_id", models.BigIntegerField()),
            ("key_kind", models.SmallIntegerField()),
            ("facility", models.TextField()),
            ("officer", models.TextField()),
        ],
        options={"managed": False, "db_table": "audit_former_access"},
    ),
    migrations.CreateModel(
        name="FormerLoad",
        fields=[
            ("source", models.TextField(primary_key=True, serialize=False)),
            ("row_count", models.BigIntegerField()),
            ("loaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
        ],
        options={"managed": False, "db_table": "audit_former_load"},
    ),
]


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_audit")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP TABLE audit_former_access, audit_former_load",
            state_operations=STATE,
        )
    ]
