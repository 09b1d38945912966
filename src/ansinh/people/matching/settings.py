"""What the model compares, level by level: the part of the model that people decide; training adds the probabilities."""

from __future__ import annotations

from typing import Any

Level = dict[str, Any]
_SAME_HOUSEHOLD = "(anchor_l = household_r OR other_anchor_l = household_r)"


def _level(label: str, condition: str, **more: Any) -> Level:
    return {"label_for_charts": label, "sql_condition": condition, **more}


def _null(condition: str) -> Level:
    return _level("unknown", condition, is_null_level=True)


def _rare(column: str) -> Level:
    return {"tf_adjustment_column": column, "tf_adjustment_weight": 1.0}


NAME = [
    _null("key_l IS NULL OR key_r IS NULL"),
    _level("letters equal", "key_l = key_r", **_rare("key")),
    _level("equal without Thị", "nothi_l = nothi_r", **_rare("nothi")),
    _level("other order", "ordered_l = ordered_r", **_rare("ordered")),
    _level("regional surname", "regional_l = regional_r", **_rare("regional")),
    # One letter off leaves the head or the tail as it was; asking for that first spares most of the costly distances.
    _level(
        "one letter",
        "abs(length(key_l) - length(key_r)) <= 1 AND (key_l[1:4] = key_r[1:4] OR right(key_l, 4) = right(key_r, 4))"
        " AND damerau_levenshtein(key_l, key_r) <= 1",
        **_rare("key"),
    ),
    _level(
        "middle dropped",
        "sg_l = sg_r AND (contains(middle_r, middle_l) OR contains(middle_l, middle_r))",
        **_rare("sg"),
    ),
    _level("other middle", "sg_l = sg_r", **_rare("sg")),
    _level("other given name", "surname_l = surname_r AND middle_l = middle_r"),
    _level("given name only", "given_l = given_r", **_rare("given")),
    _level("other name", "ELSE"),
]

ACCENTS = [
    _null("key_l IS NULL OR key_r IS NULL OR key_l <> key_r"),
    _level("accents equal", "toned_l = toned_r"),
    _level("ours without accents", "plain_l"),
    _level("some accents missing", "marks_r LIKE marks_l"),
    _level("accents contradict", "ELSE"),
]

_SAME_YEAR, _SAME_DAY = "year_l = year_r", "month_l = month_r AND day_l = day_r"
DATE = [
    _null("year_l IS NULL OR year_r IS NULL"),
    _level("equal", f"{_SAME_YEAR} AND {_SAME_DAY} AND NOT (month_l = 1 AND day_l = 1)"),
    _level("equal, 1 January", f"{_SAME_YEAR} AND {_SAME_DAY}"),
    _level("year only", f"{_SAME_YEAR} AND (month_l IS NULL OR month_r IS NULL)"),
    _level("1 January, year equal", f"{_SAME_YEAR} AND month_l = 1 AND day_l = 1"),
    _level("day and month exchanged", f"{_SAME_YEAR} AND month_l = day_r AND day_l = month_r"),
    _level("day differs", f"{_SAME_YEAR} AND month_l = month_r"),
    _level("month differs", f"{_SAME_YEAR} AND day_l = day_r"),
    _level("year equal", _SAME_YEAR),
    _level("year off by one", f"{_SAME_DAY} AND abs(year_l - year_r) = 1"),
    _level("digit of the year", f"{_SAME_DAY} AND abs(year_l - year_r) IN (5, 9, 10, 20)"),
    _level("other date", "ELSE"),
]

PLACE = [
    _null("province_l IS NULL AND commune_l IS NULL"),
    _level("household of relatives, commune equal", f"{_SAME_HOUSEHOLD} AND commune_l = commune_r"),
    _level("household of relatives", _SAME_HOUSEHOLD),
    _level("other household, commune equal", "anchor_l IS NOT NULL AND commune_l = commune_r"),
    _level("other household, province equal", "anchor_l IS NOT NULL AND (province_l = province_r OR former_l = origin_r)"),
    _level("other household", "anchor_l IS NOT NULL"),
    _level("commune equal", "commune_l = commune_r"),
    _level("former province equal", "former_l = former_r"),
    _level("province of birth", "former_l = origin_r"),
    _level("province equal", "province_l = province_r"),
    _level("other place", "ELSE"),
]  # fmt: skip

ORIGIN = [
    _null("origin_l IS NULL OR origin_r IS NULL OR former_l IS NULL OR origin_l = former_l"),
    _level("first office in the province of birth", "origin_l = origin_r"),
    _level("first office elsewhere", "ELSE"),
]

SEX = [
    _null("sex_l IS NULL OR sex_r IS NULL"),
    _level("equal", "sex_l = sex_r"),
    _level("differs", "ELSE"),
]

NUMBER = [
    _null("number12_l IS NULL AND (number9_l IS NULL OR number9_r IS NULL)"),
    _level("12 digits equal", "number12_l = number12_r"),
    _level("9 digits equal", "number9_l = number9_r"),
    _level("12 digits, one off", "hamming(number12_l, number12_r) <= 1"),
    _level("9 digits, one off", "hamming(number9_l, number9_r) <= 1"),
    _level("12 digits, two off", "hamming(number12_l, number12_r) <= 2"),
    _level("other number", "ELSE"),
]

COMPARISONS: dict[str, list[Level]] = {
    "name": NAME, "accents": ACCENTS, "date": DATE, "place": PLACE, "origin": ORIGIN, "sex": SEX, "number": NUMBER,
}  # fmt: skip
# The columns both frames have for the model.
COLUMNS = (
    "record", "toned", "key", "nothi", "ordered", "marks", "surname", "given", "middle", "regional", "sg", "plain",
    "year", "month", "day", "sex", "commune", "province", "former", "origin", "household", "anchor", "other_anchor",
    "number12", "number9",
)  # fmt: skip
RARITY_COLUMNS = ("key", "nothi", "ordered", "regional", "sg", "given")


def untrained() -> dict[str, Any]:
    """Return the settings as Splink reads them, without probabilities."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "record",
        "probability_two_random_records_match": 1e-6,
        "comparisons": [
            {"output_column_name": name, "comparison_levels": [dict(level) for level in levels]}
            for name, levels in COMPARISONS.items()
        ],
        "blocking_rules_to_generate_predictions": [
            "l.number12 = r.number12",
            "l.key = r.key AND l.year = r.year AND l.month = r.month AND l.day = r.day",
        ],
        "sql_dialect": "duckdb",
        "additional_columns_to_retain": [],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": False,
    }
