"""Tables of the room, as queries see them; made by SQL (migrations/0001_reckoning.sql) because Django knows neither partitions nor grants.

Distribution column: `person_id` where a row is about a payee. Partition column: the month of entry for the room's own ledger lines.
"""

from __future__ import annotations

from django.db import models


class ReadFile(models.Model):
    """A file of a bank that was looked at for statements. Append-only."""

    message_no = models.BigIntegerField(primary_key=True)
    statements = models.IntegerField()
    read_at = models.DateTimeField()

    class Meta:
        managed = False


class Statement(models.Model):
    """A statement of our account at a bank as it says itself, in đồng; `unread` parts could not be read. Append-only."""

    pk = models.CompositePrimaryKey("bank", "message_no", "place")
    bank = models.TextField()
    message_no = models.BigIntegerField()
    place = models.IntegerField()
    on_day = models.DateField()
    statement = models.TextField(null=True)
    account = models.TextField(null=True)
    opening = models.BigIntegerField(null=True)
    closing = models.BigIntegerField(null=True)
    came_in = models.BigIntegerField()
    went_out = models.BigIntegerField()
    lines = models.IntegerField()
    unread = models.IntegerField()

    class Meta:
        managed = False


class Inflow(models.Model):
    """Money that came to our account and names no payment of ours: what a seal was funded with, or unexplained. Append-only."""

    pk = models.CompositePrimaryKey("bank", "booked_on", "reference", "amount")
    bank = models.TextField()
    message_no = models.BigIntegerField()
    line = models.IntegerField()
    booked_on = models.DateField()
    amount = models.BigIntegerField()
    reference = models.TextField()
    words = models.TextField(null=True)
    kind = models.TextField()
    run_id = models.IntegerField(null=True)
    seal_no = models.IntegerField(null=True)
    entry_id = models.BigIntegerField()

    class Meta:
        managed = False


class Posting(models.Model):
    """One ledger line in đồng, plus debit and minus credit; the lines of an entry sum to zero. Append-only."""

    pk = models.CompositePrimaryKey("month", "person_id", "entry_id", "account")
    month = models.IntegerField()
    entry_id = models.BigIntegerField()
    account = models.IntegerField()
    person_id = models.BigIntegerField()
    kind = models.TextField()
    amount = models.BigIntegerField()
    posted_on = models.DateField()
    subject = models.TextField()

    class Meta:
        managed = False


class Sum(models.Model):
    """What a set of ledger lines of payments came to, by account and day; fed by a trigger. Append-only."""

    pk = models.CompositePrimaryKey("pay_month", "account", "posted_on", "sum_no")
    pay_month = models.IntegerField()
    account = models.IntegerField()
    posted_on = models.DateField()
    sum_no = models.BigIntegerField()
    debit = models.BigIntegerField()
    credit = models.BigIntegerField()
    lines = models.BigIntegerField()

    class Meta:
        managed = False


class Difference(models.Model):
    """Where a bank and we differ, named, in đồng: plus is more at the bank than in our books. A case for a person."""

    pk = models.CompositePrimaryKey("bank", "on_day", "kind", "amount", "reference")
    bank = models.TextField()
    on_day = models.DateField()
    kind = models.TextField()
    amount = models.BigIntegerField()
    reference = models.TextField()
    case_id = models.BigIntegerField()
    message_no = models.BigIntegerField(null=True)
    detail = models.TextField()
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(null=True)
    outcome = models.TextField(null=True)

    class Meta:
        managed = False


class Recovery(models.Model):
    """Money a payee, or who came after them, has to give back, by the fund it left. Append-only: what happens to it are events."""

    pk = models.CompositePrimaryKey("person_id", "recovery_id")
    person_id = models.BigIntegerField()
    recovery_id = models.BigIntegerField()
    cause = models.TextField()
    fund = models.IntegerField()
    amount = models.BigIntegerField()
    opened_at = models.DateTimeField()

    class Meta:
        managed = False


class RecoveryItem(models.Model):
    """An obligation that a recovery asks back. Append-only."""

    pk = models.CompositePrimaryKey("person_id", "month", "entitlement_id", "component", "correction")
    person_id = models.BigIntegerField()
    month = models.IntegerField()
    entitlement_id = models.BigIntegerField()
    component = models.TextField()
    correction = models.IntegerField()
    recovery_id = models.BigIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        managed = False


class RecoveryEvent(models.Model):
    """Something that happened to a recovery, with what was left before and after; each links to the one before. Append-only."""

    pk = models.CompositePrimaryKey("person_id", "recovery_id", "event_no")
    person_id = models.BigIntegerField()
    recovery_id = models.BigIntegerField()
    event_no = models.SmallIntegerField()
    event = models.TextField()
    amount = models.BigIntegerField()
    left_before = models.BigIntegerField()
    left_after = models.BigIntegerField()
    reference = models.TextField(null=True)
    bank = models.TextField(null=True)
    officer = models.TextField()
    asked_by = models.TextField(null=True)
    asked_no = models.SmallIntegerField(null=True)
    happened_at = models.DateTimeField()

    class Meta:
        managed = False


class Unclaimed(models.Model):
    """An obligation nobody collected for months, taken off the lists; `pay_month` is when it is paid after it was claimed."""

    pk = models.CompositePrimaryKey("person_id", "month", "entitlement_id", "component", "correction")
    person_id = models.BigIntegerField()
    month = models.IntegerField()
    entitlement_id = models.BigIntegerField()
    component = models.TextField()
    correction = models.IntegerField()
    amount = models.BigIntegerField()
    kind = models.TextField()
    province = models.TextField()
    commune = models.TextField(null=True)
    urban = models.BooleanField()
    set_aside_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.TextField(null=True)
    pay_month = models.IntegerField(null=True)

    class Meta:
        managed = False


class Recall(models.Model):
    """A message that should not be carried out: who asked for it back and why, and what the partner said."""

    batch_id = models.BigIntegerField(primary_key=True)
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    reason = models.TextField()
    outcome = models.TextField(null=True)
    told_at = models.DateTimeField(null=True)
    message_no = models.BigIntegerField(null=True)

    class Meta:
        managed = False
