"""Keep what officers do to cards, what patients paid themselves, and the temporary numbers of children without a card.

Co-payments are partitioned by year of payment, because every sum over them is of a year. Locks: none that wait, everything is new but one function that is
replaced. Undo: the tables are dropped with all they hold, and co-payments are told as none again.
"""

from pathlib import Path

from django.db import migrations, models

EVENTS = ["issued", "suspended", "restored", "withdrawn", "replaced", "reduced", "facility_changed"]
STATES = [
    "issued",
    "suspended",
    "withdrawn",
    "replaced",
    "reduced",
    "reduced_moved_out",
    "reduced_moved_within",
    "reduced_readded",
    "reduced_stopped",
]
UNDO = """
CREATE OR REPLACE FUNCTION cards_copayments_told(p_person_id bigint, p_day date) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$ SELECT '[]' $$;
DROP TABLE cards_copayment;
DROP SEQUENCE cards_temporary_serial;
DROP SEQUENCE cards_event_number;
DROP TRIGGER cards_event_kept ON cards_event;
DROP TRIGGER cards_event_append_only ON cards_event;
DROP FUNCTION cards_refuse_change();
"""


def _key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


EVENT = migrations.CreateModel(
    name="Event",
    fields=[
        ("pk", _key("person_id", "event_id")),
        ("person_id", models.BigIntegerField()),
        ("event_id", models.BigIntegerField()),
        ("card_number", models.CharField(max_length=15)),
        ("event", models.TextField()),
        ("state", models.TextField()),
        ("effect_on", models.DateField()),
        ("other_number", models.CharField(max_length=15, null=True)),
        ("facility", models.CharField(max_length=5, null=True)),
        ("reason", models.TextField()),
        ("actor_kind", models.TextField()),
        ("actor_reference", models.TextField()),
        ("request_key", models.TextField()),
        ("recorded_at", models.DateTimeField()),
    ],
    options={
        "constraints": [
            models.CheckConstraint(condition=models.Q(("event__in", EVENTS)), name="cards_event_known"),
            models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="cards_event_state_known"),
            models.UniqueConstraint(fields=("person_id", "request_key"), name="cards_event_asked_once"),
        ],
        "indexes": [models.Index(fields=["effect_on"], name="cards_event_of_day")],
    },
)
COPAYMENT = migrations.CreateModel(
    name="Copayment",
    fields=[
        ("pk", _key("person_id", "paid_on", "facility", "visit")),
        ("person_id", models.BigIntegerField()),
        ("paid_on", models.DateField()),
        ("facility", models.CharField(max_length=5)),
        ("visit", models.TextField()),
        ("admitted_on", models.DateField()),
        ("category", models.TextField(null=True)),
        ("amount", models.BigIntegerField()),
        ("counted", models.BooleanField()),
        ("recorded_at", models.DateTimeField()),
    ],
    options={
        "constraints": [
            models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="cards_copayment_not_negative"),
            models.CheckConstraint(
                condition=models.Q(("paid_on__gte", models.F("admitted_on"))),
                name="cards_copayment_paid_after_admission",
            ),
        ],
    },
)
TEMPORARY = migrations.CreateModel(
    name="Temporary",
    fields=[
        ("pk", _key("person_id", "number")),
        ("person_id", models.BigIntegerField()),
        ("number", models.CharField(max_length=15)),
        ("province", models.CharField(max_length=2)),
        ("valid_from", models.DateField()),
        ("valid_until", models.DateField()),
        ("given_at", models.DateTimeField()),
    ],
    options={
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(("valid_until__gt", models.F("valid_from"))),
                name="cards_temporary_ends_after_start",
            ),
            models.UniqueConstraint(fields=("person_id",), name="cards_temporary_one_a_person"),
        ],
    },
)


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0006_published_standing_xroad"),
        ("participation", "0003_before_continuous_since"),
        ("people", "0006_before_resolved_views"),
    ]
    operations = [
        EVENT,
        TEMPORARY,
        migrations.SeparateDatabaseAndState(
            state_operations=[COPAYMENT],
            database_operations=[
                migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO)
            ],
        ),
    ]
