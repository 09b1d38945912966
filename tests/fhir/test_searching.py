"""What a search's text means: parameters, escapes, dates and their prefixes, ids. Nothing here needs a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.gateway.fhir.formats import JSON, XML, format_of, plain
from ansinh.gateway.fhir.identities import Identities, Place
from ansinh.gateway.fhir.moments import PREFIXES, BadMoment, Span, holds, span_of
from ansinh.gateway.fhir.narratives import sanitised
from ansinh.gateway.fhir.searches import pairs_of, read_search
from ansinh.gateway.problems import Problem
from tests.fhir.samples import IDENTITIES, NOW

PERSON = IDENTITIES.name("Patient", Place(1))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
SPANS = st.tuples(MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(days=400))).map(
    lambda one: Span(one[0], one[0] + one[1])
)


@given(SPANS, SPANS)
def test_prefixes_agree_with_one_another(asked: Span, said: Span) -> None:
    found = {prefix: holds(prefix, asked, said, NOW) for prefix in PREFIXES}
    assert found["ne"] != found["eq"]
    assert found["ge"] == (found["gt"] or found["eq"])
    assert found["le"] == (found["lt"] or found["eq"])
    assert not (found["sa"] and found["eb"])
    assert not found["sa"] or found["gt"]
    assert not found["eb"] or found["lt"]
    assert not found["eq"] or found["ap"]


@given(MOMENTS, st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ"]))
def test_a_moment_lies_in_the_span_its_text_names(at: datetime, form: str) -> None:
    zoned = at if form.endswith("Z") else at + timedelta(hours=7)
    span = span_of(zoned.strftime(form).zfill(len(zoned.strftime(form))))
    assert span.low <= at < span.high


@given(st.text(max_size=40))
def test_whatever_text_is_a_date_or_is_refused(text: str) -> None:
    try:
        span = span_of(text)
    except BadMoment:
        return
    assert span.low < span.high


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["patient", "code", "code:not", "recorded-date", "_count", "_sort", "x"]),
            st.text(max_size=60),
        ),
        max_size=6,
    )
)
def test_whatever_is_asked_is_read_or_refused_with_a_code(pairs: list[tuple[str, str]]) -> None:
    try:
        read = read_search("Condition", pairs_of(urlencode(pairs, errors="replace")), IDENTITIES)
    except Problem as refused:
        status, read = refused.status, None
    assert (read is None and status in {400, 422}) or (
        read is not None and read.person_id in {1, -1} and read.count <= 200
    )


@given(st.integers(0, 2**63), st.integers(0, 2**63), st.integers(0, 2**31))
def test_an_id_leads_back_and_to_no_other_type(person: int, record: int, row: int) -> None:
    place = Place(person, record, row)
    name = IDENTITIES.name("Condition", place)
    assert IDENTITIES.place("Condition", name) == place
    assert IDENTITIES.place("Encounter", name) is None
    assert Identities("another secret").place("Condition", name) is None


@given(st.integers(0, 57), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_changed_id_leads_nowhere(at: int, letter: str) -> None:
    changed = PERSON[:at] + letter + PERSON[at + 1 :]
    assert (IDENTITIES.place("Patient", changed) is not None) == (changed == PERSON)


@given(st.text(max_size=70))
def test_whatever_text_is_no_id(text: str) -> None:
    assert IDENTITIES.place("Patient", text) is None
    assert IDENTITIES.content(text) is None


def test_escaped_separators_are_letters() -> None:
    read = read_search("Condition", [("patient", PERSON), ("code", r"urn:x\|y|a\,b,c\\d")], IDENTITIES)
    first, second = read.filters[0].choices
    assert (first.system, first.text) == ("urn:x|y", "a,b")
    assert (second.system, second.text) == (None, r"c\d")


@pytest.mark.parametrize("given_as", [PERSON, f"Patient/{PERSON}", f"https://ansinh.example/fhir/R4/Patient/{PERSON}"])
def test_a_person_may_be_named_by_id_or_reference(given_as: str) -> None:
    assert read_search("Condition", [("patient", given_as)], IDENTITIES).person_id == 1


@pytest.mark.parametrize(
    ("accept", "parameter", "wanted"),
    [
        (None, None, JSON),
        ("*/*", None, JSON),
        ("application/fhir+xml", None, XML),
        ("application/fhir+json;q=0.5, application/fhir+xml", None, XML),
        ("application/fhir+json; fhirVersion=4.0", None, JSON),
        ("text/html", "xml", XML),
        (None, "application/fhir+json", JSON),
        ("text/html", None, None),
        ("application/fhir+json; fhirVersion=5.0", None, None),
        (None, "turtle", None),
    ],
)
def test_formats_are_negotiated(accept: str | None, parameter: str | None, wanted: str | None) -> None:
    if wanted is None:
        with pytest.raises(Problem):
            format_of(accept, parameter)
    else:
        assert format_of(accept, parameter) == wanted


@given(st.text(st.characters(), max_size=60))
def test_plain_text_can_stand_in_xml(text: str) -> None:
    assert all(c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff") for c in plain(text))


HOSTILE = {
    "<div xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script><p onclick='x()' title='ok'>Good</p> tail</div>": True,
    "<div xmlns='http://www.w3.org/1999/xhtml'><p>Good</p><img src='http://x/'/><a href='javascript:x'>bad</a></div>": True,
    "<div xmlns='http://www.w3.org/1999/xhtml'><p style='background:url(x)'>Good</p><svg xmlns='http://www.w3.org/2000/svg'/></div>": True,
    "<!DOCTYPE div [<!ENTITY a 'aaaa'>]><div xmlns='http://www.w3.org/1999/xhtml'>&a;</div>": False,
    "<p>no div</p>": False,
    "<div><p>no namespace</p></div>": None,
    "<div onclick='x()'>no namespace</div>": False,
    "not xml & more": False,
}


@pytest.mark.parametrize("div", HOSTILE)
def test_narratives_of_others_are_cleaned(div: str) -> None:
    said = sanitised(div)
    for bad in ("script", "onclick", "javascript", "http://x/", "style=", "svg", "bad", "ENTITY"):
        assert bad not in said
    assert ("Good" in said) == (HOSTILE[div] is True)
