"""Let spans last a life: rate, who sets the pay, kind of work, what recorded a span and what superseded it; the database refuses to rewrite one.

Locks: the table of spans for a moment (columns without a default are not written, the one with a default is kept beside the rows); validating reads it
once without keeping anybody away. Undo: the columns are dropped with all they hold, and spans can be rewritten again.
"""

from pathlib import Path

from django.db import migrations, models

WORK = ["normal", "heavy", "specially_heavy", "coal", "difficult_area"]
UNDO = """
DROP TRIGGER participation_span_alone ON participation_span;
DROP FUNCTION participation_span_alone();
DROP TRIGGER participation_span_kept ON participation_span;
DROP FUNCTION participation_span_kept();
ALTER TABLE participation_span DROP CONSTRAINT participation_span_months_real;
"""


class Migration(migrations.Migration):
    dependencies = [("participation", "0003_before_continuous_since")]
    operations = [
        migrations.AddField("span", "rate", models.SmallIntegerField(null=True)),
        migrations.AddField("span", "pay", models.TextField(null=True)),
        migrations.AddField("span", "work", models.TextField(db_default="normal")),
        migrations.AddField("span", "source", models.TextField(null=True)),
        migrations.AddField("span", "superseded_by", models.TextField(null=True)),
        migrations.AddConstraint(
            "span",
            models.CheckConstraint(
                condition=models.Q(("pay__isnull", True), ("pay__in", ["employer", "state"]), _connector="OR"),
                name="participation_span_pay_known",
            ),
        ),
        migrations.AddConstraint(
            "span",
            models.CheckConstraint(condition=models.Q(("work__in", WORK)), name="participation_span_work_known"),
        ),
        migrations.AddConstraint(
            "span",
            models.CheckConstraint(
                condition=models.Q(("rate__isnull", True), ("rate__range", (0, 10_000)), _connector="OR"),
                name="participation_span_rate_a_share",
            ),
        ),
        migrations.AddConstraint(
            "span",
            models.CheckConstraint(
                condition=models.Q(
                    ("superseded_at__isnull", True), ("superseded_at__gt", models.F("recorded_at")), _connector="OR"
                ),
                name="participation_span_known_before_superseded",
            ),
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
