"""Let a standing say what the counter needs besides: address, offices, former and next card, why a card is reduced, who manages it, co-payments of the year.

Locks: the two tables while their state words are checked again; the standing table while its one new index is built. Undo: the columns are dropped, cards
of the armed forces are `excluded` again, and reduced cards are withdrawn; a projection fills the table anew.
"""

from django.db import migrations, models

CARD_STATES = [
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
STATUSES = [
    "active",
    "suspended",
    "withdrawn",
    "reduced",
    "reduced_moved_out",
    "reduced_moved_within",
    "reduced_readded",
    "reduced_stopped",
    "managed_army",
    "managed_police",
]
FIELDS = {
    "address": models.TextField(null=True),
    "issuing_office": models.TextField(null=True),
    "temporary_number": models.CharField(max_length=15, null=True),
    "former_card_number": models.CharField(max_length=15, null=True),
    "next_card_number": models.CharField(max_length=15, null=True),
    "next_valid_from": models.DateField(null=True),
    "next_valid_until": models.DateField(null=True),
    "next_facility": models.CharField(max_length=5, null=True),
    "copay_year": models.SmallIntegerField(null=True),
    "copay_total": models.BigIntegerField(db_default=0),
    "copay_exempt_on": models.DateField(null=True),
    "changes_on": models.DateField(null=True),
}

# The next projection tells police from army; until then both are answered by an office other than ours.
MANAGED = "UPDATE cards_standing SET status = 'managed_army' WHERE status = 'excluded'"
EXCLUDED = "UPDATE cards_standing SET status = 'excluded' WHERE status LIKE 'managed%'"
REDUCED_STANDINGS = "UPDATE cards_standing SET status = 'withdrawn' WHERE status LIKE 'reduced%'"
REDUCED_CARDS = "UPDATE cards_card SET state = 'withdrawn' WHERE state LIKE 'reduced%'"


class Migration(migrations.Migration):
    dependencies = [("cards", "0002_published_standing")]

    operations = [
        migrations.RemoveConstraint("card", "cards_card_state_known"),
        migrations.RunSQL(migrations.RunSQL.noop, REDUCED_CARDS),
        migrations.AddConstraint(
            "card",
            models.CheckConstraint(condition=models.Q(("state__in", CARD_STATES)), name="cards_card_state_known"),
        ),
        *(migrations.AddField("standing", name, field) for name, field in FIELDS.items()),
        migrations.RemoveConstraint("standing", "cards_standing_status_known"),
        migrations.RunSQL(MANAGED, EXCLUDED),
        migrations.RunSQL(migrations.RunSQL.noop, REDUCED_STANDINGS),
        migrations.AddConstraint(
            "standing",
            models.CheckConstraint(condition=models.Q(("status__in", STATUSES)), name="cards_standing_status_known"),
        ),
        migrations.AddIndex(
            "standing",
            models.Index(
                condition=models.Q(("changes_on__isnull", False)), fields=["changes_on"], name="cards_standing_changes"
            ),
        ),
    ]
