"""Entitlements, their versions and changes, and what each month owed when it was frozen. Months are numbers YYYYMM; the migration says so to the database."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ansinh.access.constraints import different_people
from ansinh.benefits.states import BY_TWO, Cause, ChangeKind, CorrectionCause, Kind, Scope, State


def values(words: Iterable[StrEnum]) -> list[str]:
    """Return the plain words of an enumeration, as constraints hold them."""
    return [word.value for word in words]


class Entitlement(models.Model):
    """A right to be paid, monthly or once, from the insurance of `insured_person_id`. `opened_on`, the day the right began, is what adjustments look at.

    `owed_from`: the first month this system owes; months before it were paid by the system before ours, whose file is `source`.
    """

    pk = models.CompositePrimaryKey("person_id", "entitlement_id")
    person_id = models.BigIntegerField()
    entitlement_id = models.BigIntegerField()
    kind = models.TextField()
    insured_person_id = models.BigIntegerField()
    decision_id = models.BigIntegerField(null=True)
    opened_on = models.DateField()
    owed_from = models.IntegerField()
    source = models.TextField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=values(Kind)), name="benefits_entitlement_kind_known"),
            models.CheckConstraint(
                condition=Q(decision_id__isnull=True) | Q(source__isnull=True), name="benefits_entitlement_one_origin"
            ),
            models.UniqueConstraint(
                fields=["person_id", "decision_id", "kind"],
                condition=Q(decision_id__isnull=False),
                name="benefits_entitlement_opened_once",
            ),
        ]


class Version(models.Model):
    """What an entitlement pays from a month on, until the month from which the next says otherwise; never edited, only superseded.

    Known at a moment D: recorded_at <= D < coalesce(superseded_at, infinity). Of those known, one begins in a month at most, so versions cannot overlap and
    leave no gap. What is suspended or has ended keeps its amount and owes nothing. `adjusted`: the amount at `valid_from` comes from the general adjustment
    of that month, and `facts` is its compact explanation.
    """

    pk = models.CompositePrimaryKey("person_id", "entitlement_id", "version")
    person_id = models.BigIntegerField()
    entitlement_id = models.BigIntegerField()
    version = models.IntegerField()
    valid_from = models.IntegerField()
    amount = models.BigIntegerField()
    state = models.TextField()
    cause = models.TextField()
    adjusted = models.BooleanField(db_default=False)
    act = models.TextField()
    facts = models.JSONField(null=True)
    province = models.CharField(max_length=2)
    commune = models.CharField(max_length=5, null=True)
    urban = models.BooleanField()
    change_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="benefits_version_not_negative"),
            models.CheckConstraint(condition=Q(state__in=values(State)), name="benefits_version_state_known"),
            models.CheckConstraint(condition=Q(cause__in=values(Cause)), name="benefits_version_cause_known"),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("recorded_at")),
                name="benefits_version_superseded_after_recorded",
            ),
            models.UniqueConstraint(
                fields=["person_id", "entitlement_id", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="benefits_version_one_from_a_month",
            ),
        ]


class Change(models.Model):
    """What was done to an entitlement, or is prepared and waits for a second officer; a history that nobody rewrites.

    `because` is a word of law for suspensions and ends; `amount` and `facts` are those of a recalculation; `due_on` the legal day of a resumption.
    """

    pk = models.CompositePrimaryKey("person_id", "change_id")
    person_id = models.BigIntegerField()
    change_id = models.BigIntegerField()
    entitlement_id = models.BigIntegerField()
    kind = models.TextField()
    effect_month = models.IntegerField()
    because = models.TextField(null=True)
    amount = models.BigIntegerField(null=True)
    facts = models.JSONField(null=True)
    act = models.TextField()
    reason = models.TextField()
    request_key = models.TextField()
    due_on = models.DateField(null=True)
    prepared_by = models.TextField()
    prepared_at = models.DateTimeField()
    approved_by = models.TextField(null=True)
    done_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=values(ChangeKind)), name="benefits_change_kind_known"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="benefits_change_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=values(BY_TWO)) | Q(done_at__isnull=True) | Q(approved_by__isnull=False),
                name="benefits_change_money_flows_by_two",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(refused_at__isnull=True), name="benefits_change_done_or_refused"
            ),
            different_people("benefits_change_two_people"),
            models.UniqueConstraint(fields=["person_id", "request_key"], name="benefits_change_asked_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(done_at__isnull=True, refused_at__isnull=True),
                name="benefits_change_open",
            )
        ]


class Correction(models.Model):
    """An obligation of its own, born when a month that was frozen turned out to owe more (arrears, above 0) or less (overpayment, below 0)."""

    pk = models.CompositePrimaryKey("person_id", "entitlement_id", "month", "component", "correction_no")
    person_id = models.BigIntegerField()
    entitlement_id = models.BigIntegerField()
    month = models.IntegerField()
    component = models.TextField()
    correction_no = models.IntegerField()
    amount = models.BigIntegerField()
    cause = models.TextField()
    change_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="benefits_correction_not_nothing"),
            models.CheckConstraint(condition=Q(correction_no__gte=1), name="benefits_correction_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(cause__in=values(CorrectionCause)), name="benefits_correction_cause_known"
            ),
        ]
        indexes = [models.Index(fields=["recorded_at"], name="benefits_correction_recorded")]


class Frozen(models.Model):
    """What was owed for a month when it was frozen, with who and where; `correction` 0 is the month's own amount, others the corrections of that number.

    `frozen_in`: the month whose freeze handed it to payments. Partitioned by month.
    """

    pk = models.CompositePrimaryKey("month", "person_id", "entitlement_id", "component", "correction")
    month = models.IntegerField()
    person_id = models.BigIntegerField()
    entitlement_id = models.BigIntegerField()
    component = models.TextField()
    correction = models.IntegerField()
    amount = models.BigIntegerField()
    kind = models.TextField()
    province = models.CharField(max_length=2)
    commune = models.CharField(max_length=5, null=True)
    urban = models.BooleanField()
    frozen_in = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="benefits_frozen_not_nothing"),
            models.CheckConstraint(condition=Q(amount__gt=0) | Q(correction__gt=0), name="benefits_frozen_owes"),
        ]


class Freeze(models.Model):
    """The freezing of a month: how many obligations and corrections it handed over, and their sums."""

    month = models.IntegerField(primary_key=True)
    obligations = models.BigIntegerField()
    amount = models.BigIntegerField()
    corrections = models.BigIntegerField()
    corrections_amount = models.BigIntegerField()
    frozen_by = models.TextField()
    frozen_at = models.DateTimeField()


class Adjustment(models.Model):
    """A general adjustment by decree: prepared by one, approved by another, then worked through; `basis` holds the values of law applied."""

    pk = models.CompositePrimaryKey("month", "scope")
    month = models.IntegerField()
    scope = models.TextField()
    act = models.TextField()
    basis = models.JSONField()
    prepared_by = models.TextField()
    prepared_at = models.DateTimeField()
    approved_by = models.TextField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=values(Scope)), name="benefits_adjustment_scope_known"),
            different_people("benefits_adjustment_two_people"),
        ]


class Load(models.Model):
    """A file of running entitlements taken in from the system before ours, once."""

    source = models.TextField(primary_key=True)
    entitlements = models.BigIntegerField()
    owed_from = models.IntegerField()
    loaded_at = models.DateTimeField(db_default=Now())
