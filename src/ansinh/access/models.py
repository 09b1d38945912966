"""Tables of the room. All are small (officers and facilities, not persons), so none is distributed or partitioned."""

from __future__ import annotations

import re

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ansinh.access.constraints import different_people
from ansinh.access.states import (
    COVER_MAX,
    OPEN_GRANT_STATES,
    ClientState,
    DoorState,
    GrantState,
)
from ansinh.access.tokens import (
    APP_SCOPES,
    RATE_PER_SECOND,
    RATE_PER_SECOND_MAX,
    STATISTICS_EXPORT,
    STATISTICS_SCOPES,
)

# Who founds the administration; no officer can be called so, because officer numbers have a dot.
FOUNDER = "operator"
FOUNDING_SEATS = (1, 2)
_OF_APPS = "|".join(APP_SCOPES)
_OF_STATISTICS = "|".join(re.escape(scope) for scope in STATISTICS_SCOPES)


class Officer(models.Model):
    """Somebody who works for the agency."""

    officer_no = models.TextField(primary_key=True)
    name = models.TextField()
    unit = models.TextField()
    active = models.BooleanField(default=True)
    registered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(officer_no__regex=r"^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$"),
                name="access_officer_number_form",
            ),
        ]


class RoleGrant(models.Model):
    """A role for an officer: prepared by one officer, approved by another, who is not the one it is for.

    The first two administrators have nobody to approve them: they sit on the two founding seats, and there are only two.
    `provinces`: where it holds, NULL in the whole country. It holds from its approval, or from `valid_from` if that is later, and ends by itself.
    `covers`: the officer whose role it is, lent for a while (leave, delegation); it gives no more than they hold at the time.
    """

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, db_column="officer_no", related_name="+")
    role = models.TextField()
    state = models.TextField(default=GrantState.PREPARED.value)
    founding_seat = models.SmallIntegerField(null=True, unique=True)
    prepared_by = models.TextField()
    prepared_at = models.DateTimeField()
    approved_by = models.TextField(null=True)
    approved_at = models.DateTimeField(null=True)
    ended_by = models.TextField(null=True)
    ended_at = models.DateTimeField(null=True)
    provinces = ArrayField(models.CharField(max_length=2), null=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    covers = models.ForeignKey(Officer, on_delete=models.PROTECT, db_column="covers", related_name="+", null=True)

    class Meta:
        constraints = [
            different_people("access_rolegrant_two_people"),
            models.CheckConstraint(
                condition=Q(covers__isnull=True) | (~Q(covers=F("officer")) & Q(provinces__isnull=True)),
                name="access_rolegrant_covers_another",
            ),
            models.CheckConstraint(
                condition=Q(covers__isnull=True) | Q(approved_by__isnull=True) | ~Q(approved_by=F("covers")),
                name="access_rolegrant_not_for_oneself",
            ),
            models.CheckConstraint(
                condition=Q(covers__isnull=True)
                | Q(
                    valid_from__isnull=False,
                    valid_until__isnull=False,
                    valid_until__lte=F("valid_from") + COVER_MAX,
                ),
                name="access_rolegrant_cover_ends",
            ),
            models.CheckConstraint(
                condition=Q(provinces__isnull=True) | Q(provinces__len__gt=0), name="access_rolegrant_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="access_rolegrant_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("officer")),
                name="access_rolegrant_not_own",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in GrantState]), name="access_rolegrant_state_known"
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(state__in=[GrantState.APPROVED.value, GrantState.ENDED.value])
                    | Q(approved_by__isnull=False, approved_at__isnull=False)
                    | Q(founding_seat__isnull=False)
                ),
                name="access_rolegrant_approved_by_whom",
            ),
            models.CheckConstraint(
                condition=(
                    Q(founding_seat__isnull=True, prepared_by__contains=".")
                    | Q(founding_seat__in=FOUNDING_SEATS, prepared_by=FOUNDER, role="administrator")
                ),
                name="access_rolegrant_founded_or_prepared",
            ),
            models.UniqueConstraint(
                fields=["officer", "role"],
                condition=Q(state__in=[state.value for state in OPEN_GRANT_STATES]),
                name="access_rolegrant_one_open",
            ),
        ]


class Client(models.Model):
    """A machine that calls us on behalf of a facility; or an app citizens sign in to, or a body that makes statistics: these have none, and other scopes.

    We know only the public halves of its keys. `rate_per_second`: how much it may ask.
    """

    client_no = models.BigAutoField(primary_key=True)
    client_id = models.TextField(unique=True)
    facility = models.CharField(max_length=5)
    name = models.TextField()
    public_keys = models.JSONField()
    scope = models.TextField()
    state = models.TextField(default=ClientState.ACTIVE.value)
    rate_per_second = models.IntegerField(db_default=RATE_PER_SECOND)
    registered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ClientState]), name="access_client_state_known"
            ),
            models.CheckConstraint(
                condition=Q(rate_per_second__range=(1, RATE_PER_SECOND_MAX)), name="access_client_rate_in_bounds"
            ),
            models.CheckConstraint(
                condition=(
                    Q(facility="", scope__regex=rf"^({_OF_APPS})( ({_OF_APPS}))*$")
                    | Q(facility="", scope__regex=rf"^({_OF_STATISTICS})( ({_OF_STATISTICS}))*$")
                    | (~Q(facility="") & ~Q(scope__regex=rf"(^| )({_OF_APPS}|{STATISTICS_EXPORT})( |$)"))
                ),
                name="access_client_scope_of_its_kind",
            ),
        ]
        indexes = [models.Index(fields=["facility"], name="access_client_of_facility")]


class FacilityOfficer(models.Model):
    """Somebody at a facility in whose name its machines may ask."""

    facility = models.CharField(max_length=5)
    officer = models.TextField()
    name = models.TextField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "officer"], name="access_facilityofficer_once"),
        ]


class AssertionSeen(models.Model):
    """A client assertion already used, remembered until it would have expired anyway."""

    pk = models.CompositePrimaryKey("client_id", "jti")
    client_id = models.TextField()
    jti = models.TextField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="access_assertionseen_expiry")]


class DialectAccount(models.Model):
    """How a facility's older software signs in at the compatible door: a user name, and the Argon2 hash of the MD5 of a password it sends.

    Its client is the one look-ups through this door are recorded under. `networks`: the registered addresses; none means any.
    """

    client = models.OneToOneField(
        Client, on_delete=models.PROTECT, primary_key=True, db_column="client_no", related_name="+"
    )
    username = models.TextField(unique=True)
    facility = models.CharField(max_length=5, unique=True)
    password_hash = models.TextField()
    networks = models.JSONField(default=list)
    sandbox = models.BooleanField(default=False)
    state = models.TextField(default=DoorState.OPEN.value)
    registered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DoorState]), name="access_dialectaccount_state_known"
            ),
            models.CheckConstraint(
                condition=Q(password_hash__startswith="$argon2id$"),  # noqa: S106  # how every Argon2 hash begins
                name="access_dialectaccount_hashed",
            ),
        ]


class DialectFailure(models.Model):
    """Wrong passwords in a row at the compatible door, of an account, of an address, or of both together, and until when no more are heard."""

    subject = models.TextField(primary_key=True)
    failures = models.IntegerField()
    last_at = models.DateTimeField()
    shut_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="access_dialectfailure_last")]
