"""Tables of the room, as queries see them; made by SQL (migrations/0001_audit.sql) because Django knows neither partitions nor grants.

Distribution columns: `actor_reference` for acts, `person_id` for look-ups, `chain_id` for chains. Partition column: the moment, by month.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Act(models.Model):
    """One run of an operation: who did what, why, and what came of it."""

    pk = models.CompositePrimaryKey("actor_reference", "acted_at", "act_id")
    acted_at = models.DateTimeField(db_default=Now())
    act_id = models.BigIntegerField()
    act = models.TextField()
    actor_kind = models.TextField()
    actor_reference = models.TextField()
    reason = models.TextField()
    outcome = models.TextField()
    facts = models.JSONField()

    class Meta:
        managed = False


class Access(models.Model):
    """One question about a person and what it was answered; `person_id` 0 when nobody was found."""

    pk = models.CompositePrimaryKey("person_id", "asked_at", "id")
    asked_at = models.DateTimeField()
    id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    client_no = models.IntegerField()
    purpose = models.SmallIntegerField()
    call = models.SmallIntegerField()
    key_kind = models.SmallIntegerField()
    result = models.SmallIntegerField()
    facility = models.TextField()
    officer = models.TextField()

    class Meta:
        managed = False


class Chain(models.Model):
    """The chain of one connection of one gateway worker: how many links it has, and the digest of the last."""

    chain_id = models.BigIntegerField(primary_key=True)
    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    links = models.BigIntegerField()
    head = models.BinaryField()

    class Meta:
        managed = False


class Link(models.Model):
    """One batch of look-ups, digested together with the link before it."""

    pk = models.CompositePrimaryKey("chain_id", "linked_at", "seq")
    linked_at = models.DateTimeField()
    chain_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    link = models.BigIntegerField()
    row_count = models.IntegerField()
    previous = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        managed = False


class Head(models.Model):
    """A chain's head at one moment, signed with a key that the database does not hold."""

    pk = models.CompositePrimaryKey("chain_id", "signed_at")
    signed_at = models.DateTimeField()
    chain_id = models.BigIntegerField()
    links = models.BigIntegerField()
    head = models.BinaryField()
    signature = models.TextField()

    class Meta:
        managed = False


class FormerAccess(models.Model):
    """A look at a person as the former system logged it; `person_id` 0 when nobody was found. No chain holds these rows."""

    pk = models.CompositePrimaryKey("person_id", "asked_at", "row_no")
    asked_at = models.DateTimeField()
    row_no = models.BigIntegerField()
    person_id = models.BigIntegerField()
    key_kind = models.SmallIntegerField()
    facility = models.TextField()
    officer = models.TextField()
    call = models.SmallIntegerField(db_default=1)

    class Meta:
        managed = False
        db_table = "audit_former_access"


class FormerLoad(models.Model):
    """A file of former look-ups taken in, so that it is never taken in twice."""

    source = models.TextField(primary_key=True)
    row_count = models.BigIntegerField()
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        managed = False
        db_table = "audit_former_load"


class XRoad(models.Model):
    """What a caller behind an X-Road security server said of a look-up: statements of the client, proven by nothing."""

    pk = models.CompositePrimaryKey("facility", "asked_at", "audit_id")
    asked_at = models.DateTimeField()
    audit_id = models.BigIntegerField()
    facility = models.TextField()
    client = models.TextField()
    service = models.TextField(null=True)
    message_id = models.TextField()
    request_id = models.TextField(null=True)
    user_id = models.TextField(null=True)
    issue = models.TextField(null=True)
    represented_party = models.TextField(null=True)
    security_server = models.TextField(null=True)
    request_sha256 = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "audit_xroad"
