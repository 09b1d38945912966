"""Make the tables of payments, their partitions, triggers and grants.

Locks: none, everything is new. Undo: nothing is dropped by itself; books of money are moved away by hand, after they were exported.
"""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models


def _key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


STATE = [
    migrations.CreateModel(
        name="Account",
        fields=[
            ("pk", _key("person_id", "account_id")),
            ("person_id", models.BigIntegerField()),
            ("account_id", models.BigIntegerField()),
            ("bank", models.TextField()),
            ("account", models.TextField()),
            ("holder", models.TextField()),
            ("checked_name", models.TextField(null=True)),
            ("relation", models.TextField()),
            ("from_month", models.IntegerField()),
            ("until_month", models.IntegerField(null=True)),
            ("filed_at", models.DateTimeField()),
            ("filed_by", models.TextField()),
            ("code_digest", models.BinaryField(null=True)),
            ("code_until", models.DateTimeField(null=True)),
            ("code_misses", models.SmallIntegerField()),
            ("confirmed_at", models.DateTimeField(null=True)),
            ("stopped_at", models.DateTimeField(null=True)),
            ("stop_reason", models.TextField(null=True)),
            ("source", models.TextField(null=True)),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Answer",
        fields=[
            ("pk", _key("message_no", "line")),
            ("message_no", models.BigIntegerField()),
            ("line", models.IntegerField()),
            ("end_to_end_id", models.TextField(null=True)),
            ("kind", models.SmallIntegerField()),
            ("reason", models.TextField(null=True)),
            ("amount", models.BigIntegerField(null=True)),
            ("bank_reference", models.TextField()),
            ("happened_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Approval",
        fields=[
            ("pk", _key("run_id", "seal_no", "step")),
            ("run_id", models.IntegerField()),
            ("seal_no", models.IntegerField()),
            ("step", models.SmallIntegerField()),
            ("officer", models.TextField()),
            ("made_by", models.TextField()),
            ("sealed_by", models.TextField()),
            ("first_by", models.TextField(null=True)),
            ("first_step", models.SmallIntegerField(null=True)),
            ("signature", models.TextField()),
            ("signed_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Attempt",
        fields=[
            ("pk", _key("pay_month", "order_id", "attempt_no", "person_id")),
            ("pay_month", models.IntegerField()),
            ("order_id", models.BigIntegerField()),
            ("attempt_no", models.SmallIntegerField()),
            ("person_id", models.BigIntegerField()),
            ("run_id", models.IntegerField()),
            ("batch_id", models.BigIntegerField()),
            ("line", models.IntegerField()),
            ("channel", models.TextField()),
            ("partner", models.TextField()),
            ("account", models.TextField(null=True)),
            ("holder", models.TextField()),
            ("amount", models.BigIntegerField()),
            ("ended", models.SmallIntegerField(null=True)),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Batch",
        fields=[
            ("batch_id", models.BigIntegerField(primary_key=True, serialize=False)),
            ("run_id", models.IntegerField()),
            ("pay_month", models.IntegerField()),
            ("round", models.SmallIntegerField()),
            ("channel", models.TextField()),
            ("partner", models.TextField()),
            ("number", models.IntegerField()),
            ("message_id", models.TextField()),
            ("lines", models.IntegerField()),
            ("amount", models.BigIntegerField()),
            ("digest", models.BinaryField(null=True)),
            ("seal_no", models.IntegerField(null=True)),
            ("state", models.TextField()),
            ("state_at", models.DateTimeField()),
            ("tries", models.SmallIntegerField()),
            ("tried_at", models.DateTimeField(null=True)),
            ("not_known", models.SmallIntegerField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="BatchEvent",
        fields=[
            ("pk", _key("batch_id", "event_no")),
            ("batch_id", models.BigIntegerField()),
            ("event_no", models.BigIntegerField()),
            ("event", models.TextField()),
            ("try_no", models.SmallIntegerField()),
            ("detail", models.TextField(null=True)),
            ("happened_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Case",
        fields=[
            ("pk", _key("person_id", "case_id")),
            ("person_id", models.BigIntegerField()),
            ("case_id", models.BigIntegerField()),
            ("kind", models.TextField()),
            ("run_id", models.IntegerField(null=True)),
            ("pay_month", models.IntegerField(null=True)),
            ("order_id", models.BigIntegerField(null=True)),
            ("attempt_no", models.SmallIntegerField(null=True)),
            ("message_no", models.BigIntegerField(null=True)),
            ("line", models.IntegerField(null=True)),
            ("detail", models.TextField()),
            ("amount", models.BigIntegerField(null=True)),
            ("opened_at", models.DateTimeField()),
            ("settled_at", models.DateTimeField(null=True)),
            ("settled_by", models.TextField(null=True)),
            ("outcome", models.TextField(null=True)),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Chunk",
        fields=[
            ("pk", _key("subject", "subject_id", "step", "chunk")),
            ("subject", models.TextField()),
            ("subject_id", models.BigIntegerField()),
            ("step", models.TextField()),
            ("chunk", models.IntegerField()),
            ("first", models.BigIntegerField()),
            ("until", models.BigIntegerField()),
            ("row_count", models.BigIntegerField(null=True)),
            ("amount", models.BigIntegerField(null=True)),
            ("done_at", models.DateTimeField(null=True)),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Event",
        fields=[
            ("pk", _key("pay_month", "order_id", "attempt_no", "kind", "bank_reference", "person_id")),
            ("pay_month", models.IntegerField()),
            ("order_id", models.BigIntegerField()),
            ("attempt_no", models.SmallIntegerField()),
            ("kind", models.SmallIntegerField()),
            ("bank_reference", models.TextField()),
            ("person_id", models.BigIntegerField()),
            ("effect", models.SmallIntegerField()),
            ("reason", models.TextField(null=True)),
            ("amount", models.BigIntegerField()),
            ("message_no", models.BigIntegerField(null=True)),
            ("happened_at", models.DateTimeField()),
            ("recorded_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Finding",
        fields=[
            ("pk", _key("person_id", "run_id", "kind")),
            ("person_id", models.BigIntegerField()),
            ("run_id", models.IntegerField()),
            ("kind", models.TextField()),
            ("order_id", models.BigIntegerField(null=True)),
            ("amount", models.BigIntegerField(null=True)),
            ("amount_before", models.BigIntegerField(null=True)),
            ("detail", models.TextField(null=True)),
            ("withheld", models.BooleanField()),
            ("found_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Funding",
        fields=[
            ("pk", _key("run_id", "seal_no", "partner")),
            ("run_id", models.IntegerField()),
            ("seal_no", models.IntegerField()),
            ("partner", models.TextField()),
            ("needed", models.BigIntegerField()),
            ("available", models.BigIntegerField()),
            ("earmarked_by", models.TextField()),
            ("earmarked_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Indicator",
        fields=[
            ("pk", _key("run_id", "seal_no", "key", "province")),
            ("run_id", models.IntegerField()),
            ("seal_no", models.IntegerField()),
            ("key", models.TextField()),
            ("province", models.TextField()),
            ("counted", models.BigIntegerField()),
            ("total", models.BigIntegerField()),
            ("counted_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Load",
        fields=[
            ("source", models.TextField(primary_key=True, serialize=False)),
            ("row_count", models.BigIntegerField()),
            ("loaded_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Message",
        fields=[
            ("message_no", models.BigIntegerField(primary_key=True, serialize=False)),
            ("direction", models.TextField()),
            ("partner", models.TextField()),
            ("message_id", models.TextField()),
            ("batch_id", models.BigIntegerField(null=True)),
            ("version", models.SmallIntegerField()),
            ("sha256", models.BinaryField()),
            ("size_bytes", models.BigIntegerField()),
            ("lines", models.IntegerField()),
            ("amount", models.BigIntegerField(null=True)),
            ("body", models.BinaryField()),
            ("kept_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Obligation",
        fields=[
            ("pk", _key("month", "person_id", "entitlement_id", "component", "correction")),
            ("month", models.IntegerField()),
            ("person_id", models.BigIntegerField()),
            ("entitlement_id", models.BigIntegerField()),
            ("component", models.TextField()),
            ("correction", models.IntegerField()),
            ("amount", models.BigIntegerField()),
            ("kind", models.TextField()),
            ("order_id", models.BigIntegerField(null=True)),
            ("pay_month", models.IntegerField(null=True)),
            ("voided_at", models.DateTimeField(null=True)),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Order",
        fields=[
            ("pk", _key("pay_month", "person_id", "run_id")),
            ("pay_month", models.IntegerField()),
            ("person_id", models.BigIntegerField()),
            ("run_id", models.IntegerField()),
            ("order_id", models.BigIntegerField()),
            ("amount", models.BigIntegerField()),
            ("province", models.TextField()),
            ("commune", models.TextField(null=True)),
            ("urban", models.BooleanField()),
            ("state", models.TextField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Posting",
        fields=[
            ("pk", _key("pay_month", "order_id", "attempt_no", "kind", "account", "person_id")),
            ("pay_month", models.IntegerField()),
            ("order_id", models.BigIntegerField()),
            ("attempt_no", models.SmallIntegerField()),
            ("kind", models.SmallIntegerField()),
            ("account", models.IntegerField()),
            ("person_id", models.BigIntegerField()),
            ("run_id", models.IntegerField()),
            ("amount", models.BigIntegerField()),
            ("posted_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Run",
        fields=[
            ("run_id", models.IntegerField(primary_key=True, serialize=False)),
            ("request_key", models.TextField()),
            ("pay_month", models.IntegerField()),
            ("pay_on", models.DateField()),
            ("rhythm", models.TextField()),
            ("months", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            (
                "provinces",
                django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None),
            ),
            ("kinds", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None)),
            ("act", models.TextField()),
            ("state", models.TextField()),
            ("work", models.TextField(null=True)),
            ("work_error", models.TextField(null=True)),
            ("created_by", models.TextField()),
            ("made_by", models.TextField(null=True)),
            ("created_at", models.DateTimeField()),
            ("changed_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Seal",
        fields=[
            ("pk", _key("run_id", "seal_no")),
            ("run_id", models.IntegerField()),
            ("seal_no", models.IntegerField()),
            ("round", models.SmallIntegerField()),
            ("seal", models.BinaryField()),
            ("batches", models.IntegerField()),
            ("lines", models.BigIntegerField()),
            ("amount", models.BigIntegerField()),
            ("made_by", models.TextField()),
            ("sealed_by", models.TextField()),
            ("sealed_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
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
