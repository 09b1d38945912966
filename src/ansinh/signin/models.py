"""Tables of the room. All are small (officers, not persons), so none is distributed or partitioned."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from ansinh.signin.states import SubjectKind


class Account(models.Model):
    """How somebody proves on our screens that it is them: a password and a second factor. Whether they may still act is asked of the list they are on."""

    account_id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    facility = models.CharField(max_length=5, db_default="")
    officer = models.TextField()
    password = models.TextField(db_default="")
    totp_secret = models.TextField(db_default="")
    totp_step = models.BigIntegerField(db_default=0)
    invitation_digest = models.TextField(null=True)
    invitation_until = models.DateTimeField(null=True)
    invited_at = models.DateTimeField()
    enrolled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "facility", "officer"], name="signin_account_once"),
            models.CheckConstraint(
                condition=(
                    Q(kind=SubjectKind.FACILITY_OFFICER.value) & ~Q(facility="")
                    | Q(kind=SubjectKind.AGENCY_OFFICER.value, facility="")
                ),
                name="signin_account_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(enrolled_at__isnull=True) | ~Q(password="") & ~Q(totp_secret=""),
                name="signin_account_two_factors",
            ),
        ]


class Throttle(models.Model):
    """Wrong tries in a row, by a digest of what they were made on; kept for accounts that do not exist as well, so that nobody can tell."""

    mark = models.TextField(primary_key=True)
    failures = models.IntegerField()
    last_failed_at = models.DateTimeField()
    blocked_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["last_failed_at"], name="signin_throttle_age")]


class Session(AbstractBaseSession):
    """Somebody signed in on our screens. The browser holds the key alone."""

    account_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        db_table = "signin_session"
