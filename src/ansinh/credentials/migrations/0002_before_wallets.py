"""Make the table of wallets, and let an offer's code be proven by the secret of a wallet a citizen permitted instead of digits of another screen.

Locks: `credentials_offer` for a moment while its constraint is held against its rows, which live for a day. Undo: drop the table and the columns; wallets then
take papers by offers alone.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wallet",
            fields=[
                ("client_id", models.TextField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("redirect_uris", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("registered_at", models.DateTimeField()),
            ],
            options={
                "db_table": "credentials_wallet",
            },
        ),
        migrations.AddField(
            model_name="credentialoffer",
            name="challenge",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="credentialoffer",
            name="client_id",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="credentialoffer",
            name="redirect_uri",
            field=models.TextField(null=True),
        ),
        migrations.AlterField(
            model_name="credentialoffer",
            name="tx_code_sha256",
            field=models.BinaryField(null=True),
        ),
        migrations.AddConstraint(
            model_name="credentialoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("challenge__isnull", True),
                        ("client_id__isnull", True),
                        ("redirect_uri__isnull", True),
                        ("tx_code_sha256__isnull", False),
                    ),
                    models.Q(
                        ("challenge__isnull", False),
                        ("client_id__isnull", False),
                        ("redirect_uri__isnull", False),
                        ("tx_code_sha256__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="credentials_offer_proven_one_way",
            ),
        ),
    ]
