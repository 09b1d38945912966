"""Make the tables of emergencies, their triggers and grants.

Locks: none, everything is new. Undo: nothing is dropped by itself; what was decided in an emergency is moved away by hand, after it was exported.
"""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models


def _key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


STATE = [
    migrations.CreateModel(
        name="Area",
        fields=[
            ("pk", _key("emergency_id", "province", "commune")),
            ("emergency_id", models.IntegerField()),
            ("province", models.TextField()),
            ("commune", models.TextField()),
            ("in_force", models.BooleanField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Diversion",
        fields=[
            ("pk", _key("emergency_id", "diversion_no")),
            ("emergency_id", models.IntegerField()),
            ("diversion_no", models.IntegerField()),
            ("run_id", models.IntegerField()),
            ("round", models.SmallIntegerField()),
            ("back", models.BooleanField()),
            ("to_account", models.IntegerField()),
            ("to_account_amount", models.BigIntegerField()),
            ("to_home", models.IntegerField()),
            ("to_home_amount", models.BigIntegerField()),
            ("to_cash", models.IntegerField()),
            ("to_cash_amount", models.BigIntegerField()),
            ("done_by", models.TextField()),
            ("done_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Emergency",
        fields=[
            ("emergency_id", models.IntegerField(primary_key=True, serialize=False)),
            ("request_key", models.TextField()),
            ("name", models.TextField()),
            ("act", models.TextField()),
            ("months", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ("to_account", models.BooleanField()),
            ("otherwise", models.TextField()),
            ("from_on", models.DateField()),
            ("until_on", models.DateField()),
            ("state", models.TextField()),
            ("declared_by", models.TextField()),
            ("declared_at", models.DateTimeField()),
            ("approved_by", models.TextField(null=True)),
            ("approved_at", models.DateTimeField(null=True)),
            ("ended_by", models.TextField(null=True)),
            ("ended_at", models.DateTimeField(null=True)),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="List",
        fields=[
            ("pk", _key("emergency_id", "batch_id")),
            ("emergency_id", models.IntegerField()),
            ("batch_id", models.BigIntegerField()),
            ("run_id", models.IntegerField()),
            ("message_id", models.TextField()),
            ("sha256", models.BinaryField()),
            ("signature", models.TextField()),
            ("lines", models.IntegerField()),
            ("amount", models.BigIntegerField()),
            ("made_by", models.TextField()),
            ("made_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Move",
        fields=[
            ("pk", _key("pay_month", "order_id", "attempt_no", "person_id")),
            ("pay_month", models.IntegerField()),
            ("order_id", models.BigIntegerField()),
            ("attempt_no", models.SmallIntegerField()),
            ("person_id", models.BigIntegerField()),
            ("emergency_id", models.IntegerField()),
            ("diversion_no", models.IntegerField()),
            ("channel_before", models.TextField()),
            ("channel", models.TextField()),
            ("amount", models.BigIntegerField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Recall",
        fields=[
            ("pk", _key("emergency_id", "batch_id")),
            ("emergency_id", models.IntegerField()),
            ("batch_id", models.BigIntegerField()),
            ("run_id", models.IntegerField()),
            ("asked_by", models.TextField()),
            ("asked_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Run",
        fields=[
            ("pk", _key("emergency_id", "run_id")),
            ("emergency_id", models.IntegerField()),
            ("run_id", models.IntegerField()),
            ("opened", models.BooleanField()),
            ("joined_by", models.TextField()),
            ("joined_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0001_audit"), ("payments", "0001_payments")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
            state_operations=STATE,
        )
    ]
