"""Let versions that say an entitlement ended keep its amount, so that what ended by mistake or was renounced can be paid again as it was.

Locks: the table of versions while its rule is dropped. Undo: the rule is put back, which fails once such versions are there.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("benefits", "0002_before_files")]
    operations = [migrations.RemoveConstraint("version", "benefits_version_ended_pays_nothing")]
