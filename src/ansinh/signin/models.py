"""Tables of the room. Those of officers are small and neither distributed nor partitioned. Of citizens, sessions are distributed by the digest of their
key, which is how they are found, and the list of sign-ins by `person_id`, in months."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ansinh.signin.states import Channel, SubjectKind


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


class CitizenSession(models.Model):
    """A citizen signed in. The browser holds the key alone; `session_id` names the session on pages and is worth nothing without it."""

    key_digest = models.TextField(primary_key=True)
    session_id = models.TextField()
    person_id = models.BigIntegerField()
    level = models.SmallIntegerField()
    channel = models.TextField()
    device = models.TextField()
    language = models.CharField(max_length=2)
    issuer = models.TextField()
    subject = models.TextField()
    provider_session = models.TextField()
    id_token = models.TextField()
    acting_for = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    level_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=[1, 2]), name="signin_citizensession_level_known"),
            models.CheckConstraint(
                condition=Q(channel__in=[one.value for one in Channel]), name="signin_citizensession_channel_known"
            ),
            models.CheckConstraint(condition=Q(language__in=["vi", "en"]), name="signin_citizensession_language"),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="signin_citizensession_person"),
            models.Index(fields=["issuer", "subject"], name="signin_citizensession_subject"),
            models.Index(fields=["issuer", "provider_session"], name="signin_citizensession_sid"),
        ]


class CitizenEntry(models.Model):
    """One sign-in of a citizen, or a step up. Made by SQL, because Django does not know partitions."""

    pk = models.CompositePrimaryKey("person_id", "entered_at", "entry_id")
    person_id = models.BigIntegerField()
    entered_at = models.DateTimeField()
    entry_id = models.UUIDField()
    kind = models.TextField()
    channel = models.TextField()
    level = models.SmallIntegerField()
    device = models.TextField()

    class Meta:
        managed = False


class EidRequest(models.Model):
    """A request to the e-ID that is not answered yet, distributed by the digest of its state."""

    state_digest = models.TextField(primary_key=True)
    browser_digest = models.TextField()
    nonce = models.TextField()
    verifier = models.TextField()
    level = models.SmallIntegerField()
    channel = models.TextField()
    language = models.CharField(max_length=2)
    next_path = models.TextField()
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=[1, 2]), name="signin_eidrequest_level_known"),
            models.CheckConstraint(condition=Q(next_path__startswith="/"), name="signin_eidrequest_stays_here"),
        ]
        indexes = [models.Index(fields=["opened_at"], name="signin_eidrequest_age")]


class HeardLogout(models.Model):
    """A message of the e-ID that a session ended, by its digest, so that it is heard once; distributed by it."""

    digest = models.TextField(primary_key=True)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="signin_heardlogout_age")]


class FormerEntryLog(models.Model):
    """A log of sign-ins of the former system, taken in once; named by the nation's files. A few rows."""

    source = models.TextField(primary_key=True)
    row_count = models.BigIntegerField()
    loaded_at = models.DateTimeField(db_default=Now())
