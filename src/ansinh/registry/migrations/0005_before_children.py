"""Find somebody's children by the parents' numbers the register names: parents act for them without being asked for papers.

Locks: writing to the mirror waits while it is indexed, some seconds for each ten million people. Undo: the indexes are dropped.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_before_comparing_digests")]
    operations = [
        migrations.AddIndex(
            "person",
            models.Index(
                fields=["father_pin"], condition=Q(father_pin__isnull=False), name="registry_person_of_father"
            ),
        ),
        migrations.AddIndex(
            "person",
            models.Index(
                fields=["mother_pin"], condition=Q(mother_pin__isnull=False), name="registry_person_of_mother"
            ),
        ),
    ]
