"""Tables of the room, distributed by `person_id`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ansinh.cards.states import CardEvent, CardState, StandingStatus


class Card(models.Model):
    """A card number issued to a person; a person whose object code, level or province changes gets another."""

    pk = models.CompositePrimaryKey("person_id", "card_number")
    person_id = models.BigIntegerField()
    card_number = models.CharField(max_length=15)
    object_code = models.CharField(max_length=2)
    level = models.SmallIntegerField()
    issued_on = models.DateField()
    state = models.TextField(db_default="issued")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="cards_card_level_in_range"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in CardState]), name="cards_card_state_known"
            ),
        ]


class Event(models.Model):
    """What an officer did to a card, with its day of effect; never rewritten. A card without events is as it was issued."""

    pk = models.CompositePrimaryKey("person_id", "event_id")
    person_id = models.BigIntegerField()
    event_id = models.BigIntegerField()
    card_number = models.CharField(max_length=15)
    event = models.TextField()
    state = models.TextField()
    effect_on = models.DateField()
    other_number = models.CharField(max_length=15, null=True)
    facility = models.CharField(max_length=5, null=True)
    reason = models.TextField()
    actor_kind = models.TextField()
    actor_reference = models.TextField()
    request_key = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(event__in=[event.value for event in CardEvent]), name="cards_event_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in CardState]), name="cards_event_state_known"
            ),
            models.UniqueConstraint(fields=["person_id", "request_key"], name="cards_event_asked_once"),
        ]
        indexes = [models.Index(fields=["effect_on"], name="cards_event_of_day")]


class Copayment(models.Model):
    """What a patient paid of a visit themselves, in đồng; `counted` is false for the wrong path. Partitioned by year of payment: sums are of a year."""

    pk = models.CompositePrimaryKey("person_id", "paid_on", "facility", "visit")
    person_id = models.BigIntegerField()
    paid_on = models.DateField()
    facility = models.CharField(max_length=5)
    visit = models.TextField()
    admitted_on = models.DateField()
    category = models.TextField(null=True)
    amount = models.BigIntegerField()
    counted = models.BooleanField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="cards_copayment_not_negative"),
            models.CheckConstraint(
                condition=Q(paid_on__gte=F("admitted_on")), name="cards_copayment_paid_after_admission"
            ),
        ]


class Temporary(models.Model):
    """The temporary number of a child that has no card yet."""

    pk = models.CompositePrimaryKey("person_id", "number")
    person_id = models.BigIntegerField()
    number = models.CharField(max_length=15)
    province = models.CharField(max_length=2)
    valid_from = models.DateField()
    valid_until = models.DateField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="cards_temporary_ends_after_start"
            ),
            models.UniqueConstraint(fields=["person_id"], name="cards_temporary_one_a_person"),
        ]


class Standing(models.Model):
    """How a person is insured, as hospitals are told: a projection of person, identifiers, participation and card that can be rebuilt at any time.

    `former_` and `next_` are the neighbours of the stretch shown; `copay_` are the sums of this year, in đồng, and nothing when there are none;
    `changes_on` is the next day on which the row will differ, if that is known already.
    """

    person_id = models.BigIntegerField(primary_key=True)
    pin = models.CharField(max_length=12, null=True)
    si_code = models.CharField(max_length=10, null=True)
    card_number = models.CharField(max_length=15, null=True)
    full_name = models.TextField()
    sex = models.CharField(max_length=1, null=True)
    birth_year = models.SmallIntegerField(null=True)
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)
    object_code = models.CharField(max_length=2)
    level = models.SmallIntegerField()
    area = models.CharField(max_length=2, null=True)
    facility = models.CharField(max_length=5)
    valid_from = models.DateField()
    valid_until = models.DateField()
    status = models.TextField()
    five_years_on = models.DateField(null=True)
    address = models.TextField(null=True)
    issuing_office = models.TextField(null=True)
    temporary_number = models.CharField(max_length=15, null=True)
    former_card_number = models.CharField(max_length=15, null=True)
    next_card_number = models.CharField(max_length=15, null=True)
    next_valid_from = models.DateField(null=True)
    next_valid_until = models.DateField(null=True)
    next_facility = models.CharField(max_length=5, null=True)
    copay_year = models.SmallIntegerField(null=True)
    copay_total = models.BigIntegerField(db_default=0)
    copay_exempt_on = models.DateField(null=True)
    changes_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in StandingStatus]), name="cards_standing_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["changes_on"], condition=Q(changes_on__isnull=False), name="cards_standing_changes"),
        ]


class DialectMiss(models.Model):
    """How often in an hour a person was asked for at the compatible door with a wrong name, birth date or card number, whoever asked."""

    pk = models.CompositePrimaryKey("person_id", "hour")
    person_id = models.BigIntegerField()
    hour = models.DateTimeField()
    misses = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["hour"], name="cards_dialectmiss_hour")]
