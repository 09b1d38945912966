"""Tables of the room. Distribution column: `person_id`. Messages are partitioned by the month of the day their fact is about (`fact_on`)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ansinh.notices.states import CHANNELS, OPEN, PUBLIC_NAMES


class Address(models.Model):
    """Where a person wants to be told: an installed app, a telephone number, an e-mail address, lines for a letter; one of each kind."""

    pk = models.CompositePrimaryKey("person_id", "kind")
    person_id = models.BigIntegerField()
    kind = models.TextField()
    address = models.TextField()
    language = models.CharField(max_length=2)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(CHANNELS)), name="notices_address_kind_known"),
            models.CheckConstraint(condition=Q(language__in=["vi", "en"]), name="notices_address_language_known"),
        ]


class Message(models.Model):
    """A message about one fact to one person. The same fact is told once; `message_id` is the key by which the provider knows a retry.

    `address` and `language` are fixed at the first attempt, so that a retry is the same message, and `address` is emptied when the message is settled.
    """

    pk = models.CompositePrimaryKey("person_id", "message_id", "fact_on")
    person_id = models.BigIntegerField()
    message_id = models.UUIDField()
    fact_on = models.DateField()
    fact = models.TextField()
    template = models.TextField()
    parameters = models.JSONField()
    state = models.TextField()
    outcome = models.TextField(null=True)
    kind = models.TextField(null=True)
    address = models.TextField(null=True)
    language = models.CharField(max_length=2, null=True)
    provider_reference = models.TextField(null=True)
    attempts = models.SmallIntegerField()
    queued_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "fact", "template", "fact_on"], name="notices_message_fact_once"
            ),
            models.CheckConstraint(condition=Q(state__in=list(PUBLIC_NAMES)), name="notices_message_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=list(OPEN), settled_at__isnull=True, next_attempt_at__isnull=False)
                | Q(
                    ~Q(state__in=list(OPEN)),
                    settled_at__isnull=False,
                    next_attempt_at__isnull=True,
                    address__isnull=True,
                ),
                name="notices_message_settled_or_due",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
                name="notices_message_sent_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(next_attempt_at__isnull=False), name="notices_message_due"
            ),
        ]


class Attempt(models.Model):
    """A message handed out by one channel: at most once each, says the key. The message's own columns tell of the channel that is being tried."""

    pk = models.CompositePrimaryKey("person_id", "message_id", "kind", "fact_on")
    person_id = models.BigIntegerField()
    message_id = models.UUIDField()
    kind = models.TextField()
    fact_on = models.DateField()
    turn = models.SmallIntegerField()
    state = models.TextField()
    outcome = models.TextField(null=True)
    provider_reference = models.TextField(null=True)
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        # Partitioned like messages, so the migration's SQL makes it.
        managed = False
