"""Keep whom an app is told about, and what waits to be told; watched citizens' changes are noted by the statements that make them.

Locks: the tables that are watched for a moment each, while their triggers are made. Undo: triggers, functions and tables are dropped; apps are told nothing more.
"""

from importlib import import_module
from pathlib import Path

from django.db import migrations, models

_FIRST = import_module("ansinh.eid.migrations.0001_published_pulls")
_HERE = Path(__file__).parent
KINDS = {"watch": 25, "unwatch": 26}
_WATCHED = (
    "cards_event",
    "referrals_referral",
    "referrals_appointment",
    "lifeevents_file",
    "participation_span",
    "documents_paper",
    "payments_event",
)
_CHANGED = ("referrals_referral", "referrals_appointment", "lifeevents_file")
UNDO = "\n".join(
    [
        *(f"DROP TRIGGER eid_noted_{table} ON {table};" for table in _WATCHED),
        *(f"DROP TRIGGER eid_noted_changed_{table} ON {table};" for table in _CHANGED),
        "DROP FUNCTION eid_note_changes();",
        "DROP FUNCTION eid_watch(bigint, integer, timestamptz);",
        "DROP FUNCTION eid_unwatch(bigint, integer);",
        "DROP TABLE eid_change;",
        "DROP TABLE eid_watch;",
        "DROP TABLE eid_receiver;",
    ]
)


def text_of(kind: str) -> str:
    """Return the statements that publish a kind of pull."""
    told = (_HERE / f"0002_told_{kind}.sql").read_text(encoding="utf-8").rstrip()
    text = (_HERE / "0001_published_pulls.sql").read_text(encoding="utf-8").replace("{told}", told)
    return text.replace("{kind}", kind).replace("{call}", str(KINDS[kind]))


def _key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


STATE = [
    migrations.CreateModel(
        name="EidReceiver",
        fields=[
            ("client_no", models.IntegerField(primary_key=True, serialize=False)),
            ("url", models.TextField()),
            ("since", models.DateTimeField()),
        ],
        options={"db_table": "eid_receiver", "managed": False},
    ),
    migrations.CreateModel(
        name="EidWatch",
        fields=[
            ("pk", _key("person_id", "client_no")),
            ("person_id", models.BigIntegerField()),
            ("client_no", models.IntegerField()),
            ("watch", models.UUIDField()),
            ("since", models.DateTimeField()),
        ],
        options={"db_table": "eid_watch", "managed": False},
    ),
    migrations.CreateModel(
        name="EidChange",
        fields=[
            ("pk", _key("person_id", "change_no")),
            ("person_id", models.BigIntegerField()),
            ("change_no", models.BigIntegerField()),
            ("client_no", models.IntegerField()),
            ("watch", models.UUIDField()),
            ("what", models.TextField()),
            ("noted_at", models.DateTimeField()),
            ("tries", models.SmallIntegerField()),
            ("next_try_at", models.DateTimeField()),
            ("delivered_at", models.DateTimeField(null=True)),
            ("dead_at", models.DateTimeField(null=True)),
            ("trouble", models.TextField(null=True)),
        ],
        options={"db_table": "eid_change", "managed": False},
    ),
]


class Migration(migrations.Migration):
    dependencies = [("eid", "0001_published_pulls"), ("referrals", "0001_initial")]
    operations = [
        migrations.RunSQL((_HERE / "0002_before_pushes.sql").read_text(encoding="utf-8"), UNDO, state_operations=STATE),
        *(migrations.RunSQL(text_of(kind), f"DROP FUNCTION published.eid_{kind}_v1") for kind in KINDS),
        *(
            migrations.RunSQL(
                _FIRST.xroad_text(kind, f"eid_{kind}_v1", _FIRST.OWN), f"DROP FUNCTION published.eid_xroad_{kind}_v1"
            )
            for kind in KINDS
        ),
    ]
