"""Find what was frozen in another month than its own by an index: corrections and arrears are few, and a payment run asked the whole of the past for them.

Locks: each partition while its index is made, which few rows enter. Undo: the index is dropped; runs find the same, more slowly.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("benefits", "0003_before_ended_keep_amounts")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX benefits_frozen_late ON benefits_frozen (frozen_in, person_id) WHERE frozen_in <> month",
            "DROP INDEX benefits_frozen_late",
        )
    ]
