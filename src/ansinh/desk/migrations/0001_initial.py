"""The clerk's own list of today.

A new table, so no locks that anyone waits for; undo by dropping it, which loses nothing that the audit does not have.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("look_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_id", models.BigIntegerField()),
                ("looked_at", models.DateTimeField()),
                ("masked_number", models.TextField()),
                ("session_mark", models.TextField()),
                ("verdict", models.TextField()),
                ("share_percent", models.SmallIntegerField(null=True)),
                ("valid_until", models.DateField(null=True)),
                ("audit_reference", models.TextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account_id", "-look_id"], name="desk_look_of_account"),
                    models.Index(fields=["looked_at"], name="desk_look_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share_percent__isnull", True), ("share_percent__range", (0, 100)), _connector="OR"
                        ),
                        name="desk_look_share",
                    )
                ],
            },
        ),
    ]
