"""Table of the room, distributed by `person_id`: who is asked. What was asked stays as it was; only the answer is added."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ansinh.confirmations.states import ConfirmationState

LEVEL = 2
"""Only who is signed in at this level of assurance confirms by e-ID."""


class Confirmation(models.Model):
    """Somebody is asked to agree to something of somebody else's. `about`: the record that waits for it (`room.record:number`)."""

    pk = models.CompositePrimaryKey("person_id", "reference")
    person_id = models.BigIntegerField()
    reference = models.UUIDField()
    about = models.TextField()
    asked_by_person_id = models.BigIntegerField(null=True)
    question_vi = models.TextField()
    question_en = models.TextField()
    asked_at = models.DateTimeField()
    until_on = models.DateField()
    state = models.TextField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(null=True)
    level = models.SmallIntegerField(null=True)
    because = models.TextField(db_default="")

    class Meta:
        indexes = [models.Index(fields=["about"], name="confirmations_of_record")]
        constraints = [
            models.UniqueConstraint(fields=["person_id", "about"], name="confirmations_asked_once"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(one.value for one in ConfirmationState)), name="confirmations_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["agreed", "declined"], answered_at__isnull=False, answered_by__isnull=False)
                | (~Q(state__in=["agreed", "declined"]) & Q(answered_by__isnull=True)),
                name="confirmations_answered_by_somebody",
            ),
            # By e-ID at its level, or by an officer who names the paper seen.
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(level__isnull=False, level=LEVEL) | ~Q(because=""),
                name="confirmations_agreed_surely",
            ),
        ]
