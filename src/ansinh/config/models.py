"""The one thing the wiring keeps: on which day an invented nation lives."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Nation(models.Model):
    """At most one row: the day the invented nation has reached. An agency of real people has none and lives by the real clock."""

    nation_id = models.SmallIntegerField(primary_key=True)
    today = models.DateField()
    source = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(nation_id=1), name="config_nation_only_one")]
