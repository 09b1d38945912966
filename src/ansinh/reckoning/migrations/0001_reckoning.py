"""Make the tables of reckoning, their triggers and grants, and the sums of payments' ledger by day, filled from what was posted before.

Locks: the ledger of payments while its trigger is made and its sums are taken. Undo: the trigger on `payments_posting` is dropped; books of money are
moved away by hand, after they were exported.
"""

from pathlib import Path

from django.db import migrations, models


def _key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


STATE = [
    migrations.CreateModel(
        name="Difference",
        fields=[
            ("pk", _key("bank", "on_day", "kind", "amount", "reference")),
            ("bank", models.TextField()),
            ("on_day", models.DateField()),
            ("kind", models.TextField()),
            ("amount", models.BigIntegerField()),
            ("reference", models.TextField()),
            ("case_id", models.BigIntegerField()),
            ("message_no", models.BigIntegerField(null=True)),
            ("detail", models.TextField()),
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
        name="Posting",
        fields=[
            ("pk", _key("month", "person_id", "entry_id", "account")),
            ("month", models.IntegerField()),
            ("entry_id", models.BigIntegerField()),
            ("account", models.IntegerField()),
            ("person_id", models.BigIntegerField()),
            ("kind", models.TextField()),
            ("amount", models.BigIntegerField()),
            ("posted_on", models.DateField()),
            ("subject", models.TextField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="ReadFile",
        fields=[
            ("message_no", models.BigIntegerField(primary_key=True, serialize=False)),
            ("statements", models.IntegerField()),
            ("read_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Recall",
        fields=[
            ("batch_id", models.BigIntegerField(primary_key=True, serialize=False)),
            ("asked_by", models.TextField()),
            ("asked_at", models.DateTimeField()),
            ("reason", models.TextField()),
            ("outcome", models.TextField(null=True)),
            ("told_at", models.DateTimeField(null=True)),
            ("message_no", models.BigIntegerField(null=True)),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Inflow",
        fields=[
            ("pk", _key("bank", "booked_on", "reference", "amount")),
            ("bank", models.TextField()),
            ("message_no", models.BigIntegerField()),
            ("line", models.IntegerField()),
            ("booked_on", models.DateField()),
            ("amount", models.BigIntegerField()),
            ("reference", models.TextField()),
            ("words", models.TextField(null=True)),
            ("kind", models.TextField()),
            ("run_id", models.IntegerField(null=True)),
            ("seal_no", models.IntegerField(null=True)),
            ("entry_id", models.BigIntegerField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Recovery",
        fields=[
            ("pk", _key("person_id", "recovery_id")),
            ("person_id", models.BigIntegerField()),
            ("recovery_id", models.BigIntegerField()),
            ("cause", models.TextField()),
            ("fund", models.IntegerField()),
            ("amount", models.BigIntegerField()),
            ("opened_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="RecoveryEvent",
        fields=[
            ("pk", _key("person_id", "recovery_id", "event_no")),
            ("person_id", models.BigIntegerField()),
            ("recovery_id", models.BigIntegerField()),
            ("event_no", models.SmallIntegerField()),
            ("event", models.TextField()),
            ("amount", models.BigIntegerField()),
            ("left_before", models.BigIntegerField()),
            ("left_after", models.BigIntegerField()),
            ("reference", models.TextField(null=True)),
            ("bank", models.TextField(null=True)),
            ("officer", models.TextField()),
            ("asked_by", models.TextField(null=True)),
            ("asked_no", models.SmallIntegerField(null=True)),
            ("happened_at", models.DateTimeField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="RecoveryItem",
        fields=[
            ("pk", _key("person_id", "month", "entitlement_id", "component", "correction")),
            ("person_id", models.BigIntegerField()),
            ("month", models.IntegerField()),
            ("entitlement_id", models.BigIntegerField()),
            ("component", models.TextField()),
            ("correction", models.IntegerField()),
            ("recovery_id", models.BigIntegerField()),
            ("amount", models.BigIntegerField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Statement",
        fields=[
            ("pk", _key("bank", "message_no", "place")),
            ("bank", models.TextField()),
            ("message_no", models.BigIntegerField()),
            ("place", models.IntegerField()),
            ("on_day", models.DateField()),
            ("statement", models.TextField(null=True)),
            ("account", models.TextField(null=True)),
            ("opening", models.BigIntegerField(null=True)),
            ("closing", models.BigIntegerField(null=True)),
            ("came_in", models.BigIntegerField()),
            ("went_out", models.BigIntegerField()),
            ("lines", models.IntegerField()),
            ("unread", models.IntegerField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Sum",
        fields=[
            ("pk", _key("pay_month", "account", "posted_on", "sum_no")),
            ("pay_month", models.IntegerField()),
            ("account", models.IntegerField()),
            ("posted_on", models.DateField()),
            ("sum_no", models.BigIntegerField()),
            ("debit", models.BigIntegerField()),
            ("credit", models.BigIntegerField()),
            ("lines", models.BigIntegerField()),
        ],
        options={
            "managed": False,
        },
    ),
    migrations.CreateModel(
        name="Unclaimed",
        fields=[
            ("pk", _key("person_id", "month", "entitlement_id", "component", "correction")),
            ("person_id", models.BigIntegerField()),
            ("month", models.IntegerField()),
            ("entitlement_id", models.BigIntegerField()),
            ("component", models.TextField()),
            ("correction", models.IntegerField()),
            ("amount", models.BigIntegerField()),
            ("kind", models.TextField()),
            ("province", models.TextField()),
            ("commune", models.TextField(null=True)),
            ("urban", models.BooleanField()),
            ("set_aside_at", models.DateTimeField()),
            ("claimed_at", models.DateTimeField(null=True)),
            ("claimed_by", models.TextField(null=True)),
            ("pay_month", models.IntegerField(null=True)),
        ],
        options={
            "managed": False,
        },
    ),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("payments", "0001_payments")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
            state_operations=STATE,
        )
    ]
