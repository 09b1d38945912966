"""Tables of the room. Distribution column: `person_id`, whom the application is for. Attachments are partitioned by month (YYYYMM)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ansinh.services.states import AlertKind, ApplicationState, Channel

_STATES = [one.value for one in ApplicationState]


class Application(models.Model):
    """What somebody applied for. `client_key` is the key of the form it came from, so that the same form sent twice is one application."""

    pk = models.CompositePrimaryKey("person_id", "application_id")
    person_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    reference = models.TextField()
    service = models.TextField()
    name_vi = models.TextField()
    name_en = models.TextField()
    client_key = models.TextField()
    channel = models.TextField()
    filed_by = models.TextField()
    on_behalf_why = models.TextField(null=True)
    about_person_id = models.BigIntegerField(null=True)
    content = models.JSONField()
    state = models.TextField()
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    receipt = models.TextField(null=True)
    submitted_sha256 = models.TextField(null=True)
    deadline_name = models.TextField()
    deadline_days = models.IntegerField(null=True)
    due_on = models.DateField(null=True)
    forwarded_to = models.TextField(null=True)
    result_vi = models.TextField(null=True)
    result_en = models.TextField(null=True)
    result_facts = models.JSONField(null=True)
    paper = models.TextField(null=True)
    closed_on = models.DateField(null=True)
    # Nothing is left to hear of the deciding room.
    carried_over = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "client_key"], name="services_application_once"),
            models.UniqueConstraint(fields=["person_id", "reference"], name="services_application_reference_once"),
            models.UniqueConstraint(fields=["person_id", "receipt"], name="services_application_receipt_once"),
            models.CheckConstraint(condition=Q(state__in=_STATES), name="services_application_state_known"),
            models.CheckConstraint(
                condition=Q(channel__in=[one.value for one in Channel]), name="services_application_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(channel="officer", on_behalf_why__isnull=False)
                | (~Q(channel="officer") & Q(on_behalf_why__isnull=True)),
                name="services_application_officer_says_why",
            ),
            models.CheckConstraint(
                condition=Q(
                    submitted_at__isnull=True,
                    receipt__isnull=True,
                    submitted_sha256__isnull=True,
                    state__in=["draft", "withdrawn"],
                )
                | (
                    Q(submitted_at__isnull=False, receipt__isnull=False, submitted_sha256__isnull=False)
                    & ~Q(state="draft")
                ),
                name="services_application_submitted_has_receipt",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=False, state__in=["granted", "refused", "withdrawn"])
                | (Q(closed_on__isnull=True) & ~Q(state__in=["granted", "refused", "withdrawn"])),
                name="services_application_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"]) | Q(result_vi__isnull=False, result_en__isnull=False),
                name="services_application_decided_says_what",
            ),
        ]
        indexes = [
            models.Index(fields=["application_id"], name="services_application_number"),
            models.Index(
                fields=["state", "due_on"], condition=Q(closed_on__isnull=True), name="services_application_open"
            ),
            models.Index(
                fields=["application_id"],
                condition=Q(forwarded_to__isnull=False, carried_over=False),
                name="services_application_elsewhere",
            ),
            models.Index(
                fields=["about_person_id"],
                condition=Q(about_person_id__isnull=False),
                name="services_application_about",
            ),
        ]


class Line(models.Model):
    """A line of an application's story, as applicant and officers read it."""

    pk = models.CompositePrimaryKey("person_id", "application_id", "line_no")
    person_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    line_no = models.IntegerField()
    happened_at = models.DateTimeField()
    happening = models.TextField()
    by = models.TextField()
    words_vi = models.TextField()
    words_en = models.TextField()


class Pause(models.Model):
    """A time in which the clock of an application stood still, what was wanted, and until when."""

    pk = models.CompositePrimaryKey("person_id", "application_id", "paused_at")
    person_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    paused_at = models.DateTimeField()
    because_vi = models.TextField()
    because_en = models.TextField()
    wanted = models.JSONField()
    until_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("paused_at")), name="services_pause_ends_later"
            ),
            models.UniqueConstraint(
                fields=["person_id", "application_id"],
                condition=Q(ended_at__isnull=True),
                name="services_pause_one_at_a_time",
            ),
        ]


class Alert(models.Model):
    """What was told about a deadline; `new_due_on` is the date the apology names."""

    pk = models.CompositePrimaryKey("person_id", "application_id", "kind", "due_on")
    person_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    kind = models.TextField()
    due_on = models.DateField()
    raised_on = models.DateField()
    because_vi = models.TextField()
    because_en = models.TextField()
    new_due_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in AlertKind]), name="services_alert_kind_known"
            ),
            models.CheckConstraint(condition=~Q(because_vi="") & ~Q(because_en=""), name="services_alert_says_why"),
        ]


class Attachment(models.Model):
    """A file handed in: its bytes compressed, their digest, what kind of paper it is said to be. Removed ones lose their bytes and keep their row."""

    pk = models.CompositePrimaryKey("person_id", "attachment_id", "month")
    person_id = models.BigIntegerField()
    attachment_id = models.BigIntegerField()
    month = models.IntegerField()
    application_id = models.BigIntegerField()
    paper = models.TextField()
    name = models.TextField()
    media_type = models.TextField()
    sha256 = models.BinaryField()
    size = models.IntegerField()
    content = models.BinaryField(null=True)
    added_at = models.DateTimeField()
    added_by = models.TextField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        # Partitioned, so the migration's SQL makes it.
        managed = False


class Reading(models.Model):
    """Who opened an attachment, when and what for; shown to whom the application is for."""

    pk = models.CompositePrimaryKey("person_id", "attachment_id", "read_at", "reader")
    person_id = models.BigIntegerField()
    attachment_id = models.BigIntegerField()
    read_at = models.DateTimeField()
    reader = models.TextField()
    purpose = models.TextField()
    reason = models.TextField()
