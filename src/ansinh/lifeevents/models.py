"""Files of life events, their steps, effects and story, and what goes between us and the offices. Distributed by `file_id`: all of a file stands together.

Some two million files a year stay small beside look-ups, so nothing here is partitioned.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ansinh.lifeevents.states import (
    ENDED,
    OVER,
    PARTNERS,
    EffectKind,
    FileState,
    Kind,
    Office,
    Step,
    StepState,
    ToldState,
    Undo,
)


def _one_of(name: str, column: str, words: type[StrEnum]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": sorted(word.value for word in words)}), name=name)


class File(models.Model):
    """A birth or death and all that follows from it. `subject`: the certificate's number of a birth, the record or number of who died."""

    file_id = models.BigIntegerField(primary_key=True)
    kind = models.TextField()
    subject = models.TextField()
    person_id = models.BigIntegerField(null=True)
    applicant_person_id = models.BigIntegerField(null=True)
    province = models.TextField(db_default="")
    state = models.TextField()
    content = models.JSONField()
    received_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["person_id"], name="lifeevents_file_of_person"),
            models.Index(fields=["state", "file_id"], condition=Q(closed_on__isnull=True), name="lifeevents_file_open"),
        ]
        constraints = [
            _one_of("lifeevents_file_kind_known", "kind", Kind),
            _one_of("lifeevents_file_state_known", "state", FileState),
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=~Q(state__in=sorted(state.value for state in OVER)),
                name="lifeevents_file_one_of_subject",
            ),
        ]


class FileStep(models.Model):
    """A step of a file: who has it, until when, what it waits for, and what came of it."""

    pk = models.CompositePrimaryKey("file_id", "step")
    file_id = models.BigIntegerField()
    step = models.TextField()
    office = models.TextField()
    state = models.TextField(db_default=StepState.WAITING.value)
    asked_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    waits_vi = models.TextField(db_default="")
    waits_en = models.TextField(db_default="")
    result = models.JSONField(default=dict, db_default={})

    class Meta:
        db_table = "lifeevents_step"
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=~Q(state__in=sorted(state.value for state in ENDED)),
                name="lifeevents_step_due",
            ),
            models.Index(
                fields=["office", "due_on", "file_id", "step"],
                condition=Q(ended_at__isnull=True, due_on__isnull=False),
                name="lifeevents_step_at_office",
            ),
        ]
        constraints = [
            _one_of("lifeevents_step_known", "step", Step),
            _one_of("lifeevents_step_office_known", "office", Office),
            _one_of("lifeevents_step_state_known", "state", StepState),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(state__in=sorted(state.value for state in ENDED)),
                name="lifeevents_step_ends_in_an_end",
            ),
        ]


class Message(models.Model):
    """A message to an office, kept before it is sent: every try carries these bytes under this id."""

    pk = models.CompositePrimaryKey("file_id", "message_no")
    file_id = models.BigIntegerField()
    message_no = models.BigIntegerField()
    message_id = models.TextField()
    partner = models.TextField()
    action = models.TextField()
    step = models.TextField()
    body = models.TextField()
    made_at = models.DateTimeField()
    made_on = models.DateField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_on = models.DateField(null=True)
    refused = models.TextField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["partner", "message_no"],
                condition=Q(acknowledged_at__isnull=True, refused__isnull=True),
                name="lifeevents_message_pending",
            ),
            models.Index(fields=["partner", "acknowledged_on"], name="lifeevents_message_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["file_id", "message_id"], name="lifeevents_message_id_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(refused__isnull=True), name="lifeevents_message_one_end"
            ),
        ]


class Told(models.Model):
    """What we were told, once for each name under which somebody told it; `turn` counts how often it came. Its file, when there is one, is `file_id`."""

    pk = models.CompositePrimaryKey("teller", "told_key")
    teller = models.TextField()
    told_key = models.TextField()
    what = models.TextField()
    file_id = models.BigIntegerField(null=True)
    content = models.JSONField()
    told_on = models.DateField()
    received_at = models.DateTimeField()
    turn = models.IntegerField(db_default=1)
    applied_at = models.DateTimeField(null=True)
    state = models.TextField()
    because = models.TextField(db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["teller", "told_on"], name="lifeevents_told_by_day"),
            models.Index(fields=["received_at"], condition=Q(state="parked"), name="lifeevents_told_parked"),
        ]
        constraints = [
            _one_of("lifeevents_told_teller_known", "teller", Office),
            _one_of("lifeevents_told_state_known", "state", ToldState),
            models.CheckConstraint(
                condition=~Q(state="parked") | ~Q(because=""), name="lifeevents_told_parked_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="parked", applied_at__isnull=True)
                | (~Q(state="parked") & Q(applied_at__isnull=False)),
                name="lifeevents_told_applied_or_parked",
            ),
        ]


