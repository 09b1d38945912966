"""Let the gateway give tokens by itself: what it must know of a client, an assertion remembered once, and how much a client may ask in a second.

Locks: the small table of clients, for as long as a column with a default takes. Undo: the functions and the column are dropped; gateways that need them
then refuse to start, and clients get no tokens.
"""

from pathlib import Path

from django.db import migrations, models

UNDO = "DROP FUNCTION published.client_keys_v1, published.grant_token_v1"


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("audit", "0001_audit")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="rate_per_second",
            field=models.IntegerField(db_default=1000),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate_per_second__range", (1, 100000))), name="access_client_rate_in_bounds"
            ),
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
