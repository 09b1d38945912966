"""Keep the certificates that facilities sign their papers with, so that a paper signed by another key, or by one withdrawn, is refused.

Locks: none, the table is new. Undo: the table is dropped; papers are then judged as if nobody had registered.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("healthbook", "0004_before_suspects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility", "fingerprint", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("facility", models.TextField()),
                ("fingerprint", models.TextField()),
                ("content", models.BinaryField()),
                ("subject", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("registered_at", models.DateTimeField()),
                ("registered_by", models.TextField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.TextField(null=True)),
                ("withdrawn_because", models.TextField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fingerprint__regex", "^[0-9a-f]{64}$")),
                        name="healthbook_certificate_fingerprint",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__lt", models.F("valid_until"))),
                        name="healthbook_certificate_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_because__isnull", True),
                                ("withdrawn_by__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_because__isnull", False),
                                ("withdrawn_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="healthbook_certificate_withdrawn_whole",
                    ),
                ],
            },
        ),
    ]
