"""What a search asks: its text read into a frozen value, or refused with the reason (FHIR 4.0.1, section 3.1.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import Key, KeyKind, parse_key
from ansinh.gateway.fhir import refusals
from ansinh.gateway.fhir.codes import PERSON_SYSTEMS
from ansinh.gateway.fhir.identities import Identities
from ansinh.gateway.fhir.moments import PREFIXES, BadMoment, Span, span_of
from ansinh.gateway.fhir.parameters import (
    BODY_ONLY,
    CONTROLS,
    DATE,
    OF_PERSONS,
    PARAMETERS,
    PERSON,
    REFERENCE,
    TOKEN,
    Parameter,
    parameter_of,
)
from ansinh.gateway.problems import Problem

PARAMETERS_MAX = 50
CHOICES_MAX = 50
COUNT, COUNT_MAX = 50, 200
_KEYS = {KeyKind.PIN, KeyKind.SI_CODE, KeyKind.CARD}
_MODIFIERS = {
    TOKEN: {"not", "missing"},
    DATE: {"missing"},
    REFERENCE: {"missing"},
    "string": {"exact", "contains", "missing"},
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a filter. Of a token: `system` None: any; "": none. Of a date: prefix and span."""

    text: str
    system: str | None = None
    prefix: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter, how it is meant, and the values one of which must be there."""

    parameter: Parameter
    modifier: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Include:
    """What comes along: `source` refers by `parameter`; `reverse`: it is the source that comes along."""

    source: str
    parameter: Parameter
    reverse: bool


@dataclass(frozen=True)
class Search:
    """A search that can be answered: about the person of a record (`person_id`), or of a number (`key`)."""

    kind: str
    person_id: int = 0
    key: Key | None = None
    filters: tuple[Filter, ...] = ()
    sort: tuple[tuple[Parameter, bool], ...] = ()
    includes: tuple[Include, ...] = ()
    count: int = COUNT
    total_only: bool = False
    ignored: tuple[str, ...] = ()
    # As understood, without the person and any number of theirs: what a link to the next page goes on with.
    understood: tuple[tuple[str, str], ...] = ()

    def shown(self, person: str) -> list[tuple[str, str]]:
        """Return what may stand in an address: the person by the id of the Patient, and of the rest what says nothing of who it is."""
        named = person if self.kind == "Patient" else f"Patient/{person}"
        kept = [
            (name, value) for name, value in self.understood if (self.kind, name.partition(":")[0]) not in BODY_ONLY
        ]
        own = any(name == "_id" for name, _ in kept)
        return kept if own else [(PERSON[self.kind], named), *kept]


@dataclass
class _Reading:
    kind: str
    identities: Identities
    in_body: bool
    lenient: bool
    persons: list[int] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    sort: tuple[tuple[Parameter, bool], ...] = ()
    includes: list[Include] = field(default_factory=list)
    count: int = COUNT
    total_only: bool = False
    ignored: list[str] = field(default_factory=list)
    understood: list[tuple[str, str]] = field(default_factory=list)


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Return the parameters of a query or form; raises Problem."""
    try:
        return parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=bool(text),
            max_num_fields=PARAMETERS_MAX,
            encoding="utf-8",
            errors="strict",
        )
    except ValueError as error:
        raise refusals.MALFORMED_QUERY from error


def read_search(
    kind: str, pairs: list[tuple[str, str]], identities: Identities, *, body_from: int = 0, lenient: bool = False
) -> Search:
    """Return what the parameters ask; those before `body_from` stood in the address. Raises Problem."""
    reading = _Reading(kind, identities, False, lenient)
    for place, (said, value) in enumerate(pairs):
        reading.in_body = place >= body_from
        _take(reading, said, value)
    persons = set(reading.persons)
    if len(persons) > 1 or len(reading.keys) > 1 or (persons and reading.keys):
        raise refusals.TWO_PERSONS
    if not persons and not reading.keys:
        raise refusals.NO_PERSON
    return Search(
        kind,
        persons.pop() if persons else 0,
        reading.keys[0] if reading.keys else None,
        tuple(reading.filters),
        reading.sort,
        tuple(reading.includes),
        reading.count,
        reading.total_only,
        tuple(reading.ignored),
        tuple(reading.understood),
    )


