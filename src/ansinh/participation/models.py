"""Tables of the room, distributed by `person_id`; employers by their own number.

Spans are half-open and never rewritten: a correction ends the recorded time of the old row.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ansinh.access.constraints import different_people

# Kinds of work, as the law on pensions tells them apart (41/2024/QH15 art. 64).
WORK = ["normal", "heavy", "specially_heavy", "coal", "difficult_area"]
LINE_STATES = ["applied", "unchanged", "rejected", "parked", "withdrawn"]
REQUEST_STATES = ["filed", "prepared", "applied", "refused", "withdrawn"]


class Employer(models.Model):
    """A unit that pays contributions."""

    employer_id = models.BigIntegerField(primary_key=True)
    code = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField()
    province = models.CharField(max_length=2)
    commune = models.CharField(max_length=5)
    region = models.SmallIntegerField()


class Span(models.Model):
    """Months of contributions with one employer, scheme and wage; the wage is monthly, in đồng.

    `rate` is the share paid to the pension and survivors' fund in hundredths of a per cent, where it was another than the law's of the month.
    `pay`: whose pay it is, employer's or State's; when empty, the kind of employer says. `source`: the line or request that recorded the span, empty
    for what the system before ours knew. Triggers (migration 0004) keep a span from being rewritten, and from crossing another one in force.
    """

    pk = models.CompositePrimaryKey("person_id", "span_id")
    person_id = models.BigIntegerField()
    span_id = models.BigIntegerField()
    employer_id = models.BigIntegerField(null=True)
    scheme = models.TextField()
    unemployment = models.BooleanField()
    from_month = models.IntegerField()
    until_month = models.IntegerField(null=True)
    wage = models.BigIntegerField()
    rate = models.SmallIntegerField(null=True)
    pay = models.TextField(null=True)
    work = models.TextField(db_default="normal")
    source = models.TextField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scheme__in=["compulsory", "voluntary"]), name="participation_span_scheme_known"
            ),
            models.CheckConstraint(
                condition=Q(until_month__isnull=True) | Q(until_month__gt=F("from_month")),
                name="participation_span_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(wage__gte=0), name="participation_span_wage_not_negative"),
            models.CheckConstraint(
                condition=Q(pay__isnull=True) | Q(pay__in=["employer", "state"]), name="participation_span_pay_known"
            ),
            models.CheckConstraint(condition=Q(work__in=WORK), name="participation_span_work_known"),
            models.CheckConstraint(
                condition=Q(rate__isnull=True) | Q(rate__range=(0, 10_000)), name="participation_span_rate_a_share"
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("recorded_at")),
                name="participation_span_known_before_superseded",
            ),
        ]


class Coverage(models.Model):
    """Days of health-insurance participation under one object code and first-contact facility.

    `continuous_since` is what the system before ours says of the time before: since when cover had been continuous when this stretch began.
    """

    pk = models.CompositePrimaryKey("person_id", "coverage_id")
    person_id = models.BigIntegerField()
    coverage_id = models.BigIntegerField()
    object_code = models.CharField(max_length=2)
    area = models.CharField(max_length=2, null=True)
    facility = models.CharField(max_length=5)
    card_province = models.CharField(max_length=2)
    valid_from = models.DateField()
    valid_until = models.DateField()
    continuous_since = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="participation_coverage_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person_id", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="participation_coverage_starts_once",
            ),
        ]


class Load(models.Model):
    """A set of files taken in, so that it is never taken in twice."""

    source = models.TextField(primary_key=True)
    employers = models.BigIntegerField()
    spans = models.BigIntegerField()
    coverages = models.BigIntegerField()
    loaded_at = models.DateTimeField(db_default=Now())


class Declaration(models.Model):
    """A file an employer sent about a month; a corrected file is a further version. Distributed by employer."""

    pk = models.CompositePrimaryKey("employer_id", "month", "version")
    employer_id = models.BigIntegerField()
    month = models.IntegerField()
    version = models.IntegerField()
    sha256 = models.TextField()
    lines = models.IntegerField()
    received_by = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer_id", "month", "sha256"], name="participation_declaration_taken_once"
            )
        ]


class DeclarationLine(models.Model):
    """A line of a declaration as it came, and what became of it; partitioned by the month declared."""

    pk = models.CompositePrimaryKey("employer_id", "month", "version", "line")
    employer_id = models.BigIntegerField()
    month = models.IntegerField()
    version = models.IntegerField()
    line = models.IntegerField()
    raw = models.JSONField()
    digest = models.TextField()
    act = models.TextField(null=True)
    person_id = models.BigIntegerField(null=True)
    state = models.TextField()
    found = models.JSONField()
    decided_at = models.DateTimeField()
    withdrawn_by = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LINE_STATES), name="participation_declarationline_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="applied") | (Q(person_id__isnull=False) & Q(act__isnull=False)),
                name="participation_declarationline_applied_to_whom",
            ),
        ]
        indexes = [models.Index(fields=["state"], condition=Q(state="parked"), name="participation_line_parked")]


class Correction(models.Model):
    """What a person says is wrong in the book, with evidence; months as one officer prepared them and another approved."""

    pk = models.CompositePrimaryKey("person_id", "request_id")
    person_id = models.BigIntegerField()
    request_id = models.BigIntegerField()
    state = models.TextField(db_default="filed")
    wrong = models.TextField()
    evidence = models.TextField()
    filed_by = models.TextField()
    filed_at = models.DateTimeField()
    employer_id = models.BigIntegerField(null=True)
    scheme = models.TextField(null=True)
    act = models.TextField(null=True)
    from_month = models.IntegerField(null=True)
    until_month = models.IntegerField(null=True)
    wage = models.BigIntegerField(null=True)
    unemployment = models.BooleanField(null=True)
    work = models.TextField(null=True)
    before = models.JSONField(null=True)
    prepared_by = models.TextField(null=True)
    prepared_at = models.DateTimeField(null=True)
    approved_by = models.TextField(null=True)
    approved_at = models.DateTimeField(null=True)
    refused_by = models.TextField(null=True)
    refused_at = models.DateTimeField(null=True)
    answer = models.TextField(null=True)

    class Meta:
        constraints = [
            different_people("participation_correction_two_people"),
            different_people("participation_correction_not_ones_own", maker="filed_by"),
            different_people("participation_correction_not_refused_by_oneself", maker="filed_by", checker="refused_by"),
            models.CheckConstraint(condition=Q(state__in=REQUEST_STATES), name="participation_correction_state_known"),
            models.CheckConstraint(
                condition=~Q(state="applied") | (Q(approved_by__isnull=False) & Q(act__isnull=False)),
                name="participation_correction_approved_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (Q(refused_by__isnull=False) & Q(answer__isnull=False)),
                name="participation_correction_refused_why",
            ),
            models.CheckConstraint(
                condition=Q(act__isnull=True)
                | Q(act="clear")
                | (Q(act="set") & Q(wage__gte=0) & Q(unemployment__isnull=False)),
                name="participation_correction_says_what",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state"], condition=Q(state__in=["filed", "prepared"]), name="participation_request_open"
            )
        ]


class Attestation(models.Model):
    """Months with an employer that somebody vouches for: confirmed while the person works there, closed by two officers when they leave."""

    pk = models.CompositePrimaryKey("person_id", "attestation_id")
    person_id = models.BigIntegerField()
    attestation_id = models.BigIntegerField()
    kind = models.TextField()
    employer_id = models.BigIntegerField()
    until_month = models.IntegerField()
    paper = models.TextField()
    state = models.TextField()
    prepared_by = models.TextField()
    prepared_at = models.DateTimeField()
    approved_by = models.TextField(null=True)
    approved_at = models.DateTimeField(null=True)
    refused_by = models.TextField(null=True)
    recorded_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            different_people("participation_attestation_two_people"),
            models.CheckConstraint(
                condition=Q(kind__in=["confirmed", "closed"]), name="participation_attestation_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "in_force", "refused"]), name="participation_attestation_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="closed", state="in_force") | Q(approved_by__isnull=False),
                name="participation_attestation_closed_by_two",
            ),
            models.UniqueConstraint(
                fields=["person_id", "employer_id", "kind"],
                condition=Q(state="in_force", superseded_at__isnull=True),
                name="participation_attestation_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["person_id", "employer_id"],
                condition=Q(state="prepared"),
                name="participation_attestation_one_prepared",
            ),
        ]
