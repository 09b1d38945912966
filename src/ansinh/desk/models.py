"""The face's one table: what this officer looked up today, without names and with masked numbers."""

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
