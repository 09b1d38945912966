"""Let requests adopt what the register says about many persons.

Locks: requests for an instant; they are few. Undo: the former list of kinds comes back, which fails while there are adoptions.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_before_resolved_views"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="request",
            name="people_request_kind_known",
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["confirm", "correct", "adopt", "merge", "unmerge"])),
                name="people_request_kind_known",
            ),
        ),
    ]
