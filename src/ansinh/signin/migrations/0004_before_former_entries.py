"""Room for sign-ins the former system logged: a partition for what is older than December 2024, and the logs taken in, each once.

Locks: the list of sign-ins for a moment, while a partition is added. Undo: drop both; the function of before refuses what is older again.
"""

from pathlib import Path

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("signin", "0003_before_eid_requests")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), "DROP TABLE signin_citizenentry_before"
        ),
        migrations.CreateModel(
            name="FormerEntryLog",
            fields=[
                ("source", models.TextField(primary_key=True, serialize=False)),
                ("row_count", models.BigIntegerField()),
                ("loaded_at", models.DateTimeField(db_default=Now())),
            ],
        ),
    ]