def _take(reading: _Reading, said: str, value: str) -> None:
    name, _, modifier = said.partition(":")
    if not value:
        raise refusals.bad_value(said[:40], "thiếu giá trị.", "it has no value.")
    if name in CONTROLS:
        _control(reading, name, modifier, value)
        return
    if _names_person(reading, name, modifier, value):
        return
    parameter = parameter_of(reading.kind, name)
    if parameter is None or (modifier and modifier not in _MODIFIERS[parameter.kind]):
        if not reading.lenient:
            raise refusals.unknown_parameter(said)
        reading.ignored.append(said)
        return
    if (reading.kind, name) in BODY_ONLY and not reading.in_body:
        raise refusals.NUMBER_IN_ADDRESS
    texts = _split(value, ",")
    if len(texts) > CHOICES_MAX:
        raise refusals.bad_value(name, f"tối đa {CHOICES_MAX} giá trị.", f"at most {CHOICES_MAX} values.")
    choices = tuple(_choice(parameter, modifier, text) for text in texts)
    reading.filters.append(Filter(parameter, modifier, choices))
    reading.understood.append((said, value))
    if name == "_id" and not modifier:
        places = [reading.identities.place(reading.kind, one.text) for one in choices]
        # An id of nobody's is about nobody: the answer is empty, and no person was asked about.
        reading.persons.extend({place.person_id if place else -1 for place in places})


def _names_person(reading: _Reading, name: str, modifier: str, value: str) -> bool:
    """Take a parameter that says who the search is about; False: it is another."""
    chained = name in {"patient.identifier", "subject.identifier", "beneficiary.identifier"} or (
        modifier == "identifier" and name in {"patient", "subject", "beneficiary"}
    )
    if chained and parameter_of(reading.kind, name.partition(".")[0]) is None:
        return False
    if chained or ((reading.kind, name) in OF_PERSONS and not modifier):
        if not reading.in_body:
            raise refusals.NUMBER_IN_ADDRESS
        reading.keys.append(_key(name, value))
        return True
    parameter = parameter_of(reading.kind, name)
    if parameter is None or "Patient" not in parameter.targets or modifier:
        if modifier == "Patient" and parameter is not None and "Patient" in parameter.targets:
            return _names_person(reading, name, "", value)
        return False
    _, _, bare = value.rpartition("Patient/")
    place = reading.identities.place("Patient", bare)
    if "," in value:
        raise refusals.TWO_PERSONS
    if place is None and bare.isdigit():
        raise (
            refusals.NUMBER_IN_ADDRESS
            if not reading.in_body
            else refusals.bad_value(
                name,
                "đây là mã tài nguyên, không phải số của người.",
                "this takes an id of a resource, no number of a person.",
            )
        )
    reading.persons.append(place.person_id if place else -1)
    return True


def _key(name: str, value: str) -> Key:
    system, bar, number = value.rpartition("|")
    if "," in value:
        raise refusals.TWO_PERSONS
    try:
        key = parse_key(number)
    except InvalidInput as error:
        raise Problem(422, error.code, error.vi, error.en, field=name) from error
    if key.kind not in _KEYS or (bar and PERSON_SYSTEMS.get(system) != key.kind):
        raise refusals.bad_value(
            name,
            f"hệ thống mã phải là một trong {', '.join(PERSON_SYSTEMS)} và hợp với số.",
            f"its system must be one of {', '.join(PERSON_SYSTEMS)} and fit the number.",
        )
    return key


