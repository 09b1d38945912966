"""Tables of the room, distributed by `person_id`; employers by their own number.

Spans are half-open and never rewritten: a correction ends the recorded time of the old row.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

# Kinds of work, as the law on pensions tells them apart (41/2024/QH15 art. 64).
WORK = ["normal", "heavy", "specially_heavy", "coal", "difficult_area"]


class Employer(models.Model):
    """A unit that pays contributions."""

    employer_id = models.BigIntegerField(primary_key=True)
    code = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField()
    province = models.CharField(max_length=2)
    commune = models.CharField(max_length=5)
    region = models.SmallIntegerField()


class Span(models.Model):
    """Months of contributions with one employer, scheme and wage; the wage is monthly, in đồng.

    `rate` is the share paid to the pension and survivors' fund in hundredths of a per cent, where it was another than the law's of the month.
    `pay`: whose pay it is, employer's or State's; when empty, the kind of employer says. `source`: the line or request that recorded the span, empty
    for what the system before ours knew. Triggers (migration 0004) keep a span from being rewritten, and from crossing another one in force.
    """

    pk = models.CompositePrimaryKey("person_id", "span_id")
    person_id = models.BigIntegerField()
    span_id = models.BigIntegerField()
    employer_id = models.BigIntegerField(null=True)
    scheme = models.TextField()
    unemployment = models.BooleanField()
    from_month = models.IntegerField()
    until_month = models.IntegerField(null=True)
    wage = models.BigIntegerField()
    rate = models.SmallIntegerField(null=True)
    pay = models.TextField(null=True)
    work = models.TextField(db_default="normal")
    source = models.TextField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scheme__in=["compulsory", "voluntary"]), name="participation_span_scheme_known"
            ),
            models.CheckConstraint(
                condition=Q(until_month__isnull=True) | Q(until_month__gt=F("from_month")),
                name="participation_span_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(wage__gte=0), name="participation_span_wage_not_negative"),
            models.CheckConstraint(
                condition=Q(pay__isnull=True) | Q(pay__in=["employer", "state"]), name="participation_span_pay_known"
            ),
            models.CheckConstraint(condition=Q(work__in=WORK), name="participation_span_work_known"),
            models.CheckConstraint(
                condition=Q(rate__isnull=True) | Q(rate__range=(0, 10_000)), name="participation_span_rate_a_share"
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("recorded_at")),
                name="participation_span_known_before_superseded",
            ),
        ]


class Coverage(models.Model):
    """Days of health-insurance participation under one object code and first-contact facility.

    `continuous_since` is what the system before ours says of the time before: since when cover had been continuous when this stretch began.
    """

    pk = models.CompositePrimaryKey("person_id", "coverage_id")
    person_id = models.BigIntegerField()
    coverage_id = models.BigIntegerField()
    object_code = models.CharField(max_length=2)
    area = models.CharField(max_length=2, null=True)
    facility = models.CharField(max_length=5)
    card_province = models.CharField(max_length=2)
    valid_from = models.DateField()
    valid_until = models.DateField()
    continuous_since = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="participation_coverage_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person_id", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="participation_coverage_starts_once",
            ),
        ]


class Load(models.Model):
    """A set of files taken in, so that it is never taken in twice."""

    source = models.TextField(primary_key=True)
    employers = models.BigIntegerField()
    spans = models.BigIntegerField()
    coverages = models.BigIntegerField()
    loaded_at = models.DateTimeField(db_default=Now())
