"""Tables of the room. All are small: a row for a subject and a day at most. Distribution column: `subject`, where there is one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ansinh.access.constraints import different_people
from ansinh.ceilings.states import CeilingState, Kind, Step

LEVELS = ("primary", "basic", "specialised", "*")


class Ceiling(models.Model):
    """How much a kind of subject may ask: of facilities of one level, or one subject by its name (then `level` is `*`).

    Persons are counted once a day and officer. A row is never changed once it is approved: the newest one approved holds.
    """

    kind = models.TextField()
    level = models.TextField()
    subject = models.TextField(default="")
    rate_per_second = models.IntegerField()
    persons_an_hour = models.IntegerField()
    persons_a_day = models.IntegerField()
    misses_an_hour = models.IntegerField()
    neighbours_an_hour = models.IntegerField()
    state = models.TextField(default=CeilingState.PREPARED.value)
    reason = models.TextField()
    prepared_by = models.TextField()
    prepared_at = models.DateTimeField()
    approved_by = models.TextField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            different_people("ceilings_ceiling_two_people"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="ceilings_ceiling_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(level__in=LEVELS) & (Q(subject="") | Q(level="*")), name="ceilings_ceiling_level_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in CeilingState]), name="ceilings_ceiling_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=CeilingState.APPROVED.value)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="ceilings_ceiling_approved_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(
                    rate_per_second__gt=0,
                    persons_an_hour__gt=0,
                    persons_a_day__gt=0,
                    misses_an_hour__gt=0,
                    neighbours_an_hour__gt=0,
                ),
                name="ceilings_ceiling_positive",
            ),
        ]
        indexes = [models.Index(fields=["kind", "subject"], name="ceilings_ceiling_of_subject")]


class Worker(models.Model):
    """A worker of a gateway that counts; not seen for ten minutes, nothing is kept ready for it any more."""

    worker_no = models.BigAutoField(primary_key=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class Tally(models.Model):
    """What one worker counted of one subject on a day, and in the hour it last spoke of; what it may still answer is counted as answered.

    Worker 0 is nobody: its row takes back what was counted before a restraint was lifted.
    """

    pk = models.CompositePrimaryKey("subject", "day", "worker_no")
    subject = models.TextField()
    day = models.DateField()
    worker_no = models.BigIntegerField()
    kind = models.TextField()
    facility = models.TextField()
    held_day = models.BigIntegerField()
    hour_at = models.DateTimeField()
    held_hour = models.BigIntegerField()
    misses = models.BigIntegerField()
    neighbours = models.BigIntegerField()
    refused = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["day"], name="ceilings_tally_day")]


class Restraint(models.Model):
    """One step against one subject, or its end; append-only. `figures`: counts when it was taken, never anybody asked about."""

    restraint_no = models.BigAutoField(primary_key=True)
    subject = models.TextField()
    kind = models.TextField()
    facility = models.TextField()
    step = models.TextField()
    cause = models.TextField()
    figures = models.JSONField()
    began_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by_whom = models.TextField()
    reason = models.TextField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=[step.value for step in Step]), name="ceilings_restraint_step_known"
            ),
        ]
        indexes = [models.Index(fields=["subject", "restraint_no"], name="ceilings_restraint_of_subject")]


class InForce(models.Model):
    """The newest step of each subject that ever had one: what gateways read each second. Written by the restraints' own trigger."""

    subject = models.TextField(primary_key=True)
    restraint = models.ForeignKey(Restraint, on_delete=models.PROTECT, db_column="restraint_no", related_name="+")
    step = models.TextField()
    cause = models.TextField()
    began_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    refused_then = models.BigIntegerField()

    class Meta:
        db_table = "ceilings_in_force"


class Alert(models.Model):
    """Word of a restraint to those who answer for the subject: the facility's and the agency's security officer. Names nobody."""

    alert_no = models.BigAutoField(primary_key=True)
    restraint = models.ForeignKey(Restraint, on_delete=models.PROTECT, db_column="restraint_no", related_name="+")
    audience = models.TextField()
    kind = models.TextField()
    facility = models.TextField()
    step = models.TextField()
    cause = models.TextField()
    raised_at = models.DateTimeField()
    acknowledged_by = models.TextField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["raised_at"], condition=Q(acknowledged_at__isnull=True), name="ceilings_alert_open")
        ]
