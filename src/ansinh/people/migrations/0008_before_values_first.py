"""Find numbers by their value first, so that a scheme alone never looks like a way to a person.

Locks: the table of identifiers while the index is built again. Undo: the other order of the same two columns.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_before_adopting"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="identifier",
            name="people_identifier_one_person",
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("scheme__in", ["pin", "si_code", "card"]), ("valid_until__isnull", True)),
                fields=("value", "scheme"),
                include=("person_id",),
                name="people_identifier_one_person",
            ),
        ),
    ]
