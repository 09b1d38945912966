"""Tables of the room. Distribution columns: `list_no` of what was issued (a list is fetched whole), the code's digest of an offer; the rest is small."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ansinh.credentials.states import Kind

_KINDS = [kind.value for kind in Kind]


class CredentialOffer(models.Model):
    """A code a wallet exchanges once for a token, and that token: digests alone.

    Proven by the transaction code, which another screen showed (`tries_left`), or by the secret behind the challenge of the wallet a citizen permitted.
    """

    code_sha256 = models.BinaryField(primary_key=True)
    person_id = models.BigIntegerField()
    kinds = ArrayField(models.TextField())
    tx_code_sha256 = models.BinaryField(null=True)
    challenge = models.TextField(null=True)
    client_id = models.TextField(null=True)
    redirect_uri = models.TextField(null=True)
    tries_left = models.SmallIntegerField()
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    token_sha256 = models.BinaryField(null=True)
    token_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "credentials_offer"
        constraints = [
            models.CheckConstraint(
                condition=Q(token_sha256__isnull=True, token_until__isnull=True)
                | Q(token_sha256__isnull=False, token_until__isnull=False),
                name="credentials_offer_token_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    tx_code_sha256__isnull=False,
                    challenge__isnull=True,
                    client_id__isnull=True,
                    redirect_uri__isnull=True,
                )
                | Q(
                    tx_code_sha256__isnull=True,
                    challenge__isnull=False,
                    client_id__isnull=False,
                    redirect_uri__isnull=False,
                ),
                name="credentials_offer_proven_one_way",
            ),
            models.CheckConstraint(condition=Q(tries_left__gte=0), name="credentials_offer_tries_not_negative"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("offered_at")), name="credentials_offer_ends"),
        ]
        indexes = [
            models.Index(fields=["token_sha256"], condition=Q(token_sha256__isnull=False), name="credentials_of_token"),
            models.Index(fields=["expires_at"], name="credentials_offer_over"),
        ]


class Wallet(models.Model):
    """A wallet that may ask citizens for their papers, and where exactly it may be answered."""

    client_id = models.TextField(primary_key=True)
    name = models.TextField()
    redirect_uris = ArrayField(models.TextField())
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "credentials_wallet"


class UsedNonce(models.Model):
    """A nonce a key proof used, or the name of a wallet's request that was answered: none is used twice. Kept while it could be."""

    nonce_sha256 = models.BinaryField(primary_key=True)
    used_at = models.DateTimeField()

    class Meta:
        db_table = "credentials_usednonce"
        indexes = [models.Index(fields=["used_at"], name="credentials_nonce_over")]


class StatusList(models.Model):
    """A list of statuses and how many of its places are taken; a new one is opened when half are."""

    list_no = models.AutoField(primary_key=True)
    taken = models.IntegerField(default=0, db_default=0)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "credentials_list"


class IssuedCredential(models.Model):
    """A credential at its random place: of whom, of what (`reference`: the card, the paper), until when. Not what it says."""

    pk = models.CompositePrimaryKey("list_no", "place")
    list_no = models.IntegerField()
    place = models.IntegerField()
    person_id = models.BigIntegerField()
    kind = models.TextField()
    reference = models.TextField()
    holder_bound = models.BooleanField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    notification_sha256 = models.BinaryField(null=True)
    outcome = models.TextField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "credentials_issued"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="credentials_issued_kind_known"),
            models.CheckConstraint(condition=Q(place__gte=0), name="credentials_issued_place_not_negative"),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True)
                | Q(outcome__in=["credential_accepted", "credential_failure", "credential_deleted"]),
                name="credentials_issued_outcome_known",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="credentials_issued_of_person"),
            models.Index(
                fields=["notification_sha256"],
                condition=Q(notification_sha256__isnull=False),
                name="credentials_issued_told",
            ),
        ]
