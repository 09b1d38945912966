"""Make the audit's tables, partitions, triggers and grants.

Locks: none, everything is new. Undo: nothing is dropped by itself; an audit is moved away by hand, after it was exported.
"""

from pathlib import Path

import django.db.models.functions.datetime
from django.db import migrations, models

STATE = [
    migrations.CreateModel(
        name="Act",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "actor_reference",
                    "acted_at",
                    "act_id",
                    blank=True,
                    editable=False,
                    primary_key=True,
                    serialize=False,
                ),
            ),
            ("acted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ("act_id", models.BigIntegerField()),
            ("act", models.TextField()),
            ("actor_kind", models.TextField()),
            ("actor_reference", models.TextField()),
            ("reason", models.TextField()),
            ("outcome", models.TextField()),
            ("facts", models.JSONField()),
        ],
        options={"managed": False},
    ),
    migrations.CreateModel(
        name="Access",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "person_id", "asked_at", "id", blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("asked_at", models.DateTimeField()),
            ("id", models.BigIntegerField()),
            ("person_id", models.BigIntegerField()),
            ("client_no", models.IntegerField()),
            ("purpose", models.SmallIntegerField()),
            ("call", models.SmallIntegerField()),
            ("key_kind", models.SmallIntegerField()),
            ("result", models.SmallIntegerField()),
            ("facility", models.TextField()),
            ("officer", models.TextField()),
        ],
        options={"managed": False},
    ),
    migrations.CreateModel(
        name="Chain",
        fields=[
            ("chain_id", models.BigIntegerField(primary_key=True, serialize=False)),
            ("opened_at", models.DateTimeField()),
            ("opened_by", models.TextField()),
            ("links", models.BigIntegerField()),
            ("head", models.BinaryField()),
        ],
        options={"managed": False},
    ),
    migrations.CreateModel(
        name="Link",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "chain_id", "linked_at", "seq", blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("linked_at", models.DateTimeField()),
            ("chain_id", models.BigIntegerField()),
            ("seq", models.BigIntegerField()),
            ("link", models.BigIntegerField()),
            ("row_count", models.IntegerField()),
            ("previous", models.BinaryField()),
            ("digest", models.BinaryField()),
        ],
        options={"managed": False},
    ),
    migrations.CreateModel(
        name="Head",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "chain_id", "signed_at", blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("signed_at", models.DateTimeField()),
            ("chain_id", models.BigIntegerField()),
            ("links", models.BigIntegerField()),
            ("head", models.BinaryField()),
            ("signature", models.TextField()),
        ],
        options={"managed": False},
    ),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
            state_operations=STATE,
        )
    ]
