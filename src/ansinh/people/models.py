"""Tables of the room. Distribution columns: `person_id` everywhere but identifiers, which are found by `value`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ansinh.access.constraints import different_people
from ansinh.people.states import (
    CANDIDATES_LENGTH_MAX,
    CERTAINTIES,
    DISCREPANCY_STATES,
    ENDINGS,
    FIELDS,
    GUARDED_FIELDS,
    VERDICTS,
    WRONG,
    RequestKind,
    RequestState,
)


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
    died_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=["M", "F"]), name="people_person_sex_known"),
            models.CheckConstraint(condition=Q(birth_month__range=(1, 12)), name="people_person_month_of_year"),
            models.CheckConstraint(condition=Q(birth_day__range=(1, 31)), name="people_person_day_of_month"),
        ]


class Identifier(models.Model):
    """A number that names a person, with the days it was theirs. PIN, social-insurance code and card number name one person at a time.

    `resolves`: whoever comes with the number is this person. So it is while the number is theirs, and afterwards as long as nobody else carries it, unless
    it was never rightly theirs (`states.ENDINGS`). One row a number resolves at most.
    """

    pk = models.CompositePrimaryKey("value", "scheme", "valid_from")
    value = models.TextField()
    scheme = models.TextField()
    person_id = models.BigIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    ended_because = models.TextField(null=True)
    resolves = models.BooleanField(db_default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scheme__in=["pin", "si_code", "card", "old_number"]), name="people_identifier_scheme_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="people_identifier_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True, ended_because__isnull=True)
                | Q(valid_until__isnull=False, ended_because__isnull=False, ended_because__in=list(ENDINGS)),
                name="people_identifier_ended_because",
            ),
            models.CheckConstraint(
                condition=Q(resolves=True) | Q(valid_until__isnull=False), name="people_identifier_carried_resolves"
            ),
            models.CheckConstraint(
                condition=Q(resolves=False) | Q(ended_because__isnull=True) | ~Q(ended_because=WRONG),
                name="people_identifier_wrong_names_nobody",
            ),
            # The value comes first: a scheme alone must never look like a way to a person, whatever the planner believes about how many there are.
            models.UniqueConstraint(
                fields=["value", "scheme"],
                include=["person_id"],
                condition=Q(resolves=True, scheme__in=["pin", "si_code", "card"]),
                name="people_identifier_one_name",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person_id", "scheme"],
                condition=Q(valid_until__isnull=True),
                name="people_identifier_of_person",
            ),
            models.Index(
                fields=["person_id", "scheme"],
                condition=Q(valid_until__isnull=False),
                name="people_identifier_former",
            ),
        ]


class Alias(models.Model):
    """A record found to be another person's: it resolves to that person in one step and can be undone by removing the row.

    `merged_into` is the record it was merged into, which may have been merged further since: unmerging follows it.
    """

    alias_person_id = models.BigIntegerField(primary_key=True)
    person_id = models.BigIntegerField()
    merged_into = models.BigIntegerField(null=True)
    merged_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(alias_person_id=F("person_id")), name="people_alias_not_itself"),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="people_alias_of_person"),
            models.Index(fields=["merged_into"], name="people_alias_merged_into"),
        ]


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


class Fact(models.Model):
    """A value of a field that was not always the agency's: who said it, when, how sure, and when the agency knew it. Never rewritten, only superseded.

    Fields that never changed have no rows: the record itself says them, since the day it was recorded.
    """

    pk = models.CompositePrimaryKey("person_id", "field", "recorded_at")
    person_id = models.BigIntegerField()
    field = models.TextField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    value = models.TextField(null=True)
    source = models.TextField()
    said_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    certainty = models.TextField()
    request_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(field__in=list(FIELDS)), name="people_fact_field_known"),
            models.CheckConstraint(condition=Q(certainty__in=list(CERTAINTIES)), name="people_fact_certainty_known"),
            models.UniqueConstraint(
                fields=["person_id", "field"],
                condition=Q(superseded_at__isnull=True),
                name="people_fact_one_current",
            ),
        ]


class Request(models.Model):
    """A decision about a person, as one officer proposed it and, where it takes two, another approved it; with what it touches.

    Person 0 stands for many: an adoption names a field and, as its source, the rule that found the differences.
    """

    request_id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    state = models.TextField(db_default=RequestState.PREPARED.value)
    person_id = models.BigIntegerField()
    other_person_id = models.BigIntegerField(null=True)
    register_pin = models.CharField(max_length=12, null=True)
    field = models.TextField(null=True)
    old_value = models.TextField(null=True)
    new_value = models.TextField(null=True)
    source = models.TextField(null=True)
    evidence = models.TextField(null=True)
    undoes = models.BigIntegerField(null=True)
    effects = models.JSONField()
    reason = models.TextField()
    needs_second = models.BooleanField()
    prepared_by = models.TextField()
    prepared_at = models.DateTimeField()
    approved_by = models.TextField(null=True)
    approved_at = models.DateTimeField(null=True)
    refused_by = models.TextField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            different_people("people_request_two_people"),
            models.CheckConstraint(
                condition=~Q(state=RequestState.APPLIED.value, needs_second=True) | Q(approved_by__isnull=False),
                name="people_request_approved_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(needs_second=True)
                | Q(kind=RequestKind.CONFIRM.value)
                | (Q(kind=RequestKind.CORRECT.value) & ~Q(field__in=GUARDED_FIELDS)),
                name="people_request_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in RequestKind]), name="people_request_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RequestState]), name="people_request_state_known"
            ),
            models.UniqueConstraint(
                fields=["person_id", "kind", "field"],
                condition=Q(state=RequestState.PREPARED.value),
                nulls_distinct=False,
                name="people_request_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="people_request_of_person"),
            models.Index(fields=["other_person_id"], name="people_request_of_other"),
        ]


class Load(models.Model):
    """A file of insured records taken in, so that the same file is never taken in twice."""

    source = models.TextField(primary_key=True)
    first_person_id = models.BigIntegerField()
    persons = models.BigIntegerField()
    loaded_at = models.DateTimeField(db_default=Now())
