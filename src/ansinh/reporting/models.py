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
