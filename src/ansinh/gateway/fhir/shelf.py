"""Which rows of a book each type of resource is made from, and the resources themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from enum import IntFlag
from functools import cached_property

from ansinh.gateway.fhir.formats import tidy
from ansinh.gateway.fhir.resources import care, findings, papers, person, plans
from ansinh.gateway.fhir.resources.telling import Resource, Teller
from ansinh.gateway.fhir.rows import Book, Diagnosis


class Part(IntFlag):
    """Parts of a book, as `published.fhir_book_v1` is asked for them; the person comes always."""

    COVER = 1
    VISITS = 2
    DIAGNOSES = 4
    MEDICINES = 8
    SERVICES = 16
    RESULTS = 32
    PAPERS = 64
    REFERRALS = 128
    APPOINTMENTS = 256
    ALLERGIES = 512


PARTS: dict[str, Part] = {
    "Patient": Part.COVER,
    "Coverage": Part.COVER,
    "Encounter": Part.VISITS | Part.DIAGNOSES,
    "Condition": Part.VISITS | Part.DIAGNOSES,
    "MedicationStatement": Part.VISITS | Part.MEDICINES,
    "Procedure": Part.VISITS | Part.SERVICES,
    "Observation": Part.VISITS | Part.SERVICES | Part.RESULTS,
    "DiagnosticReport": Part.VISITS | Part.SERVICES | Part.RESULTS,
    "ServiceRequest": Part.REFERRALS,
    "Appointment": Part.APPOINTMENTS,
    "DocumentReference": Part.PAPERS,
    "AllergyIntolerance": Part.VISITS | Part.DIAGNOSES | Part.ALLERGIES,
    "Composition": Part.PAPERS,
}
# Surgery, and procedures.
_DONE = frozenset({"8", "18"})


class Shelf:
    """The resources of one book, made when asked for."""

    def __init__(self, book: Book, teller: Teller) -> None:
        self.book = book
        self.teller = teller
        self.visits = {one.visit_id: one for one in book.visits}
        self._made: dict[str, list[Resource]] = {}

    @cached_property
    def diagnoses(self) -> dict[int, list[Diagnosis]]:
        """Return the diagnoses by visit."""
        found: dict[int, list[Diagnosis]] = defaultdict(list)
        for one in self.book.diagnoses:
            found[one.visit_id].append(one)
        return found

    @cached_property
    def services(self) -> findings.Services:
        """Return the services by visit and code."""
        return findings.services_by_code(self.book.services)

    def of(self, kind: str) -> list[Resource]:
        """Return the resources of a type, empty members left out."""
        if kind not in self._made:
            self._made[kind] = [tidy(one) for one in _BUILDERS[kind](self)]
        return self._made[kind]


def _patients(shelf: Shelf) -> list[Resource]:
    return [person.patient(shelf.teller, shelf.book.cover)]


def _coverages(shelf: Shelf) -> list[Resource]:
    return [person.coverage(shelf.teller, shelf.book.cover)] if shelf.book.cover else []


def _encounters(shelf: Shelf) -> list[Resource]:
    return [care.encounter(shelf.teller, one, shelf.diagnoses[one.visit_id]) for one in shelf.book.visits]


def _conditions(shelf: Shelf) -> list[Resource]:
    visits = shelf.visits
    return [
        care.condition(shelf.teller, one, visits[one.visit_id])
        for one in shelf.book.diagnoses
        if one.visit_id in visits
    ]


def _medications(shelf: Shelf) -> list[Resource]:
    visits = shelf.visits
    return [
        care.medication(shelf.teller, one, visits[one.visit_id])
        for one in shelf.book.medicines
        if one.visit_id in visits
    ]


def _procedures(shelf: Shelf) -> list[Resource]:
    visits = shelf.visits
    return [
        care.procedure(shelf.teller, one, visits[one.visit_id])
        for one in shelf.book.services
        if one.group_code in _DONE and one.visit_id in visits
    ]


def _observations(shelf: Shelf) -> list[Resource]:
    visits = shelf.visits
    measured = [
        findings.observation(shelf.teller, one, visits[one.visit_id], shelf.services)
        for one in shelf.book.results
        if one.visit_id in visits
    ]
    return measured + [findings.weight(shelf.teller, one) for one in shelf.book.visits if one.weight]


def _reports(shelf: Shelf) -> list[Resource]:
    return findings.reports(shelf.teller, shelf.book.results, shelf.services, shelf.visits)


def _allergies(shelf: Shelf) -> list[Resource]:
    return person.allergies(shelf.teller, shelf.book.allergies, shelf.book.diagnoses, shelf.visits)


_BUILDERS: dict[str, Callable[[Shelf], list[Resource]]] = {
    "Patient": _patients,
    "Coverage": _coverages,
    "Encounter": _encounters,
    "Condition": _conditions,
    "MedicationStatement": _medications,
    "Procedure": _procedures,
    "Observation": _observations,
    "DiagnosticReport": _reports,
    "ServiceRequest": lambda shelf: [plans.service_request(shelf.teller, one) for one in shelf.book.referrals],
    "Appointment": lambda shelf: [plans.appointment(shelf.teller, one) for one in shelf.book.appointments],
    "DocumentReference": lambda shelf: [papers.document(shelf.teller, one) for one in shelf.book.papers],
    "AllergyIntolerance": _allergies,
    "Composition": lambda shelf: [
        papers.composition(shelf.teller, one) for one in shelf.book.papers if one.kind in papers.COMPOSED
    ],
}
