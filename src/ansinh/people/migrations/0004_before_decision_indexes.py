"""Find verdicts by the number they name, and open candidates by their age.

Locks: none that stop work; the indexes are built beside it, outside a transaction. One that was cut off is dropped by hand before running again.
Undo: the indexes are dropped.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0003_before_decisions")]

    operations = [
        AddIndexConcurrently(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("superseded_at__isnull", True)),
                fields=["register_pin"],
                name="people_verdict_of_number",
            ),
        ),
        AddIndexConcurrently(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("superseded_at__isnull", True), ("verdict", "candidate")),
                fields=["decided_at"],
                name="people_verdict_open_candidates",
            ),
        ),
    ]
