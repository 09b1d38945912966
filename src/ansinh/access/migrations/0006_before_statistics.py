"""Let bodies in that make statistics: a client without a facility, with scopes no facility's client and no app has.

Locks: the small table of clients for a moment. Undo: the former rule is made again; suspend clients with the scope `statistics:export` before.
"""

from django.db import migrations, models

_STATISTICS = r"(statistics:export|system/\*\.rs)"


class Migration(migrations.Migration):
    dependencies = [("access", "0005_before_health_scopes")]

    operations = [
        migrations.RemoveConstraint(model_name="client", name="access_client_scope_of_its_kind"),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("facility", ""), ("scope__regex", "^(book:read|health:own)( (book:read|health:own))*$")),
                    models.Q(("facility", ""), ("scope__regex", f"^{_STATISTICS}( {_STATISTICS})*$")),
                    models.Q(
                        models.Q(("facility", ""), _negated=True),
                        models.Q(("scope__regex", "(^| )(book:read|health:own|statistics:export)( |$)"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="access_client_scope_of_its_kind",
            ),
        ),
    ]
