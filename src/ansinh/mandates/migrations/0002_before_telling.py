"""Lay down the table of who may act for whom, and let functions in the database ask it.

Locks: none, the table is new. Undo: table and functions are dropped; whatever tells by them must be gone before.
"""

import csv
from pathlib import Path

from django.db import migrations, models

# As the table was when this was written; a later change of the table is a migration of its own.
RULES = Path(__file__).with_name("0002_rules.csv")
UNDO = "DROP FUNCTION mandates_may_be_told, mandates_acted_for, mandates_circumstance;"


def lay_down(apps, schema_editor):
    """Put each cell of the table into its row."""
    rule = apps.get_model("mandates", "Rule")
    lines = [line for line in RULES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rule.objects.using(schema_editor.connection.alias).bulk_create(
        rule(who=row["who"], circumstance=row["circumstance"], what=what, answer=answer)
        for row in csv.DictReader(lines)
        for what, answer in row.items()
        if what not in {"who", "circumstance"}
    )


class Migration(migrations.Migration):
    dependencies = [("mandates", "0001_initial"), ("people", "0010_before_resolving_index")]
    operations = [
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "who", "circumstance", "what", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("who", models.TextField()),
                ("circumstance", models.TextField()),
                ("what", models.TextField()),
                ("answer", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("who__in", ["self", "parent", "guardian", "delegate", "representative", "stranger"])
                        ),
                        name="mandates_rule_who_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("circumstance__in", ["under_14", "under_18", "adult", "dead", "employer"])),
                        name="mandates_rule_circumstance_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["read", "health", "apply", "receive", "decide", "declare"])),
                        name="mandates_rule_what_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["yes", "granted", "no"])),
                        name="mandates_rule_answer_known",
                    ),
                ]
            },
        ),
        migrations.RunPython(lay_down, migrations.RunPython.noop),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
