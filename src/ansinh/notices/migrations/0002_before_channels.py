"""Let messages go by e-mail and letter too, one channel after the other, each at most once.

Locks: a short exclusive one on addresses for their constraint; the copy of open messages' channels reads messages. Undo: what went by which channel is lost.
"""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "message_id",
                        "kind",
                        "fact_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("message_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("fact_on", models.DateField()),
                ("turn", models.SmallIntegerField()),
                ("state", models.TextField()),
                ("outcome", models.TextField(null=True)),
                ("provider_reference", models.TextField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="address",
            name="notices_address_kind_known",
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["app", "sms", "email", "letter"])), name="notices_address_kind_known"
            ),
        ),
        migrations.RunSQL(
            Path(__file__).with_name("0002_channels.sql").read_text(encoding="utf-8"), "DROP TABLE notices_attempt"
        ),
    ]
