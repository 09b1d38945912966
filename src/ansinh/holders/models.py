"""Table of the room. Distribution column: `account`; the bank belongs to the key because numbers are a bank's own."""

from __future__ import annotations

from django.db import models

from ansinh.holders.states import HolderState

_STATES = [(one.value, one.value) for one in HolderState]


class HolderAnswer(models.Model):
    """What a bank said of an account at a moment; the holder's name where it is open. Append-only."""

    pk = models.CompositePrimaryKey("bank", "account", "asked_at")
    bank = models.TextField()
    account = models.TextField()
    asked_at = models.DateTimeField()
    state = models.TextField(choices=_STATES)
    name = models.TextField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[one.value for one in HolderState]), name="holders_answer_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", name__isnull=False)
                | (~models.Q(state="open") & models.Q(name__isnull=True)),
                name="holders_answer_named_when_open",
            ),
        )
