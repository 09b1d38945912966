"""Make the table of what banks said of accounts; rows are only added.

Locks: none, everything is new. Undo: the table is dropped; runs are checked without what banks said.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="HolderAnswer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "bank", "account", "asked_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("bank", models.TextField()),
                ("account", models.TextField()),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(choices=[(one, one) for one in ("open", "closed", "blocked", "none", "busy")]),
                ),
                ("name", models.TextField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(state__in=["open", "closed", "blocked", "none", "busy"]),
                        name="holders_answer_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(state="open", name__isnull=False)
                        | (~models.Q(state="open") & models.Q(name__isnull=True)),
                        name="holders_answer_named_when_open",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON holders_holderanswer FROM ansinh_app",
            "GRANT UPDATE, DELETE ON holders_holderanswer TO ansinh_app",
        ),
    ]