def _choice(parameter: Parameter, modifier: str, text: str) -> Choice:
    if modifier == "missing":
        if text not in {"true", "false"}:
            raise refusals.bad_value(f"{parameter.name}:missing", "chỉ nhận true hoặc false.", "it is true or false.")
        return Choice(text)
    if parameter.kind == DATE:
        text = text.replace(" ", "+")  # a plus sign that was not percent-encoded
        prefix = text[:2] if text[:2] in PREFIXES else "eq"
        try:
            return Choice(text, prefix=prefix, span=span_of(text[2:] if text[:2] in PREFIXES else text))
        except BadMoment as error:
            raise refusals.bad_value(
                parameter.name,
                "ngày có dạng [tiền tố]2025-07-31 hoặc có giờ và múi giờ.",
                "a date is [prefix]2025-07-31, or has time and zone.",
            ) from error
    if parameter.kind == TOKEN:
        system, *rest = _split(text, "|")
        if len(rest) > 1:
            raise refusals.bad_value(parameter.name, "dạng hệ thống|mã.", "it is system|code.")
        return Choice(_plain(rest[0]), _plain(system)) if rest else Choice(_plain(system))
    return Choice(_plain(text))


def _control(reading: _Reading, name: str, modifier: str, value: str) -> None:
    if modifier:
        raise refusals.unknown_parameter(f"{name}:{modifier}")
    if name == "_count":
        if not value.isascii() or not value.isdigit() or len(value) > 9:
            raise refusals.bad_value(name, "một số từ 0.", "a number from 0.")
        reading.count = min(int(value), COUNT_MAX)
        reading.total_only = reading.total_only or reading.count == 0
    elif name == "_summary":
        if value not in {"count", "false"}:
            raise refusals.bad_value(name, "chỉ nhận count hoặc false.", "only count or false.")
        reading.total_only = value == "count"
    elif name == "_sort":
        reading.sort = tuple(_sorted_by(reading.kind, one) for one in value.split(",")[:CHOICES_MAX])
    elif name in {"_include", "_revinclude"}:
        reading.includes.append(_include(reading.kind, value, reverse=name == "_revinclude"))
    if name != "_format":
        reading.understood.append((name, value))


def _sorted_by(kind: str, said: str) -> tuple[Parameter, bool]:
    parameter = parameter_of(kind, said.removeprefix("-"))
    if parameter is None or parameter.kind not in {DATE, TOKEN}:
        raise refusals.bad_value(
            "_sort",
            "chỉ sắp theo tham số loại date hoặc token của tài nguyên này.",
            "sort by date or token parameters of this type.",
        )
    return parameter, said.startswith("-")


def _include(kind: str, value: str, *, reverse: bool) -> Include:
    source, _, rest = value.partition(":")
    name, _, target = rest.partition(":")
    known = parameter_of(source, name) if source in PARAMETERS and (reverse or source == kind) else None
    if (
        known is None
        or known.kind != REFERENCE
        or (target and target not in known.targets)
        or (reverse and kind not in known.targets)
    ):
        raise refusals.bad_value(
            "_revinclude" if reverse else "_include",
            "dạng Loại:tham-số, một tham số loại reference có trong /fhir/R4/metadata.",
            "it is Type:parameter, a reference parameter that /fhir/R4/metadata lists.",
        )
    return Include(source, known, reverse)


def _split(text: str, separator: str) -> list[str]:
    """Split at separators that are not escaped by a backslash (section 3.1.1.4.0.1)."""
    parts, begun, escaped = [], "", False
    for letter in text:
        if escaped:
            begun += f"\\{letter}"
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == separator:
            parts.append(begun)
            begun = ""
        else:
            begun += letter
    return [*parts, begun + ("\\" if escaped else "")]


def _plain(text: str) -> str:
    """Take the backslashes away that escaped something."""
    for letter in ("|", ",", "$"):
        text = text.replace(f"\\{letter}", letter)
    return text.replace("\\\\", "\\")
