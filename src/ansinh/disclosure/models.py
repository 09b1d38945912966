"""Tables of the room, distributed by `person_id`; the table of rules is small and the same everywhere. A person has a handful of rows, so no partitions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ansinh.disclosure.states import CHAPTERS, REASON_LENGTH_MIN, Answer, What, Who

_CHAPTERS = [one.value for one in CHAPTERS]


class Rule(models.Model):
    """A cell of the table of access, as `rules.csv` says it: the published functions decide by these rows."""

    pk = models.CompositePrimaryKey("who", "circumstance", "what")
    who = models.TextField()
    circumstance = models.TextField()
    what = models.TextField()
    answer = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(who__in=[one.value for one in Who]), name="disclosure_rule_who_known"),
            models.CheckConstraint(
                condition=Q(what__in=[one.value for one in What]), name="disclosure_rule_what_known"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=[one.value for one in Answer]), name="disclosure_rule_answer_known"
            ),
        ]


class Restriction(models.Model):
    """A chapter a patient hides from facilities, until they show it again."""

    pk = models.CompositePrimaryKey("person_id", "what", "hidden_at")
    person_id = models.BigIntegerField()
    what = models.TextField()
    hidden_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(what__in=_CHAPTERS), name="disclosure_restriction_what_known"),
            models.UniqueConstraint(
                fields=["person_id", "what"], condition=Q(shown_at__isnull=True), name="disclosure_restriction_once"
            ),
        ]


class Consent(models.Model):
    """A chapter a patient lets a facility see, until a moment, or until they take it back."""

    pk = models.CompositePrimaryKey("person_id", "facility", "what", "given_at")
    person_id = models.BigIntegerField()
    facility = models.CharField(max_length=5)
    what = models.TextField()
    given_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(what__in=_CHAPTERS), name="disclosure_consent_what_known"),
            models.CheckConstraint(condition=Q(valid_until__gt=F("given_at")), name="disclosure_consent_ends_later"),
            models.UniqueConstraint(
                fields=["person_id", "facility", "what"],
                condition=Q(withdrawn_at__isnull=True),
                name="disclosure_consent_once",
            ),
        ]


class Glass(models.Model):
    """An emergency: an officer of a facility broke the glass, with a reason; the data-protection officer looks at each afterwards."""

    pk = models.CompositePrimaryKey("person_id", "facility", "officer", "opened_at")
    person_id = models.BigIntegerField()
    facility = models.CharField(max_length=5)
    officer = models.TextField()
    opened_at = models.DateTimeField()
    open_until = models.DateTimeField()
    reason = models.TextField()
    audit_id = models.BigIntegerField()
    judged_by = models.TextField(null=True)
    judged_at = models.DateTimeField(null=True)
    finding = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=rf"^.{{{REASON_LENGTH_MIN},}}$"), name="disclosure_glass_reason_given"
            ),
            models.CheckConstraint(condition=Q(open_until__gt=F("opened_at")), name="disclosure_glass_ends_later"),
            models.CheckConstraint(
                condition=Q(judged_at__isnull=True, judged_by__isnull=True, finding__isnull=True)
                | Q(judged_at__isnull=False, judged_by__isnull=False, finding__in=["justified", "unjustified"]),
                name="disclosure_glass_judged_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=Q(judged_at__isnull=True), name="disclosure_glass_to_judge")
        ]


class Export(models.Model):
    """A group's books told to a body that makes statistics, under pseudonyms: what was asked, how far it is. Distributed by client."""

    pk = models.CompositePrimaryKey("client_no", "export_id")
    client_no = models.IntegerField()
    export_id = models.TextField()
    group_name = models.TextField()
    request = models.TextField()
    types = ArrayField(models.TextField())
    since = models.DateTimeField(null=True)
    state = models.TextField()
    told = models.IntegerField()
    begun_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "running", "done", "failed", "cancelled", "expired"]),
                name="disclosure_export_state_known",
            ),
        ]


class ExportPart(models.Model):
    """A file of an export, kept for a day: lines of resources of one type."""

    pk = models.CompositePrimaryKey("client_no", "export_id", "part")
    client_no = models.IntegerField()
    export_id = models.TextField()
    part = models.IntegerField()
    kind = models.TextField()
    lines = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(lines__gt=0), name="disclosure_exportpart_not_empty")]
