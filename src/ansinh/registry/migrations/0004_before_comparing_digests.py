"""Keep what either side hashed to in a comparison, so that equal sides can be shown and not only said.

Locks: registry_reconciliation for a moment; empty columns are added without a rewrite. Undo: migrate registry 0003; the hashes of past comparisons are lost.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_before_digests")]

    operations = [
        migrations.AddField("Reconciliation", "our_digest", models.BigIntegerField(null=True)),
        migrations.AddField("Reconciliation", "their_digest", models.BigIntegerField(null=True)),
    ]
