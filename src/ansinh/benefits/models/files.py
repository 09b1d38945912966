"""Files, the pauses of their clocks, alerts about their deadlines, and decisions. Distributed by `person_id`: who asks, and is paid."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ansinh.access.constraints import different_people
from ansinh.benefits.file_states import CLOSED, AlertKind, Channel, FileKind, FileState, Outcome, PauseReason

_CLOSED = sorted(state.value for state in CLOSED)


def _one_of(
    name: str, column: str, words: type[FileKind | FileState | Channel | Outcome | PauseReason | AlertKind]
) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": sorted(word.value for word in words)}), name=name)


class Application(models.Model):
    """A file: who asks for what, from whose insurance, when it came in and by which day it is to be decided.

    `stated`: what the applicant said that no register knows, with the paper that shows it. `missing`: what is still needed, where, and what to do.
    `deadline_days` and `due_on` are empty where the text that sets the deadline is not known.
    """

    pk = models.CompositePrimaryKey("person_id", "application_id")
    person_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    kind = models.TextField()
    channel = models.TextField()
    filed_by = models.TextField()
    insured_person_id = models.BigIntegerField()
    filed_at = models.DateTimeField()
    deadline_name = models.TextField()
    deadline_days = models.IntegerField(null=True)
    due_on = models.DateField(null=True)
    state = models.TextField(db_default=FileState.FILED.value)
    stated = models.JSONField()
    missing = models.JSONField()
    decision_id = models.BigIntegerField(null=True)
    closed_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["application_id"], name="benefits_application_number"),
            models.Index(fields=["insured_person_id"], name="benefits_application_insured"),
            models.Index(fields=["due_on"], condition=~Q(state__in=_CLOSED), name="benefits_application_open_due"),
        ]
        constraints = [
            _one_of("benefits_application_kind_known", "kind", FileKind),
            _one_of("benefits_application_channel_known", "channel", Channel),
            _one_of("benefits_application_state_known", "state", FileState),
            models.CheckConstraint(
                condition=Q(deadline_days__isnull=True, due_on__isnull=True)
                | Q(deadline_days__gt=0, due_on__isnull=False),
                name="benefits_application_due_when_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"]) | Q(decision_id__isnull=False, closed_on__isnull=False),
                name="benefits_application_decided_by_decision",
            ),
            models.UniqueConstraint(
                fields=["person_id", "kind", "insured_person_id"],
                condition=~Q(state__in=_CLOSED),
                name="benefits_application_one_open",
            ),
        ]


class Pause(models.Model):
    """A time in which a file's clock stood still, and why; `until_on` is the last day of whom we wait for."""

    pk = models.CompositePrimaryKey("person_id", "application_id", "paused_at")
    person_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    paused_at = models.DateTimeField()
    reason = models.TextField()
    what = models.JSONField()
    until_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _one_of("benefits_pause_reason_known", "reason", PauseReason),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("paused_at")), name="benefits_pause_ends_later"
            ),
            models.UniqueConstraint(
                fields=["person_id", "application_id"],
                condition=Q(ended_at__isnull=True),
                name="benefits_pause_one_at_a_time",
            ),
        ]


class Alert(models.Model):
    """What was told about a deadline: that it is near, that it passed (why, and the new date named with the apology), that no answer came."""

    pk = models.CompositePrimaryKey("person_id", "application_id", "kind", "due_on")
    person_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    kind = models.TextField()
    due_on = models.DateField()
    raised_on = models.DateField()
    because_vi = models.TextField()
    because_en = models.TextField()
    new_due_on = models.DateField(null=True)

    class Meta:
        constraints = [
            _one_of("benefits_alert_kind_known", "kind", AlertKind),
            models.CheckConstraint(
                condition=~Q(kind="late") | (~Q(because_vi="") & ~Q(because_en="")), name="benefits_alert_late_says_why"
            ),
            models.CheckConstraint(
                condition=Q(new_due_on__isnull=True) | Q(new_due_on__gt=F("due_on")),
                name="benefits_alert_new_date_later",
            ),
        ]


class Decision(models.Model):
    """What was decided, with everything it rests on as it was then: the question put to the law, the facts, and the derivation in both languages.

    `awards`: what is opened for whom. A trigger (migration 0002) keeps an approved decision as it is for ever.
    """

    pk = models.CompositePrimaryKey("person_id", "decision_id")
    person_id = models.BigIntegerField()
    decision_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    kind = models.TextField()
    insured_person_id = models.BigIntegerField()
    outcome = models.TextField()
    number = models.TextField()
    effective_month = models.IntegerField()
    amount = models.BigIntegerField()
    awards = models.JSONField()
    because_vi = models.TextField()
    because_en = models.TextField()
    question = models.JSONField()
    facts = models.JSONField()
    explanation = models.JSONField()
    prepared_by = models.TextField()
    prepared_at = models.DateTimeField()
    approved_by = models.TextField(null=True)
    approved_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)
    returned_by = models.TextField(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_because = models.TextField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["decision_id"], name="benefits_decision_by_number"),
            models.Index(fields=["application_id"], name="benefits_decision_of_file"),
        ]
        constraints = [
            _one_of("benefits_decision_kind_known", "kind", FileKind),
            _one_of("benefits_decision_outcome_known", "outcome", Outcome),
            different_people("benefits_decision_two_people"),
            models.CheckConstraint(
                condition=Q(outcome="granted", amount__gt=0) | (Q(outcome="refused", amount=0) & ~Q(because_vi="")),
                name="benefits_decision_amount_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(returned_by__isnull=True), name="benefits_decision_one_end"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True, decided_on__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False, decided_on__isnull=False),
                name="benefits_decision_approved_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["person_id", "application_id"],
                condition=Q(returned_by__isnull=True),
                name="benefits_decision_one_standing",
            ),
        ]
