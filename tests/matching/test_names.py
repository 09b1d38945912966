"""Normal forms of names and numbers."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansinh.people.matching.names import normal_names
from ansinh.people.matching.source import former_provinces, step
from ansinh.people.matching.syllables import PLAIN_MARK, folded, key_of, lawful, mark, repaired, toned
from tests.matching.small_worlds import recorded


def forms(name: str | None) -> dict[str, Any]:
    return dict(normal_names(pa.array([name], pa.string())).to_pylist()[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đặng Thị Quỳnh Như", "ĐẶNG  THỊ QUỲNH NHƯ"),
        ("Nguyễn Thị Hòa", "Nguye\u0302\u0303n Thi\u0323 Hoà"),
        ("Lý Mỹ Dung", "Lí Mĩ Dung"),
        ("Trần Thị Xuyến", "Traanf Thij Xuyeens"),
        ("Nguyễn Thị Hòa", "NGUYỄN THỊHÒA"),
    ],
)
def test_spellings_of_one_name_are_equal_with_their_accents(one: str, other: str) -> None:
    assert forms(one)["toned"] == forms(other)["toned"]


def test_accents_that_differ_keep_the_letters_equal_and_the_marks_apart() -> None:
    one, other = forms("Nguyễn Thị Hòa"), forms("Nguyễn Thị Hoa")
    assert one["key"] == other["key"] == "nguienthihoa"
    assert one["marks"] != other["marks"]


def test_missing_accents_are_a_pattern_the_full_name_fits() -> None:
    assert forms("Nguyen Thi Hoa")["marks"] == PLAIN_MARK * 3
    assert forms("Nguyen Thi Hoa")["plain"] is True


def test_parts_of_a_name_are_told_apart() -> None:
    about = forms("Huỳnh Thị Mỹ Dung")
    assert (about["surname"], about["middle"], about["given"]) == ("huinh", "thimi", "dung")
    assert about["nothi"] == "huinhmidung"
    assert about["regional"] == forms("Hoàng Thị Mỹ Dung")["regional"]
    assert about["ordered"] == forms("Dung Huỳnh Thị Mỹ")["ordered"]


@pytest.mark.parametrize("nothing", [None, "", "  ", "123", "?"])
def test_a_name_without_letters_has_no_forms(nothing: str | None) -> None:
    assert forms(nothing)["key"] is None


def test_joined_words_are_parted_only_where_one_way_is_lawful() -> None:
    assert repaired("thịhòa") == ("thị", "hòa")
    assert repaired("minhanh") == ("minhanh",)
    assert lawful("nguyễn")
    assert not lawful("traanf")


@given(st.text(max_size=12))
def test_any_text_has_normal_forms(text: str) -> None:
    assert set(folded(text)) <= set("abcdefghijklmnopqrstuvwxyz")
    assert "y" not in key_of(text)
    assert len(mark(text)) == 1
    assert toned(toned(text)) is not None
    assert set(forms(text)["key"] or "") <= set("abcdefghijklmnopqrstuvwxz")


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.none(), st.text(alphabet="0123456789 -A", max_size=14)))
def test_leading_zeros_of_numbers_are_restored(stated: str | None) -> None:
    person = {**recorded(1), "id_number": stated}
    with duckdb.connect() as connection:
        connection.register("former_provinces", former_provinces())
        names = normal_names(pa.array(["Lê An"]))
        batch = pa.Table.from_pylist([person], pa.schema([(name, _type(name)) for name in person]))
        for name in names.column_names:
            batch = batch.append_column(name, names[name])
        connection.register("batch", batch)
        found = connection.sql(f"SELECT number12, number9 FROM ({step('normal_insured')})").fetchall()[0]
    digits = "".join(c for c in stated or "" if "0" <= c <= "9")
    pin = digits.zfill(12) if len(digits) in {10, 11, 12} else None
    assert found == (pin, digits.zfill(9) if len(digits) in {8, 9} else None)


def _type(column: str) -> pa.DataType:
    whole = {"record_no", "household", "birth_year", "birth_month", "birth_day"}
    return pa.int64() if column in whole else pa.string()
