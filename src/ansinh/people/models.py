"""Tables of the room. Distribution columns: `person_id` everywhere but identifiers, which are found by `value`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ansinh.people.states import CANDIDATES_LENGTH_MAX, DISCREPANCY_STATES, VERDICTS


class Person(models.Model):
    """One insured record of the agency, which is one human until the register or an officer shows otherwise. `person_id` is for ever."""

    person_id = models.BigIntegerField(primary_key=True)
    full_name = models.TextField()
    sex = models.CharField(max_length=1, null=True)
    birth_year = models.SmallIntegerField(null=True)
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)
    stated_number = models.TextField(null=True)
    commune = models.CharField(max_length=5, null=True)
    province = models.CharField(max_length=2)
    household = models.BigIntegerField(null=True)
    excluded = models.TextField(null=True)
    recorded_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=["M", "F"]), name="people_person_sex_known"),
            models.CheckConstraint(condition=Q(birth_month__range=(1, 12)), name="people_person_month_of_year"),
            models.CheckConstraint(condition=Q(birth_day__range=(1, 31)), name="people_person_day_of_month"),
        ]


class Identifier(models.Model):
    """A number that names a person, with the days it was theirs. PIN, social-insurance code and card number name one person at a time."""

    pk = models.CompositePrimaryKey("value", "scheme", "valid_from")
    value = models.TextField()
    scheme = models.TextField()
    person_id = models.BigIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scheme__in=["pin", "si_code", "card", "old_number"]), name="people_identifier_scheme_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="people_identifier_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["scheme", "value"],
                include=["person_id"],
                condition=Q(valid_until__isnull=True, scheme__in=["pin", "si_code", "card"]),
                name="people_identifier_one_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person_id", "scheme"],
                condition=Q(valid_until__isnull=True),
                name="people_identifier_of_person",
            ),
        ]


class Alias(models.Model):
    """A record found to be another person's: it resolves to that person in one step and can be undone by removing the row."""

    alias_person_id = models.BigIntegerField(primary_key=True)
    person_id = models.BigIntegerField()
    merged_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(alias_person_id=F("person_id")), name="people_alias_not_itself"),
        ]
        indexes = [models.Index(fields=["person_id"], name="people_alias_of_person")]


class Verdict(models.Model):
    """What comparing a person with the population register showed, by which rule, and when; the newest has no end.

    `model` is the version of the model that scored, `levels` how far each field agreed, `detail` the match weights field by field; `officer` decided
    where no machine did, and is never overruled by one.
    """

    pk = models.CompositePrimaryKey("person_id", "decided_at")
    person_id = models.BigIntegerField()
    decided_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    verdict = models.TextField()
    rule = models.TextField()
    register_pin = models.CharField(max_length=12, null=True)
    model = models.TextField(null=True)
    score = models.FloatField(null=True)
    runner_up_score = models.FloatField(null=True)
    levels = models.JSONField(null=True)
    detail = models.JSONField(null=True)
    officer = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=list(VERDICTS)), name="people_verdict_known"),
            models.CheckConstraint(
                condition=Q(register_pin__isnull=False) | ~Q(verdict__in=["verified", "corrected"]),
                name="people_verdict_names_whom",
            ),
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(superseded_at__isnull=True), name="people_verdict_one_current"
            ),
        ]
        indexes = [
            models.Index(
                fields=["register_pin"], condition=Q(superseded_at__isnull=True), name="people_verdict_of_number"
            ),
            models.Index(
                fields=["decided_at"],
                condition=Q(superseded_at__isnull=True, verdict="candidate"),
                name="people_verdict_open_candidates",
            ),
        ]


class Candidate(models.Model):
    """Somebody of the register who may be the person, as offered with a verdict; `detail` holds the match weights field by field."""

    pk = models.CompositePrimaryKey("person_id", "decided_at", "rank")
    person_id = models.BigIntegerField()
    decided_at = models.DateTimeField()
    rank = models.SmallIntegerField()
    register_pin = models.CharField(max_length=12)
    score = models.FloatField(null=True)
    detail = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rank__range=(1, CANDIDATES_LENGTH_MAX)), name="people_candidate_rank_in_range"
            ),
        ]


class RefusedCandidate(models.Model):
    """An officer's word that a person is not somebody of the register; no machine offers that one again."""

    pk = models.CompositePrimaryKey("person_id", "register_pin")
    person_id = models.BigIntegerField()
    register_pin = models.CharField(max_length=12)
    refused_by = models.TextField()
    refused_at = models.DateTimeField()


class Discrepancy(models.Model):
    """A field on which the agency and the register differ about the same human, and what became of it."""

    pk = models.CompositePrimaryKey("person_id", "field", "found_at")
    person_id = models.BigIntegerField()
    field = models.TextField()
    ours = models.TextField(null=True)
    registered = models.TextField(null=True)
    source = models.TextField()
    found_at = models.DateTimeField()
    state = models.TextField(db_default="open")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(DISCREPANCY_STATES)), name="people_discrepancy_state_known"
            ),
            models.UniqueConstraint(
                fields=["person_id", "field"],
                condition=Q(state__in=["open", "reported"]),
                name="people_discrepancy_one_open",
            ),
        ]


class Due(models.Model):
    """A person to be compared with the register again, and why."""

    person_id = models.BigIntegerField(primary_key=True)
    because = models.TextField()
    marked_at = models.DateTimeField()


class Load(models.Model):
    """A file of insured records taken in, so that the same file is never taken in twice."""

    source = models.TextField(primary_key=True)
    first_person_id = models.BigIntegerField()
    persons = models.BigIntegerField()
    loaded_at = models.DateTimeField(db_default=Now())
