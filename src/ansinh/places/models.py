"""Tables of the room. All are small reference tables (tens of thousands of rows at most), so none is distributed or partitioned.

A row whose source no longer lists it is closed (`closed_on`), never deleted: a code once used must keep its meaning.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Source(models.Model):
    """A set of reference data as it was last loaded: where it comes from, which version, how much."""

    name = models.TextField(primary_key=True)
    version = models.TextField()
    origin = models.TextField()
    sha256 = models.CharField(max_length=64)
    row_count = models.IntegerField()
    loaded_at = models.DateTimeField(db_default=Now())


class Unit(models.Model):
    """A province, district or commune, before July 2025 (three levels) or since (two levels).

    The same code can name different places in the two editions. `valid_from` is empty for units older than the first list kept here.
    """

    level = models.TextField()
    code = models.CharField(max_length=5)
    edition = models.TextField()
    name = models.TextField()
    parent = models.CharField(max_length=5, null=True)
    province = models.CharField(max_length=2)
    urban = models.BooleanField()
    official_code = models.CharField(max_length=5)
    successor = models.CharField(max_length=5, null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "code", "edition"], name="places_unit_code_once_per_edition"),
            models.CheckConstraint(
                condition=Q(level__in=["province", "district", "commune"]), name="places_unit_level_known"
            ),
            models.CheckConstraint(
                condition=Q(edition__in=["before_july_2025", "since_july_2025"]), name="places_unit_edition_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="places_unit_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["province"], name="places_unit_of_province")]


class CommuneSuccessor(models.Model):
    """Which commune of today took over a commune of before July 2025: the whole of it, all its people, or a part."""

    before = models.CharField(max_length=5)
    after = models.CharField(max_length=5)
    part = models.TextField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="places_communesuccessor_once"),
            models.CheckConstraint(
                condition=Q(part__in=["whole", "people", "part"]), name="places_communesuccessor_part_known"
            ),
        ]


class Bank(models.Model):
    """A bank that can receive a payment, by the code used in payment orders."""

    code = models.TextField(primary_key=True)
    bin = models.CharField(max_length=6)
    short_name = models.TextField()
    name = models.TextField()
    closed_on = models.DateField(null=True)


class BenefitLevel(models.Model):
    """What the third character of a card number says about the share the fund pays, in per cent."""

    level = models.SmallIntegerField(primary_key=True)
    share_percent = models.SmallIntegerField()
    ceiling = models.BooleanField()
    beyond_scope = models.BooleanField()
    vi = models.TextField()
    en = models.TextField()
    closed_on = models.DateField(null=True)


class ObjectCode(models.Model):
    """The group of insured people that the first two letters of a card number name. Letters not listed are accepted everywhere."""

    code = models.CharField(max_length=2, primary_key=True)
    level = models.SmallIntegerField()
    vi = models.TextField()
    en = models.TextField()
    confidence = models.TextField()
    closed_on = models.DateField(null=True)


class Diagnosis(models.Model):
    """A code of ICD-10 (WHO, 2019) in its tree: chapter, block, category, subcategory. Titles are English only."""

    code = models.CharField(max_length=8, primary_key=True)
    parent = models.CharField(max_length=8, null=True)
    title_en = models.TextField()
    leaf = models.BooleanField()
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["parent"], name="places_diagnosis_parent")]


class Holiday(models.Model):
    """A day on which the State's offices close though it is a weekday, or work though it is a weekend."""

    day = models.DateField(primary_key=True)
    kind = models.TextField()
    vi = models.TextField()
    en = models.TextField()
    lunar = models.CharField(max_length=5, null=True)
    basis = models.TextField()
    certainty = models.TextField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["holiday", "rest", "swapped_off", "working"]), name="places_holiday_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(certainty__in=["announced", "law", "expected"]), name="places_holiday_certainty_known"
            ),
        ]


class Facility(models.Model):
    """A health-insurance facility. The first two characters of its code are a province of before July 2025 and stay."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.TextField()
    level = models.TextField()
    province = models.CharField(max_length=2)
    commune = models.CharField(max_length=5)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["primary", "basic", "specialised"]), name="places_facility_level_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="places_facility_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["province"], name="places_facility_of_province")]