class Position(models.Model):
    """How far an office's feed was read."""

    partner = models.TextField(primary_key=True)
    after_no = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__in=sorted(one.value for one in PARTNERS)), name="lifeevents_position_partner_known"
            )
        ]


class Effect(models.Model):
    """Something a file did in another room, and how far its undoing has come."""

    pk = models.CompositePrimaryKey("file_id", "kind", "reference")
    file_id = models.BigIntegerField()
    kind = models.TextField()
    reference = models.TextField()
    about = models.JSONField()
    done_at = models.DateTimeField()
    undo = models.TextField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _one_of("lifeevents_effect_kind_known", "kind", EffectKind),
            models.CheckConstraint(
                condition=Q(undo__isnull=True) | Q(undo__in=sorted(word.value for word in Undo)),
                name="lifeevents_effect_undo_known",
            ),
            models.CheckConstraint(
                condition=Q(undo="undone", undone_at__isnull=False)
                | (~Q(undo="undone") & Q(undone_at__isnull=True))
                | Q(undo__isnull=True, undone_at__isnull=True),
                name="lifeevents_effect_undone_at_a_time",
            ),
        ]


class Line(models.Model):
    """A line of a file's story: append-only, in words an applicant reads."""

    pk = models.CompositePrimaryKey("file_id", "line_no")
    file_id = models.BigIntegerField()
    line_no = models.IntegerField()
    happened_at = models.DateTimeField()
    office = models.TextField()
    words_vi = models.TextField()
    words_en = models.TextField()


class Pause(models.Model):
    """A time in which a file's clock stood still, and why; `until_on` is the last day of whom we wait for."""

    pk = models.CompositePrimaryKey("file_id", "paused_at")
    file_id = models.BigIntegerField()
    paused_at = models.DateTimeField()
    because_vi = models.TextField()
    because_en = models.TextField()
    until_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("paused_at")), name="lifeevents_pause_ends_later"
            ),
            models.UniqueConstraint(
                fields=["file_id"], condition=Q(ended_at__isnull=True), name="lifeevents_pause_one_at_a_time"
            ),
        ]


class Case(models.Model):
    """Something only a person can settle."""

    pk = models.CompositePrimaryKey("file_id", "case_no")
    file_id = models.BigIntegerField()
    case_no = models.IntegerField()
    opened_at = models.DateTimeField()
    what_vi = models.TextField()
    what_en = models.TextField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(null=True)
    settled_how = models.TextField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], condition=Q(settled_at__isnull=True), name="lifeevents_case_open")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, settled_how__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False, settled_how__isnull=False),
                name="lifeevents_case_settled_by_somebody",
            )
        ]


class Alert(models.Model):
    """A step that passed its day, why, and the new day named with the apology."""

    pk = models.CompositePrimaryKey("file_id", "step", "due_on")
    file_id = models.BigIntegerField()
    step = models.TextField()
    due_on = models.DateField()
    raised_on = models.DateField()
    because_vi = models.TextField()
    because_en = models.TextField()
    new_due_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(because_vi="") & ~Q(because_en=""), name="lifeevents_alert_says_why")
        ]


class Result(models.Model):
    """A service that was settled for the first time: when it was asked for, by when it was due, how many working days it took. Figures count these rows.

    `kind` is a word of `states.SERVICES`. What is undone later was settled all the same.
    """

    pk = models.CompositePrimaryKey("file_id", "step")
    file_id = models.BigIntegerField()
    step = models.TextField()
    kind = models.TextField()
    province = models.TextField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    days = models.IntegerField()
    granted = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["settled_at"], name="lifeevents_result_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__gte=F("received_at"), days__gte=0), name="lifeevents_result_in_order"
            )
        ]


class Receipt(models.Model):
    """The answer that a file was received: due within two working hours (Decree 63/2024), given when its message left the house.

    One that is late has the reason, and the apology is written with it.
    """

    file_id = models.BigIntegerField(primary_key=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    because_vi = models.TextField(db_default="")
    because_en = models.TextField(db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(given_at__isnull=True), name="lifeevents_receipt_open"),
            models.Index(fields=["received_at"], name="lifeevents_receipt_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__gt=F("received_at"))
                & (Q(given_at__isnull=True) | Q(given_at__gte=F("received_at"))),
                name="lifeevents_receipt_in_order",
            ),
            models.CheckConstraint(
                condition=Q(late_at__isnull=True, because_vi="", because_en="")
                | (Q(late_at__isnull=False) & ~Q(because_vi="") & ~Q(because_en="")),
                name="lifeevents_receipt_late_says_why",
            ),
        ]


class Comparison(models.Model):
    """A day's books held against an office's: what we sent and they took, what they told and we heard."""

    pk = models.CompositePrimaryKey("partner", "on_day", "compared_at")
    partner = models.TextField()
    on_day = models.DateField()
    compared_at = models.DateTimeField()
    sent = models.IntegerField()
    taken = models.IntegerField()
    heard = models.IntegerField()
    told = models.IntegerField()
    equal = models.BooleanField()
