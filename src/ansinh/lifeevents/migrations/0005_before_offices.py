"""Let each office's open steps be listed with the first to fall due first.

Locks: `lifeevents_step` is read once for the index; open steps are few beside ended ones. Undo: the index is dropped.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lifeevents", "0004_before_confirmation"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="filestep",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False), ("ended_at__isnull", True)),
                fields=["office", "due_on", "file_id", "step"],
                name="lifeevents_step_at_office",
            ),
        ),
    ]
