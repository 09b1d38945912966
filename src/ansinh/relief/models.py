"""Tables of the room, as queries see them; made by SQL (migrations/0001_initial.sql) because Django knows neither partitions nor grants.

Distribution column: `person_id` of `relief_move`, partitioned by month of payment; the others are small and stand whole on every node.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Emergency(models.Model):
    """A storm or an epidemic: months paid together, how people are reached, between which days, by which legal act; declared and approved by two people."""

    emergency_id = models.IntegerField(primary_key=True)
    request_key = models.TextField()
    name = models.TextField()
    act = models.TextField()
    months = ArrayField(models.IntegerField())
    to_account = models.BooleanField()
    otherwise = models.TextField()
    from_on = models.DateField()
    until_on = models.DateField()
    state = models.TextField()
    declared_by = models.TextField()
    declared_at = models.DateTimeField()
    approved_by = models.TextField(null=True)
    approved_at = models.DateTimeField(null=True)
    ended_by = models.TextField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed = False


class Area(models.Model):
    """A commune the emergency covers; an empty commune says the whole province, also payees whose commune is not known."""

    pk = models.CompositePrimaryKey("emergency_id", "province", "commune")
    emergency_id = models.IntegerField()
    province = models.TextField()
    commune = models.TextField()
    in_force = models.BooleanField()

    class Meta:
        managed = False


class Run(models.Model):
    """A payment run the emergency opened for its months, or whose payments it sends another way."""

    pk = models.CompositePrimaryKey("emergency_id", "run_id")
    emergency_id = models.IntegerField()
    run_id = models.IntegerField()
    opened = models.BooleanField()
    joined_by = models.TextField()
    joined_at = models.DateTimeField()

    class Meta:
        managed = False


class Recall(models.Model):
    """A list asked back from the post. What the post said stands among the batch's events. Append-only."""

    pk = models.CompositePrimaryKey("emergency_id", "batch_id")
    emergency_id = models.IntegerField()
    batch_id = models.BigIntegerField()
    run_id = models.IntegerField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()

    class Meta:
        managed = False


class Diversion(models.Model):
    """One act of sending payments another way, or back: how many persons and how much money, by the new channel. Append-only."""

    pk = models.CompositePrimaryKey("emergency_id", "diversion_no")
    emergency_id = models.IntegerField()
    diversion_no = models.IntegerField()
    run_id = models.IntegerField()
    round = models.SmallIntegerField()
    back = models.BooleanField()
    to_account = models.IntegerField()
    to_account_amount = models.BigIntegerField()
    to_home = models.IntegerField()
    to_home_amount = models.BigIntegerField()
    to_cash = models.IntegerField()
    to_cash_amount = models.BigIntegerField()
    done_by = models.TextField()
    done_at = models.DateTimeField()

    class Meta:
        managed = False


class Move(models.Model):
    """An attempt an emergency made, beside the channel the one before it had. Append-only."""

    pk = models.CompositePrimaryKey("pay_month", "order_id", "attempt_no", "person_id")
    pay_month = models.IntegerField()
    order_id = models.BigIntegerField()
    attempt_no = models.SmallIntegerField()
    person_id = models.BigIntegerField()
    emergency_id = models.IntegerField()
    diversion_no = models.IntegerField()
    channel_before = models.TextField()
    channel = models.TextField()
    amount = models.BigIntegerField()

    class Meta:
        managed = False


class List(models.Model):
    """A numbered list signed to be paid from without a network: the digest printed on it, and the signature. Append-only."""

    pk = models.CompositePrimaryKey("emergency_id", "batch_id")
    emergency_id = models.IntegerField()
    batch_id = models.BigIntegerField()
    run_id = models.IntegerField()
    message_id = models.TextField()
    sha256 = models.BinaryField()
    signature = models.TextField()
    lines = models.IntegerField()
    amount = models.BigIntegerField()
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        managed = False
