"""A person's book as the database tells it: plain rows, in the order and with the names of `published.fhir_book_v1`. Decimals keep their digits."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec


class Person(msgspec.Struct, frozen=True):
    """Who the book is of. `born` is a year, a month or a day."""

    person_id: int
    full_name: str
    recorded_at: datetime
    sex: str | None = None
    born: str | None = None
    died_on: date | None = None
    address: str | None = None
    pin: str | None = None
    si_code: str | None = None


class Cover(msgspec.Struct, frozen=True):
    """The card that counts now."""

    object_code: str
    level: int
    facility: str
    facility_name: str | None
    valid_from: date
    valid_until: date
    status: str
    recorded_at: datetime
    card_number: str | None = None
    temporary_number: str | None = None
    address: str | None = None


class Visit(msgspec.Struct, frozen=True):
    """The current page of a visit."""

    visit_id: int
    version: int
    facility: str
    episode: str
    admitted_at: datetime
    recorded_at: datetime
    facility_name: str | None = None
    care_kind: str | None = None
    inpatient_at: datetime | None = None
    discharged_at: datetime | None = None
    result: str | None = None
    discharge_kind: str | None = None
    department: str | None = None
    doctor: str | None = None
    reason: str | None = None
    diagnosis_text: str | None = None
    main_diagnosis: str | None = None
    weight: Decimal | None = None
    next_visit_on: date | None = None
    sensitive: tuple[str, ...] = ()


class Diagnosis(msgspec.Struct, frozen=True):
    """A diagnosis of a visit."""

    visit_id: int
    position: int
    icd10: str
    main: bool
    traditional: bool
    title: str | None = None
    sensitive: str | None = None


class Medicine(msgspec.Struct, frozen=True):
    """A medicine given or prescribed on a visit."""

    visit_id: int
    position: int
    code: str | None = None
    name: str | None = None
    strength: str | None = None
    form: str | None = None
    route: str | None = None
    dose: str | None = None
    usage: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    ordered_at: datetime | None = None
    prescriber: str | None = None


class Service(msgspec.Struct, frozen=True):
    """A service done on a visit; supplies and beds are not told."""

    visit_id: int
    position: int
    code: str | None = None
    name: str | None = None
    group_code: str | None = None
    ordered_at: datetime | None = None
    done_at: datetime | None = None
    resulted_at: datetime | None = None
    practitioner: str | None = None


class Result(msgspec.Struct, frozen=True):
    """One index of a test, or what was seen in an image."""

    visit_id: int
    position: int
    service_code: str | None = None
    index_code: str | None = None
    index_name: str | None = None
    value: str | None = None
    unit: str | None = None
    description: str | None = None
    conclusion: str | None = None
    resulted_at: datetime | None = None
    reader: str | None = None


class Paper(msgspec.Struct, frozen=True):
    """A paper a facility issued; `content` only of those told as a Composition."""

    paper_id: int
    kind: str
    facility: str
    visit_id: int
    signed: bool
    recorded_at: datetime
    facility_name: str | None = None
    number: str | None = None
    issued_on: date | None = None
    content: dict[str, object] = {}


class Referral(msgspec.Struct, frozen=True):
    """A referral paper, and what became of it."""

    referral_id: int
    facility: str
    number: str
    issued_on: date
    valid_until: date
    reach: str
    state: str
    recorded_at: datetime
    facility_name: str | None = None
    to_facility: str | None = None
    to_facility_name: str | None = None
    main_diagnosis: str | None = None
    diagnosis_text: str | None = None
    doctor: str | None = None
    visit_id: int | None = None


class Appointment(msgspec.Struct, frozen=True):
    """A re-examination appointment, and what became of it."""

    appointment_id: int
    facility: str
    number: str
    issued_on: date
    due_on: date
    valid_until: date
    state: str
    recorded_at: datetime
    facility_name: str | None = None
    main_diagnosis: str | None = None
    diagnosis_text: str | None = None
    doctor: str | None = None


class Allergy(msgspec.Struct, frozen=True):
    """What somebody answered when asked about allergies: a substance, or that there is none known (`none_known`)."""

    allergy_id: int
    statement: str
    recorded_at: datetime
    facility: str
    facility_name: str | None = None
    substance: str | None = None
    code: str | None = None


class Book(msgspec.Struct, frozen=True):
    """What was asked of a person's book. `whole`: nothing was left out for length; `restricted`: something was, because of who asks."""

    person: Person
    cover: Cover | None = None
    visits: list[Visit] = []
    diagnoses: list[Diagnosis] = []
    medicines: list[Medicine] = []
    services: list[Service] = []
    results: list[Result] = []
    papers: list[Paper] = []
    referrals: list[Referral] = []
    appointments: list[Appointment] = []
    allergies: list[Allergy] = []
    whole: bool = True
    restricted: bool = False


class Told(msgspec.Struct, frozen=True):
    """An answer of the database: the number of its audit row, and the book if there is one to tell."""

    audit_id: str
    book: Book | None = None


decode = msgspec.json.Decoder(Told).decode
