"""A file of law that does not say what it must is refused, with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ansinh.rules.law import amount, words
from ansinh.rules.reading import FILE_BYTES_MAX, ParameterMistake, read_parameters

GOOD = """description: A thing
metadata: {unit: dong}
values:
  2020-01-01:
    value: 1
    metadata: {reference: An article, confidence: found}
"""


def read(tmp_path: Path, text: str) -> object:
    (tmp_path / "thing.yaml").write_text(text, encoding="utf-8")
    return read_parameters(tmp_path)


def test_good_file_is_read(tmp_path: Path) -> None:
    read(tmp_path, GOOD)
    parameter = read_parameters(tmp_path)["thing"]
    assert (parameter.unit, parameter.at(date(2024, 1, 1)), parameter.history[0].reference) == ("dong", 1, "An article")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("description: A thing\n", "", 1, "description is missing"),
        ("metadata: {unit: dong}", "metadata: {}", 1, "metadata.unit is missing"),
        ("values:", "value:", 4, "description is missing"),
        ("2020-01-01", "2020-02-30", 5, "is no day"),
        ("2020-01-01", "'1'", 5, "is no day"),
        ("value: 1\n", "value: [1.5]\n", 5, "a number, a text or null"),
        ("value: 1\n", "value: true\n", 5, "a number, a text or null"),
        ("value: 1\n", "value: ''\n", 5, "a number, a text or null"),
        ("value: 1\n", "value: {a: 1}\n", 5, "a number, a text or null"),
        ("value: 1\n", "value: 1\n    value: 2\n", 6, "twice"),
        ("value: 1\n", "value: 1\n    extra: 2\n", 5, "nothing else"),
        ("reference: An article, ", "", 5, "reference of 2020-01-01 is missing"),
        ("reference: An article", "reference: Law arts 1, 2", 5, "quote a reference with commas"),
        ("confidence: found", "confidence: sure", 5, "confidence is one of"),
        ("values:\n", "values: {}\nrest:\n", 1, "unknown words"),
        (GOOD, "- 1\n", 1, "no mapping"),
        (GOOD, "a: [\n", 2, "is not YAML"),
        (GOOD, "description: x\n", 1, "neither values nor parts"),
    ],
)
def test_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in GOOD
    with pytest.raises(ParameterMistake, match=says) as mistake:
        read(tmp_path, GOOD.replace(old, new))
    assert mistake.value.line == line
    assert f"thing.yaml, line {line}" in str(mistake.value)


def test_values_out_of_order_or_of_two_kinds_are_mistakes(tmp_path: Path) -> None:
    again = GOOD[GOOD.index("  2020") :]
    with pytest.raises(ParameterMistake, match="must come after"):
        read(tmp_path, GOOD + again.replace("2020", "2019"))
    with pytest.raises(ParameterMistake, match="all be numbers"):
        read(tmp_path, GOOD + again.replace("2020", "2021").replace("value: 1", "value: one"))


def test_null_is_a_value_nobody_knows_and_is_refused_with_its_reason(tmp_path: Path) -> None:
    read(
        tmp_path,
        GOOD + "  2021-01-01:\n    value: null\n    metadata: {reference: Not published, confidence: derived}\n",
    )
    parameter = read_parameters(tmp_path)["thing"]
    assert parameter.at(date(2020, 12, 31)) == 1
    with pytest.raises(LookupError, match="not known on 2021-01-01: Not published"):
        parameter.at(date(2021, 1, 1))


def test_an_endless_file_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ParameterMistake, match="longer"):
        read(tmp_path, GOOD + "#" * FILE_BYTES_MAX)


def test_amount_and_words_do_not_mix() -> None:
    day = date(2025, 7, 31)
    with pytest.raises(TypeError):
        words("pay.base_salary", day)
    with pytest.raises(TypeError):
        amount("health_insurance.newborn.prefix", day)
