"""Tables of the room, distributed by `person_id`; employers by their own number.

Spans are half-open and never rewritten: a correction ends the recorded time of the old row.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


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
    """Months of contributions with one employer, scheme and wage; the wage is monthly, in đồng."""

    pk = models.CompositePrimaryKey("person_id", "span_id")
    person_id = models.BigIntegerField()
    span_id = models.BigIntegerField()
    employer_id = models.BigIntegerField(null=True)
    scheme = models.TextField()
    unemployment = models.BooleanField()
    from_month = models.IntegerField()
    until_month = models.IntegerField(null=True)
    wage = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_default=Now())
    superseded_at = models.DateTimeField(null=True)

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
