"""Tables of the room. Distribution columns: `pin`, for events `event_id`. What grows with time is partitioned by month.

A person here is a number the register gave; who of the agency's people that is, the room `people` decides.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ansinh.registry.states import PARKING_REASONS, PUBLIC_NAMES, REPORT_NAMES


class Person(models.Model):
    """A person of the register as last heard. `version` counts the events about the number, `feed_no` names the last one shown (0: none since a whole record).

    `valid_from` is the day from which the record is true, `recorded_at` the moment the agency learned it. `digest` is made by the database, of what both
    sides hash.
    """

    pin = models.CharField(max_length=12, primary_key=True)
    old_number = models.CharField(max_length=9, null=True)
    full_name = models.TextField()
    sex = models.CharField(max_length=1)
    birth_year = models.SmallIntegerField()
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)
    commune = models.CharField(max_length=5)
    province = models.CharField(max_length=2)
    household = models.BigIntegerField()
    father_pin = models.CharField(max_length=12, null=True)
    mother_pin = models.CharField(max_length=12, null=True)
    spouse_pin = models.CharField(max_length=12, null=True)
    registered_on = models.DateField()
    died_on = models.DateField(null=True)
    cancelled_on = models.DateField(null=True)
    replaced_by = models.CharField(max_length=12, null=True)
    replaces = models.CharField(max_length=12, null=True)
    version = models.IntegerField()
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    feed_no = models.BigIntegerField()
    digest = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["father_pin"], condition=Q(father_pin__isnull=False), name="registry_person_of_father"
            ),
            models.Index(
                fields=["mother_pin"], condition=Q(mother_pin__isnull=False), name="registry_person_of_mother"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=["M", "F"]), name="registry_person_sex_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="registry_person_version_counts"),
        ]


class FormerRecord(models.Model):
    """A record as it was known until `superseded_at`; the first to be changed in a version's place ends it. `record` holds the person's columns."""

    pk = models.CompositePrimaryKey("pin", "version", "superseded_at")
    pin = models.CharField(max_length=12)
    version = models.IntegerField()
    superseded_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    valid_from = models.DateField()
    cause = models.TextField()
    record = models.JSONField()

    class Meta:
        db_table = "registry_former_record"


class Snapshot(models.Model):
    """A copy of the whole register, asked for once and taken in chunk by chunk; `feed_no` is where its events begin."""

    token = models.TextField(primary_key=True)
    feed_no = models.BigIntegerField()
    people = models.BigIntegerField()
    chunks = models.IntegerField()
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class SnapshotChunk(models.Model):
    """A chunk taken in whole, by the digest the register had signed."""

    pk = models.CompositePrimaryKey("token", "number")
    token = models.TextField()
    number = models.IntegerField()
    sha256 = models.TextField()
    persons = models.IntegerField()
    feed_no = models.BigIntegerField()
    changed = models.IntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "registry_snapshot_chunk"


class Feed(models.Model):
    """How far the events were read: numbers above `begins_after` are ours, positions up to `cursor` were read, `head` is the latest number told.

    Up to `whole_until` no number is missing.
    """

    partner = models.TextField(primary_key=True)
    begins_after = models.BigIntegerField()
    cursor = models.BigIntegerField()
    whole_until = models.BigIntegerField()
    head = models.BigIntegerField()
    read_at = models.DateTimeField()


class FeedMessage(models.Model):
    """A message with events as it came, kept before it is acknowledged: its receipt."""

    pk = models.CompositePrimaryKey("message_no", "received_at")
    message_no = models.UUIDField()
    received_at = models.DateTimeField()
    channel = models.TextField()
    sha256 = models.TextField()
    events = models.IntegerField()
    new = models.IntegerField()
    repeated = models.IntegerField()
    parked = models.IntegerField()

    class Meta:
        db_table = "registry_feed_message"
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["page", "asked_again", "notified"]), name="registry_feed_message_channel_known"
            ),
        ]


class Event(models.Model):
    """An event of the register: its bytes as received, and what became of it. What could not be read has no person and no kind.

    `former` keeps what the changed fields held before, so that a withdrawal can be undone and checked.
    """

    pk = models.CompositePrimaryKey("event_id", "told_on")
    event_id = models.TextField()
    told_on = models.DateField()
    feed_no = models.BigIntegerField()
    pin = models.CharField(max_length=12, null=True)
    sequence = models.IntegerField(null=True)
    kind = models.TextField(null=True)
    happened_on = models.DateField(null=True)
    state = models.TextField()
    reason = models.TextField(null=True)
    attempts = models.SmallIntegerField()
    body = models.BinaryField()
    signature = models.TextField()
    message_no = models.UUIDField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    former = models.JSONField(null=True)
    withdrawn_by = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(PUBLIC_NAMES)), name="registry_event_state_known"),
            models.CheckConstraint(
                condition=Q(state="parked", reason__in=list(PARKING_REASONS)) | (~Q(state="parked") & Q(reason=None)),
                name="registry_event_parked_why",
            ),
            models.CheckConstraint(
                condition=Q(state="parked") | Q(pin__isnull=False, sequence__isnull=False, kind__isnull=False),
                name="registry_event_read_unless_parked",
            ),
        ]
        indexes = [
            models.Index(fields=["feed_no"], name="registry_event_feed_no"),
            models.Index(fields=["pin", "sequence"], name="registry_event_of_pin"),
            models.Index(fields=["pin"], condition=Q(state="waiting"), name="registry_event_waiting"),
            models.Index(fields=["feed_no"], condition=Q(state="parked"), name="registry_event_parked"),
        ]


class Contradiction(models.Model):
    """Bytes the register signed under the id of an event it had signed other bytes for: evidence, never applied."""

    pk = models.CompositePrimaryKey("event_id", "sha256")
    event_id = models.TextField()
    sha256 = models.TextField()
    body = models.BinaryField()
    signature = models.TextField()
    received_at = models.DateTimeField()


class Gap(models.Model):
    """Feed numbers the register jumped over, asked for again until they come."""

    feed_no = models.BigIntegerField(primary_key=True)
    noticed_at = models.DateTimeField()
    asked = models.IntegerField()
    closed_at = models.DateTimeField(null=True)


class Announcement(models.Model):
    """A fact told to higher rooms, in the order of `announcement_no`; `changed` names fields, never values."""

    pk = models.CompositePrimaryKey("pin", "announcement_no", "announced_on")
    pin = models.CharField(max_length=12)
    announcement_no = models.BigIntegerField()
    announced_on = models.DateField()
    fact = models.TextField()
    event_id = models.TextField()
    happened_on = models.DateField()
    other_pin = models.CharField(max_length=12, null=True)
    changed = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["announcement_no"], name="registry_announcement_order")]


class Consumer(models.Model):
    """How far a subscriber has read the announcements."""

    name = models.TextField(primary_key=True)
    announcement_no = models.BigIntegerField()
    read_at = models.DateTimeField()


class Reconciliation(models.Model):
    """One comparison of both sides: how many buckets were compared, how many differed, how many records were healed."""

    reconciliation_id = models.UUIDField(primary_key=True)
    compared_at = models.DateTimeField()
    feed_no = models.BigIntegerField()
    persons = models.BigIntegerField()
    buckets = models.IntegerField()
    differing = models.JSONField()
    healed = models.IntegerField()
    left = models.IntegerField()
    our_digest = models.BigIntegerField(null=True)
    their_digest = models.BigIntegerField(null=True)


class Healing(models.Model):
    """A record put right from a record the register gave whole; `fields` names what differed, never the values."""

    pk = models.CompositePrimaryKey("pin", "healed_at")
    pin = models.CharField(max_length=12)
    healed_at = models.DateTimeField()
    cause = models.TextField()
    fields = models.JSONField()
    version_before = models.IntegerField(null=True)
    version_after = models.IntegerField()


class Inquiry(models.Model):
    """Numbers the register was asked about, to be answered later. The numbers are emptied once the answer is in."""

    transaction_id = models.UUIDField(primary_key=True)
    pins = models.JSONField()
    numbers = models.IntegerField()
    noted_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    known = models.IntegerField(null=True)
    changed = models.IntegerField(null=True)

    class Meta:
        db_table = "registry_inquiry"
        indexes = [
            models.Index(
                fields=["noted_at"], condition=Q(answered_at__isnull=True), name="registry_inquiry_unanswered"
            ),
        ]


class ErrorReport(models.Model):
    """Something of the register that looks wrong, reported to it with the evidence, and its reply."""

    pk = models.CompositePrimaryKey("pin", "reference")
    pin = models.CharField(max_length=12)
    reference = models.UUIDField()
    field = models.TextField()
    stated = models.TextField()
    evidence = models.TextField()
    state = models.TextField()
    reported_at = models.DateTimeField()
    reported_by = models.TextField()
    sent_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    event_id = models.TextField(null=True)

    class Meta:
        db_table = "registry_error_report"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(REPORT_NAMES)), name="registry_error_report_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["state"], condition=Q(state__in=["reported", "sent"]), name="registry_error_report_open"
            ),
        ]
