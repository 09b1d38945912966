"""Tables of the room. Distribution column: `person_id`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ansinh.access.constraints import different_people
from ansinh.rights.states import OPEN, Outcome, RequestKind, RequestState

_ANSWERED = Q(state=RequestState.ANSWERED.value)


class Request(models.Model):
    """What somebody asks about their own data: in their words, until when it must be answered, and what came of it.

    Of a disputed look: its number, moment, facility, officer and kind as the person was shown them. `breach_*`: the duty to report what was not justified.
    """

    pk = models.CompositePrimaryKey("person_id", "request_id")
    person_id = models.BigIntegerField()
    request_id = models.BigIntegerField()
    kind = models.TextField()
    about = models.TextField()
    words = models.TextField()
    look_id = models.BigIntegerField(null=True)
    looked_at = models.DateTimeField(null=True)
    facility = models.TextField(db_default="")
    officer = models.TextField(db_default="")
    call = models.TextField(db_default="")
    filed_by = models.TextField()
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.TextField()
    acknowledged_by = models.TextField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)
    answer = models.TextField(null=True)
    answered_by = models.TextField(null=True)
    answered_at = models.DateTimeField(null=True)
    breach_due_at = models.DateTimeField(null=True)
    breach_reported_at = models.DateTimeField(null=True)
    breach_reference = models.TextField(null=True)

    class Meta:
        constraints = [
            different_people("rights_request_not_ones_own", maker="filed_by", checker="answered_by"),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in RequestKind]), name="rights_request_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in RequestState]), name="rights_request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=RequestKind.DISPUTE.value, look_id__isnull=False, looked_at__isnull=False)
                | ~Q(kind=RequestKind.DISPUTE.value) & Q(look_id__isnull=True, looked_at__isnull=True),
                name="rights_request_look_named",
            ),
            models.CheckConstraint(
                condition=_ANSWERED
                & Q(outcome__isnull=False, answer__isnull=False, answered_by__isnull=False, answered_at__isnull=False)
                | ~_ANSWERED & Q(outcome__isnull=True, answer__isnull=True, answered_by__isnull=True),
                name="rights_request_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) | Q(outcome__in=[one.value for one in Outcome]),
                name="rights_request_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=False, outcome=Outcome.UNJUSTIFIED.value, breach_due_at__isnull=False)
                | Q(breach_due_at__isnull=True) & (Q(outcome__isnull=True) | ~Q(outcome=Outcome.UNJUSTIFIED.value)),
                name="rights_request_breach_due",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("filed_at")), name="rights_request_due_later"),
            models.UniqueConstraint(
                fields=["person_id", "look_id", "looked_at"],
                condition=Q(look_id__isnull=False) & ~Q(state=RequestState.WITHDRAWN.value),
                name="rights_request_look_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=[one.value for one in OPEN]), name="rights_request_open"
            ),
            models.Index(
                fields=["breach_due_at"],
                condition=Q(breach_due_at__isnull=False, breach_reported_at__isnull=True),
                name="rights_request_breach_open",
            ),
        ]


class Alert(models.Model):
    """A request, or the report of a breach, that is past its time: raised once for each."""

    pk = models.CompositePrimaryKey("person_id", "request_id", "kind")
    person_id = models.BigIntegerField()
    request_id = models.BigIntegerField()
    kind = models.TextField()
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=["answer", "breach"]), name="rights_alert_kind")]


class Download(models.Model):
    """Everything the agency has about a person, as one archive: fetched once within a day by whoever holds the key, then emptied."""

    pk = models.CompositePrimaryKey("person_id", "download_id")
    person_id = models.BigIntegerField()
    download_id = models.BigIntegerField()
    key_digest = models.TextField()
    made_by = models.TextField()
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    size = models.IntegerField()
    content = models.BinaryField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(content__isnull=True) | Q(fetched_at__isnull=True), name="rights_download_once"
            )
        ]
        indexes = [models.Index(fields=["until"], condition=Q(content__isnull=False), name="rights_download_to_empty")]
