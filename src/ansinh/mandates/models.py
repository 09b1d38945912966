"""Tables of the room. Distribution columns: `for_person_id` (whose right is used) and `employer_id`. For whom a session acts now is kept with the session."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ansinh.access.constraints import different_people
from ansinh.mandates.states import GRANTABLE, Answer, Circumstance, MandateKind, MandateState, What, Who

LEVEL = 2
"""Mandates are given, taken and used for money only by people signed in at this level of assurance."""

_IN_FORCE = Q(state=MandateState.IN_FORCE.value)
_ENDED = Q(state__in=[MandateState.DECLINED.value, MandateState.REFUSED.value, MandateState.REVOKED.value])


class Rule(models.Model):
    """A cell of the table of who may act for whom, as `rules.csv` says it: functions in the database decide by these rows."""

    pk = models.CompositePrimaryKey("who", "circumstance", "what")
    who = models.TextField()
    circumstance = models.TextField()
    what = models.TextField()
    answer = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(who__in=[one.value for one in Who]), name="mandates_rule_who_known"),
            models.CheckConstraint(
                condition=Q(circumstance__in=[one.value for one in Circumstance]),
                name="mandates_rule_circumstance_known",
            ),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in What]), name="mandates_rule_what_known"),
            models.CheckConstraint(
                condition=Q(answer__in=[one.value for one in Answer]), name="mandates_rule_answer_known"
            ),
        ]


class Mandate(models.Model):
    """Somebody (`person_id`) may act for another (`for_person_id`): by mandate of that person, or as guardian by decision of an authority.

    `given_*` is the giver's half, or the officer's who prepared it; `agreed_*` the other half. `scopes`: what it grants.
    """

    pk = models.CompositePrimaryKey("for_person_id", "mandate_id")
    for_person_id = models.BigIntegerField()
    mandate_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    kind = models.TextField()
    scopes = ArrayField(models.TextField())
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    paper = models.TextField(db_default="")
    state = models.TextField()
    given_by = models.TextField()
    given_at = models.DateTimeField()
    given_level = models.SmallIntegerField(null=True)
    agreed_by = models.TextField(null=True)
    agreed_at = models.DateTimeField(null=True)
    agreed_level = models.SmallIntegerField(null=True)
    ended_by = models.TextField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person_id"], name="mandates_mandate_of_actor")]
        constraints = [
            different_people("mandates_mandate_two_people", maker="given_by", checker="agreed_by"),
            models.CheckConstraint(condition=~Q(person_id=F("for_person_id")), name="mandates_mandate_for_another"),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in MandateKind]), name="mandates_mandate_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in MandateState]), name="mandates_mandate_state_known"
            ),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=[one.value for one in GRANTABLE], scopes__len__gt=0),
                name="mandates_mandate_scopes_known",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True, kind=MandateKind.GUARDIAN.value)
                | Q(valid_until__isnull=False, valid_until__gt=F("valid_from")),
                name="mandates_mandate_ends",
            ),
            models.CheckConstraint(
                condition=Q(kind=MandateKind.GUARDIAN.value) | Q(given_level=LEVEL),
                name="mandates_mandate_given_at_level",
            ),
            models.CheckConstraint(
                condition=~_IN_FORCE
                | Q(agreed_by__isnull=False, agreed_at__isnull=False)
                & (Q(kind=MandateKind.GUARDIAN.value) | Q(agreed_level__isnull=False, agreed_level=LEVEL)),
                name="mandates_mandate_agreed_by_both",
            ),
            models.CheckConstraint(
                condition=Q(kind=MandateKind.DELEGATE.value) | ~Q(paper=""), name="mandates_mandate_guardian_paper"
            ),
            models.CheckConstraint(
                condition=~_ENDED | Q(ended_by__isnull=False, ended_at__isnull=False), name="mandates_mandate_ended_by"
            ),
            models.UniqueConstraint(
                fields=["for_person_id", "person_id", "kind"],
                condition=Q(state__in=["offered", "prepared", "in_force"]),
                name="mandates_mandate_once",
            ),
        ]


class Representative(models.Model):
    """Somebody may send in an employer's declarations: prepared by one officer from the employer's paper, approved by another."""

    pk = models.CompositePrimaryKey("employer_id", "mandate_id")
    employer_id = models.BigIntegerField()
    mandate_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    paper = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    state = models.TextField()
    given_by = models.TextField()
    given_at = models.DateTimeField()
    agreed_by = models.TextField(null=True)
    agreed_at = models.DateTimeField(null=True)
    ended_by = models.TextField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person_id"], name="mandates_rep_of_actor")]
        constraints = [
            different_people("mandates_rep_two_people", maker="given_by", checker="agreed_by"),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "in_force", "refused", "revoked"]), name="mandates_rep_state_known"
            ),
            models.CheckConstraint(
                condition=~_IN_FORCE | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="mandates_rep_agreed_by_two",
            ),
            models.CheckConstraint(
                condition=~_ENDED | Q(ended_by__isnull=False, ended_at__isnull=False), name="mandates_rep_ended_by"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")), name="mandates_rep_ends"
            ),
            models.CheckConstraint(condition=~Q(paper=""), name="mandates_rep_paper"),
            models.UniqueConstraint(
                fields=["employer_id", "person_id"],
                condition=Q(state__in=["prepared", "in_force"]),
                name="mandates_rep_once",
            ),
        ]
