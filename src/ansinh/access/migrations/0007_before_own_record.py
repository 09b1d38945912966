"""Let citizens' apps ask for one thing more: the card, payments, files and papers of the citizen who asks.

Locks: the small table of clients for a moment. Undo: the former rule is made again; change clients with the scope `record:own` before.
"""

from django.db import migrations, models

_STATISTICS = r"(statistics:export|system/\*\.rs)"
_APPS = "(book:read|health:own|record:own)"


class Migration(migrations.Migration):
    dependencies = [("access", "0006_before_statistics")]

    operations = [
        migrations.RemoveConstraint(model_name="client", name="access_client_scope_of_its_kind"),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("facility", ""), ("scope__regex", f"^{_APPS}( {_APPS})*$")),
                    models.Q(("facility", ""), ("scope__regex", f"^{_STATISTICS}( {_STATISTICS})*$")),
                    models.Q(
                        models.Q(("facility", ""), _negated=True),
                        models.Q(
                            ("scope__regex", "(^| )(book:read|health:own|record:own|statistics:export)( |$)"),
                            _negated=True,
                        ),
                    ),
                    _connector="OR",
                ),
                name="access_client_scope_of_its_kind",
            ),
        ),
    ]
