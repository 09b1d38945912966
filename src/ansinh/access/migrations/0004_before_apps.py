"""Let apps in that citizens sign in to: a client without a facility, with scopes of its own, which no facility's client may have.

Locks: the small table of clients for a moment. Undo: the rule is dropped; suspend clients without a facility before.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_before_dialect_accounts")]

    operations = [
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=(
                    models.Q(("facility", ""), ("scope__regex", "^(book:read)( (book:read))*$"))
                    | models.Q(
                        models.Q(("facility", ""), _negated=True),
                        models.Q(("scope__regex", "(^| )(book:read)( |$)"), _negated=True),
                    )
                ),
                name="access_client_scope_of_its_kind",
            ),
        ),
    ]
