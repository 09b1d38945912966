"""Grants hold in provinces and for a time, and a role of one officer can be lent to another for a while.

Locks: the small table of grants for a moment. Undo: the columns go; grants bound to provinces or lent would then hold everywhere and for ever, so end them
before.
"""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_before_own_record"),
    ]

    operations = [
        migrations.AddField(
            model_name="rolegrant",
            name="covers",
            field=models.ForeignKey(
                db_column="covers",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.officer",
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="provinces",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2), null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="valid_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="valid_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("covers__isnull", True),
                    models.Q(models.Q(("covers", models.F("officer")), _negated=True), ("provinces__isnull", True)),
                    _connector="OR",
                ),
                name="access_rolegrant_covers_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("covers__isnull", True),
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("covers")), _negated=True),
                    _connector="OR",
                ),
                name="access_rolegrant_not_for_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("covers__isnull", True),
                    models.Q(
                        ("valid_from__isnull", False),
                        ("valid_until__isnull", False),
                        (
                            "valid_until__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("valid_from"), "+", models.Value(datetime.timedelta(days=90))
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="access_rolegrant_cover_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("provinces__isnull", True), ("provinces__len__gt", 0), _connector="OR"),
                name="access_rolegrant_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_until__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="access_rolegrant_ends_after_start",
            ),
        ),
    ]
