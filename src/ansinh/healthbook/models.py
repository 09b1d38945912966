"""Tables of the room, as queries see them; made by SQL (migrations/0001_initial.sql) because Django does not know partitions.

Distribution columns: `facility` for what facilities submit, `person_id` for the book. Partition columns: `month` (YYYYMM) of submissions, which leave for
packs, and `year` (of admission; of a paper: of issue) of the book, which is read by person across all time. The same `year` stands in every row of a
visit's version.
"""

from __future__ import annotations

from django.db import models


class Submission(models.Model):
    """Bytes a facility submitted, their receipt, and what became of them. The same bytes have one receipt."""

    pk = models.CompositePrimaryKey("facility", "receipt", "month")
    facility = models.TextField()
    month = models.IntegerField()
    receipt = models.TextField()
    received_no = models.BigIntegerField()
    received_at = models.DateTimeField()
    kind = models.SmallIntegerField()
    client_no = models.IntegerField()
    sha256 = models.BinaryField()
    size = models.IntegerField()
    content = models.BinaryField(null=True)
    pack = models.TextField(null=True)
    pack_offset = models.BigIntegerField(null=True)
    pack_length = models.IntegerField(null=True)
    state = models.TextField()
    tries = models.SmallIntegerField()
    settled_at = models.DateTimeField(null=True)
    entries = models.SmallIntegerField(null=True)
    episode = models.TextField(null=True)
    version = models.IntegerField(null=True)
    errors = models.JSONField(null=True)
    counted = models.TextField(null=True)
    counted_delay = models.SmallIntegerField(null=True)

    class Meta:
        managed = False


class Claim(models.Model):
    """What a worker is reading, written before it reads: should the worker die of it, these are the suspects."""

    claim_no = models.BigIntegerField(primary_key=True)
    numbers = models.JSONField()
    claimed_at = models.DateTimeField()

    class Meta:
        managed = False


class Episode(models.Model):
    """An episode of a facility (MA_LK), or a paper sent alone: whose it is, how many versions it has, and which is current (none: withdrawn)."""

    pk = models.CompositePrimaryKey("facility", "episode")
    facility = models.TextField()
    episode = models.TextField()
    person_id = models.BigIntegerField()
    visit_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    versions = models.IntegerField()
    current_version = models.IntegerField(null=True)
    current_no = models.BigIntegerField()
    current_sha256 = models.BinaryField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        managed = False


class Visit(models.Model):
    """A version of a visit. One is current, unless the visit was withdrawn. Amounts as the facility wrote them, in đồng with decimals."""

    pk = models.CompositePrimaryKey("person_id", "visit_id", "version", "year")
    person_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    visit_id = models.BigIntegerField()
    version = models.IntegerField()
    current = models.BooleanField()
    facility = models.TextField()
    episode = models.TextField()
    received_no = models.BigIntegerField()
    receipt = models.TextField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    care_kind = models.TextField(null=True)
    patient_category = models.TextField(null=True)
    admitted_at = models.DateTimeField()
    inpatient_at = models.DateTimeField(null=True)
    discharged_at = models.DateTimeField(null=True)
    days = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    result = models.TextField(null=True)
    discharge_kind = models.TextField(null=True)
    department = models.TextField(null=True)
    doctor = models.TextField(null=True)
    reason = models.TextField(null=True)
    admission_diagnosis = models.TextField(null=True)
    diagnosis_text = models.TextField(null=True)
    main_diagnosis = models.TextField(null=True)
    procedures = models.TextField(null=True)
    treatment = models.TextField(null=True)
    weight = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    from_facility = models.TextField(null=True)
    to_facility = models.TextField(null=True)
    referral_number = models.TextField(null=True)
    next_visit_on = models.DateField(null=True)
    card_number = models.TextField(null=True)
    notes = models.TextField(null=True)
    total = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    insured_total = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    fund_paid = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    patient_copaid = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    patient_paid = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    other_paid = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    sensitive = models.JSONField()

    class Meta:
        managed = False


