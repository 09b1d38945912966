"""Tables of the room: daily counters, small whatever the number of people."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class DailyCount(models.Model):
    """What a series gained (or lost) on one day of Viet Nam's calendar."""

    pk = models.CompositePrimaryKey("series", "day")
    series = models.TextField()
    day = models.DateField()
    count = models.BigIntegerField()
    counted_at = models.DateTimeField(db_default=Now())


class FacilityCount(models.Model):
    """How many look-ups or submissions of a series one facility made on one day."""

    pk = models.CompositePrimaryKey("series", "facility", "day")
    series = models.TextField()
    facility = models.TextField()
    day = models.DateField()
    count = models.BigIntegerField()


class ProvinceCount(models.Model):
    """What a series gained (or lost) in one province on one day: persons where they live, look-ups where the facility is; 00 is no known province."""

    pk = models.CompositePrimaryKey("series", "province", "day")
    series = models.TextField()
    province = models.CharField(max_length=2)
    day = models.DateField()
    count = models.BigIntegerField()


class PartCount(models.Model):
    """What a series gained (or lost) in one province on one day in one part of a dimension: a kind of commune, or a channel."""

    pk = models.CompositePrimaryKey("series", "dimension", "part", "province", "day")
    series = models.TextField()
    dimension = models.TextField()
    part = models.TextField()
    province = models.CharField(max_length=2)
    day = models.DateField()
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dimension__in=["kind", "channel"]), name="reporting_partcount_dimension_known"
            )
        ]


class Counting(models.Model):
    """How far figures are counted, one row: days before `closed_until` are over and stay as counted, unless a log of the former system came in since.

    `moves` is how many addresses had changed when everything was last counted: places of persons are as they were then.
    """

    single = models.BooleanField(primary_key=True, default=True)
    closed_until = models.DateField(null=True)
    former_rows = models.BigIntegerField()
    moves = models.BigIntegerField()
    counted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(single=True), name="reporting_counting_one_row")]


class PaidCount(models.Model):
    """How many persons of a series a run paid in a month, by province; `once` are benefits without a rhythm. Runs of the former system are below one."""

    pk = models.CompositePrimaryKey("month", "once", "run_id", "series", "province", "day")
    month = models.IntegerField()
    once = models.BooleanField()
    run_id = models.IntegerField()
    series = models.TextField()
    province = models.CharField(max_length=2)
    day = models.DateField()
    persons = models.BigIntegerField()


class FormerSubmission(models.Model):
    """A line of the former system's log of submissions; hours from discharge to submission are empty where no discharge was told. Never changed."""

    pk = models.CompositePrimaryKey("facility", "load_no", "row_no")
    facility = models.TextField()
    load_no = models.IntegerField()
    row_no = models.BigIntegerField()
    sent_at = models.DateTimeField()
    kind = models.SmallIntegerField()
    accepted = models.BooleanField()
    delay_hours = models.IntegerField(null=True)


class FormerService(models.Model):
    """A file of an interlinked service the former system settled, with the working days it took and its last day. Never changed."""

    pk = models.CompositePrimaryKey("load_no", "row_no")
    load_no = models.IntegerField()
    row_no = models.BigIntegerField()
    kind = models.TextField()
    province = models.CharField(max_length=2)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField()
    due_on = models.DateField()
    days = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_at__gte=models.F("received_at")), name="reporting_formerservice_in_order"
            )
        ]


class FormerLoad(models.Model):
    """A log of the former system that was taken in, by the digest of its content."""

    load_no = models.IntegerField(primary_key=True)
    source = models.TextField(unique=True)
    row_count = models.BigIntegerField()
