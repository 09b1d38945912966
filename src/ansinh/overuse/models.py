"""Tables of the room: findings, and what officers decided."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from ansinh.overuse.states import DECISIONS, FindingKind, FindingState


class Finding(models.Model):
    """Two visits that do not go together; the first is the earlier one. `other_person_id` is the same person unless a visit was copied."""

    pk = models.CompositePrimaryKey("person_id", "kind", "visit_id", "other_visit_id")
    person_id = models.BigIntegerField()
    kind = models.TextField()
    visit_id = models.BigIntegerField()
    other_visit_id = models.BigIntegerField()
    other_person_id = models.BigIntegerField()
    finding_no = models.BigIntegerField()
    facility = models.TextField()
    other_facility = models.TextField()
    first_on = models.DateField()
    measure = models.IntegerField()
    """Hours in two beds, kilometres an hour needed, days of medicine twice, or per cent of results alike."""
    subject = models.TextField(null=True)
    """The medicine, by its code."""
    state = models.TextField(default=FindingState.OPEN.value)
    found_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in FindingKind]), name="overuse_finding_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in FindingState]),
                name="overuse_finding_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(visit_id=models.F("other_visit_id")), name="overuse_finding_of_two_visits"
            ),
        ]
        indexes = [models.Index(fields=["finding_no"], name="overuse_finding_by_number")]


class Decision(models.Model):
    """What an officer decided of a finding, and why; the newest holds."""

    pk = models.CompositePrimaryKey("person_id", "finding_no", "decided_at")
    person_id = models.BigIntegerField()
    finding_no = models.BigIntegerField()
    decided_at = models.DateTimeField()
    decision = models.TextField()
    reason = models.TextField()
    decided_by = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision__in=sorted(one.value for one in DECISIONS)),
                name="overuse_decision_known",
            )
        ]