class Diagnosis(models.Model):
    """A diagnosis of a visit's version; `traditional`: of traditional medicine."""

    pk = models.CompositePrimaryKey("person_id", "visit_id", "version", "position", "year")
    person_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    visit_id = models.BigIntegerField()
    version = models.IntegerField()
    position = models.SmallIntegerField()
    icd10 = models.TextField()
    main = models.BooleanField()
    traditional = models.BooleanField()
    sensitive = models.TextField(null=True)

    class Meta:
        managed = False


class Medicine(models.Model):
    """A medicine given in a visit (table XML2)."""

    pk = models.CompositePrimaryKey("person_id", "visit_id", "version", "position", "year")
    person_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    visit_id = models.BigIntegerField()
    version = models.IntegerField()
    position = models.SmallIntegerField()
    code = models.TextField(null=True)
    name = models.TextField(null=True)
    strength = models.TextField(null=True)
    form = models.TextField(null=True)
    route = models.TextField(null=True)
    dose = models.TextField(null=True)
    usage = models.TextField(null=True)
    quantity = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    unit = models.TextField(null=True)
    ordered_at = models.DateTimeField(null=True)
    prescriber = models.TextField(null=True)
    amount = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    fund_paid = models.DecimalField(max_digits=15, decimal_places=2, null=True)

    class Meta:
        managed = False


class Service(models.Model):
    """A service done or a material used in a visit (table XML3)."""

    pk = models.CompositePrimaryKey("person_id", "visit_id", "version", "position", "year")
    person_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    visit_id = models.BigIntegerField()
    version = models.IntegerField()
    position = models.SmallIntegerField()
    code = models.TextField(null=True)
    material = models.BooleanField()
    name = models.TextField(null=True)
    group_code = models.TextField(null=True)
    quantity = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    unit = models.TextField(null=True)
    ordered_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    resulted_at = models.DateTimeField(null=True)
    practitioner = models.TextField(null=True)
    amount = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    fund_paid = models.DecimalField(max_digits=15, decimal_places=2, null=True)

    class Meta:
        managed = False


class Result(models.Model):
    """A result of a test or an image (table XML4)."""

    pk = models.CompositePrimaryKey("person_id", "visit_id", "version", "position", "year")
    person_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    visit_id = models.BigIntegerField()
    version = models.IntegerField()
    position = models.SmallIntegerField()
    service_code = models.TextField(null=True)
    index_code = models.TextField(null=True)
    index_name = models.TextField(null=True)
    value = models.TextField(null=True)
    unit = models.TextField(null=True)
    description = models.TextField(null=True)
    conclusion = models.TextField(null=True)
    resulted_at = models.DateTimeField(null=True)
    reader = models.TextField(null=True)

    class Meta:
        managed = False


class Progress(models.Model):
    """A note of the course of a stay (table XML5)."""

    pk = models.CompositePrimaryKey("person_id", "visit_id", "version", "position", "year")
    person_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    visit_id = models.BigIntegerField()
    version = models.IntegerField()
    position = models.SmallIntegerField()
    noted_at = models.DateTimeField(null=True)
    text = models.TextField(null=True)
    stage = models.TextField(null=True)
    consultation = models.TextField(null=True)
    surgery = models.TextField(null=True)
    practitioner = models.TextField(null=True)

    class Meta:
        managed = False


class Paper(models.Model):
    """A paper written for a person; `content` holds its fields by their official names. With a visit, or with a number of its own when sent alone."""

    pk = models.CompositePrimaryKey("person_id", "paper_id", "year")
    person_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    paper_id = models.BigIntegerField()
    kind = models.TextField()
    number = models.TextField(null=True)
    facility = models.TextField()
    episode = models.TextField(null=True)
    visit_id = models.BigIntegerField()
    version = models.IntegerField()
    current = models.BooleanField()
    issued_on = models.DateField(null=True)
    signed = models.BooleanField()
    content = models.JSONField()
    sensitive = models.TextField(null=True)
    receipt = models.TextField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        managed = False


