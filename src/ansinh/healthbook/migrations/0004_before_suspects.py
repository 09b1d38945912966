"""Find what a dead worker left half read without walking through all that waits: each claim asks, so a long queue was walked once a claim.

Locks: submissions can be read, not taken, while each partition's index is built; only what was tried before is in it, so that is one pass. Undo: the
index is dropped.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("healthbook", "0003_before_allergies")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX healthbook_submission_suspects ON healthbook_submission (received_no) WHERE state = 'received' AND tries > 0",
            "DROP INDEX healthbook_submission_suspects",
        )
    ]
