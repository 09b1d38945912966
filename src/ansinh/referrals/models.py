"""Tables of the room, distributed by `person_id`. A person has a handful of papers, so they are not partitioned: their states change for a year."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ansinh.referrals.states import AppointmentState, Path, Reach, ReferralState


def _known(field: str, words: type[ReferralState | AppointmentState | Reach | Path]) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})


class Referral(models.Model):
    """A referral paper (giấy chuyển cơ sở khám bệnh, chữa bệnh) as a facility issued it: XML13. Its validity is laid down when it is taken in."""

    pk = models.CompositePrimaryKey("person_id", "referral_id")
    person_id = models.BigIntegerField()
    referral_id = models.IntegerField()
    facility = models.CharField(max_length=5)
    number = models.TextField()
    episode = models.TextField()
    to_facility = models.CharField(max_length=5, null=True)
    issued_on = models.DateField()
    valid_until = models.DateField()
    reach = models.TextField()
    reason = models.SmallIntegerField(null=True)
    path = models.TextField()
    main_diagnosis = models.TextField(null=True)
    diagnosis_text = models.TextField(null=True)
    doctor = models.TextField(null=True)
    sensitive = ArrayField(models.TextField(), default=list)
    state = models.TextField(db_default=ReferralState.ISSUED.value)
    receipt = models.TextField()
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("state", ReferralState), name="referrals_referral_state_known"),
            models.CheckConstraint(condition=_known("reach", Reach), name="referrals_referral_reach_known"),
            models.CheckConstraint(condition=_known("path", Path), name="referrals_referral_path_known"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("issued_on")), name="referrals_referral_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state=ReferralState.WITHDRAWN.value, withdrawn_at__isnull=False)
                | (~Q(state=ReferralState.WITHDRAWN.value) & Q(withdrawn_at__isnull=True)),
                name="referrals_referral_withdrawn_when",
            ),
            models.UniqueConstraint(fields=["person_id", "facility", "number"], name="referrals_referral_once"),
        ]


class Use(models.Model):
    """One visit a referral paper was used for. A paper good for one visit has one use in force: the database says so."""

    pk = models.CompositePrimaryKey("person_id", "referral_id", "use_no")
    person_id = models.BigIntegerField()
    referral_id = models.IntegerField()
    use_no = models.IntegerField()
    reach = models.TextField()
    facility = models.CharField(max_length=5)
    episode = models.TextField()
    officer = models.TextField()
    used_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("reach", Reach), name="referrals_use_reach_known"),
            models.UniqueConstraint(
                fields=["person_id", "referral_id"],
                condition=Q(reach=Reach.ONCE.value, released_at__isnull=True),
                name="referrals_use_only_once",
            ),
            models.UniqueConstraint(
                fields=["person_id", "referral_id", "facility", "episode"],
                condition=Q(released_at__isnull=True),
                name="referrals_use_once_a_visit",
            ),
        ]
        indexes = [models.Index(fields=["person_id", "facility", "episode"], name="referrals_use_of_visit")]


class Appointment(models.Model):
    """A re-examination appointment (giấy hẹn khám lại): XML14. `due_on` the day agreed, `valid_until` the last day it can be kept."""

    pk = models.CompositePrimaryKey("person_id", "appointment_id")
    person_id = models.BigIntegerField()
    appointment_id = models.IntegerField()
    facility = models.CharField(max_length=5)
    number = models.TextField()
    episode = models.TextField()
    issued_on = models.DateField()
    due_on = models.DateField()
    valid_until = models.DateField()
    main_diagnosis = models.TextField(null=True)
    diagnosis_text = models.TextField(null=True)
    doctor = models.TextField(null=True)
    sensitive = ArrayField(models.TextField(), default=list)
    state = models.TextField(db_default=AppointmentState.BOOKED.value)
    kept_for = models.TextField(null=True)
    kept_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    receipt = models.TextField()
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_known("state", AppointmentState), name="referrals_appointment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("issued_on"), valid_until__gte=F("due_on")),
                name="referrals_appointment_days_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state=AppointmentState.KEPT.value) | Q(kept_for__isnull=False, kept_at__isnull=False),
                name="referrals_appointment_kept_when",
            ),
            models.UniqueConstraint(fields=["person_id", "facility", "number"], name="referrals_appointment_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(state=AppointmentState.BOOKED.value, reminded_at__isnull=True),
                name="referrals_appointment_to_tell",
            )
        ]