class Checkin(models.Model):
    """Somebody is at a facility: the newest check-in message of an episode (table XML0), until its encounter file closes it."""

    pk = models.CompositePrimaryKey("person_id", "facility", "episode", "year")
    person_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    facility = models.TextField()
    episode = models.TextField()
    arrived_at = models.DateTimeField()
    inpatient_at = models.DateTimeField(null=True)
    care_kind = models.TextField(null=True)
    patient_category = models.TextField(null=True)
    reason = models.TextField(null=True)
    received_no = models.BigIntegerField()
    receipt = models.TextField()
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        managed = False


class Unplaced(models.Model):
    """A sound entry of a submission about somebody not known for sure; `said` is what the facility says of the person."""

    pk = models.CompositePrimaryKey("facility", "receipt", "entry")
    facility = models.TextField()
    receipt = models.TextField()
    entry = models.SmallIntegerField()
    month = models.IntegerField()
    episode = models.TextField()
    said = models.JSONField()
    reason = models.TextField()
    candidate = models.BigIntegerField(null=True)
    state = models.TextField()
    person_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    decided_by = models.TextField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        managed = False


class Daily(models.Model):
    """Submissions of a facility, day, kind, outcome and band of delay, counted in the commit that settles them."""

    pk = models.CompositePrimaryKey("facility", "day", "kind", "outcome", "delay")
    facility = models.TextField()
    day = models.DateField()
    kind = models.SmallIntegerField()
    outcome = models.TextField()
    delay = models.SmallIntegerField()
    submissions = models.BigIntegerField()
    delay_hours = models.BigIntegerField()

    class Meta:
        managed = False


class Pack(models.Model):
    """Raw bytes moved out of the database together: how many members, how long, and the digest of the whole."""

    pack = models.TextField(primary_key=True)
    month = models.IntegerField()
    members = models.IntegerField()
    bytes = models.BigIntegerField()
    sha256 = models.BinaryField()
    packed_at = models.DateTimeField()

    class Meta:
        managed = False


class Allergy(models.Model):
    """What a person answered when asked about allergies: one substance a row, or that there is none known. No row in force: nobody has asked.

    A statement that changes gets a new row; the former one stays, withdrawn.
    """

    pk = models.CompositePrimaryKey("person_id", "allergy_id")
    person_id = models.BigIntegerField()
    allergy_id = models.BigIntegerField()
    statement = models.TextField()
    substance = models.TextField(null=True)
    code = models.TextField(null=True)
    facility = models.TextField()
    officer = models.TextField()
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_facility = models.TextField(null=True)
    withdrawn_officer = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(statement="allergy", substance__isnull=False)
                | models.Q(statement="none_known", substance__isnull=True, code__isnull=True),
                name="healthbook_allergy_says_what",
            ),
            models.CheckConstraint(condition=models.Q(allergy_id__gt=0), name="healthbook_allergy_numbered"),
        ]


class Certificate(models.Model):
    """A certificate a facility signs its papers with, as the agency registered it. Withdrawn, it stays: what it signed before was signed."""

    pk = models.CompositePrimaryKey("facility", "fingerprint")
    facility = models.TextField()
    fingerprint = models.TextField()
    content = models.BinaryField()
    subject = models.TextField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    registered_at = models.DateTimeField()
    registered_by = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(null=True)
    withdrawn_because = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fingerprint__regex="^[0-9a-f]{64}$"), name="healthbook_certificate_fingerprint"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__lt=models.F("valid_until")), name="healthbook_certificate_some_time"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_because__isnull=False),
                name="healthbook_certificate_withdrawn_whole",
            ),
        ]
