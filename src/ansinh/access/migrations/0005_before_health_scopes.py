"""Let apps of citizens read the health book of who signed in: a second scope that no facility's client may have.

Locks: the small table of clients for a moment. Undo: the former rule is made again; take the new scope from apps before.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_before_apps"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="client",
            name="access_client_scope_of_its_kind",
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("facility", ""), ("scope__regex", "^(book:read|health:own)( (book:read|health:own))*$")),
                    models.Q(
                        models.Q(("facility", ""), _negated=True),
                        models.Q(("scope__regex", "(^| )(book:read|health:own)( |$)"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="access_client_scope_of_its_kind",
            ),
        ),
    ]
