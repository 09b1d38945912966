"""Make room for inquiries: numbers the register is asked about, to be answered later.

Locks: none, the table is new. Undo: migrate registry 0001; inquiries not yet answered are asked again by whoever wants them.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("transaction_id", models.UUIDField(primary_key=True, serialize=False)),
                ("pins", models.JSONField()),
                ("numbers", models.IntegerField()),
                ("noted_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("known", models.IntegerField(null=True)),
                ("changed", models.IntegerField(null=True)),
            ],
            options={
                "db_table": "registry_inquiry",
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=["noted_at"],
                        name="registry_inquiry_unanswered",
                    )
                ],
            },
        ),
    ]
