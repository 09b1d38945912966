"""The face's tables: what this officer looked up today, with masked numbers; and what was answered without a line, until the agency was asked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Look(models.Model):
    """A look-up of today, for the officer's own list and for mornings when the gateway is away. The record proper is the audit's."""

    look_id = models.BigAutoField(primary_key=True)
    account_id = models.BigIntegerField()
    looked_at = models.DateTimeField()
    masked_number = models.TextField()
    session_mark = models.TextField()
    verdict = models.TextField()
    share_percent = models.SmallIntegerField(null=True)
    valid_until = models.DateField(null=True)
    audit_reference = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share_percent__isnull=True) | Q(share_percent__range=(0, 100)), name="desk_look_share"
            ),
        ]
        indexes = [
            models.Index(fields=["account_id", "-look_id"], name="desk_look_of_account"),
            models.Index(fields=["looked_at"], name="desk_look_age"),
        ]


class OfflineLook(models.Model):
    """A card proven by its signature because no line was there. Its number is kept until the gateway was asked, and no longer."""

    look_id = models.BigAutoField(primary_key=True)
    facility = models.TextField()
    officer = models.TextField()
    looked_at = models.DateTimeField()
    verdict = models.TextField()
    list_age_seconds = models.IntegerField(null=True)
    card_number = models.TextField(null=True)
    sent_at = models.DateTimeField(null=True)
    audit_reference = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(card_number__isnull=True), name="desk_offlinelook_forgets_number"
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "look_id"], condition=Q(sent_at__isnull=True), name="desk_offlinelook_waiting"
            ),
        ]
