"""Cards proven without a line, until the gateway was asked about them.

A new table, so no locks that anyone waits for; undo by dropping it once nothing in it waits.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="OfflineLook",
            fields=[
                ("look_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("facility", models.TextField()),
                ("officer", models.TextField()),
                ("looked_at", models.DateTimeField()),
                ("verdict", models.TextField()),
                ("list_age_seconds", models.IntegerField(null=True)),
                ("card_number", models.TextField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("audit_reference", models.TextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=["facility", "look_id"],
                        name="desk_offlinelook_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at__isnull", True), ("card_number__isnull", True), _connector="OR"),
                        name="desk_offlinelook_forgets_number",
                    )
                ],
            },
        ),
    ]
