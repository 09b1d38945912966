"""What others may ask about people: frozen answers only."""

from __future__ import annotations

from ansinh.people.queries.candidates import (
    OfferedCandidate,
    OpenCandidate,
    candidates_of,
    open_candidates,
    waits_since,
)
from ansinh.people.queries.crosswalk import (
    SwitchedProvince,
    WithoutNumber,
    excluded_by_province,
    numbers_missing,
    switch_by_province,
)
from ansinh.people.queries.differences import (
    Difference,
    DifferenceGroup,
    ReportedDifference,
    difference_groups,
    differences_reported,
    differences_sampled,
)
from ansinh.people.queries.effects import Effect, EffectQuery, effects_on
from ansinh.people.queries.persons import (
    KnownPerson,
    Statement,
    person_as_known,
    person_of_number,
    records_of,
    resolve,
    resolve_many,
    statements_about,
)
from ansinh.people.queries.requests import RequestLine, request_line, requests_about, requests_waiting
from ansinh.people.queries.verifying import (
    count_persons,
    count_unverified,
    example_of,
    example_of_verdict,
    person_id_bounds,
    verdict_counts,
)

__all__ = [
    "Difference",
    "DifferenceGroup",
    "Effect",
    "EffectQuery",
    "KnownPerson",
    "OfferedCandidate",
    "OpenCandidate",
    "ReportedDifference",
    "RequestLine",
    "Statement",
    "SwitchedProvince",
    "WithoutNumber",
    "candidates_of",
    "count_persons",
    "count_unverified",
    "difference_groups",
    "differences_reported",
    "differences_sampled",
    "effects_on",
    "example_of",
    "example_of_verdict",
    "excluded_by_province",
    "numbers_missing",
    "open_candidates",
    "person_as_known",
    "person_id_bounds",
    "person_of_number",
    "records_of",
    "request_line",
    "requests_about",
    "requests_waiting",
    "resolve",
    "resolve_many",
    "statements_about",
    "switch_by_province",
    "verdict_counts",
    "waits_since",
]
