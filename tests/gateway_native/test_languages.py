"""Problems are told in Vietnamese, unless English is wanted more; both say the same thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.gateway import problems

WANTED = {
    None: "vi",
    "": "vi",
    "vi": "vi",
    "en": "en",
    "EN-us": "en",
    "en-GB,vi;q=0.8": "en",
    "vi,en;q=0.8": "vi",
    "en;q=0.5, vi;q=0.5": "vi",
    "fr": "vi",
    "fr, en;q=0.1": "en",
    "en;q=0": "vi",
    "eng": "vi",
    "*": "vi",
    "en;q=high": "vi",
    "en;q=٣": "vi",
    "en;q=9999999999": "en",
    "en," * 100: "vi",
}


@pytest.mark.parametrize(("accepted", "language"), WANTED.items(), ids=str)
def test_language_is_vietnamese_unless_english_is_wanted_more(accepted: str | None, language: str) -> None:
    assert problems.language_of(accepted) == language


@given(st.text(max_size=300))
def test_any_wish_is_heard_without_a_crash(accepted: str) -> None:
    assert problems.language_of(accepted) in problems.LANGUAGES


def test_a_problem_says_where_it_was_wrong_in_the_language_wanted() -> None:
    vietnamese, english = (problems.PURPOSE_UNKNOWN.document(language) for language in problems.LANGUAGES)
    assert vietnamese["errors"] == [{"pointer": "/purpose", "detail": vietnamese["detail"]}]
    assert english["title"] == "Invalid input"
    assert vietnamese["title"] == "Nội dung không dùng được"
    for name in ("type", "status", "code"):
        assert vietnamese[name] == english[name]
