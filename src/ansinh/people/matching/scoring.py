"""The saved model carried out in SQL: the same levels, probabilities and rarity adjustments Splink would use, on pairs we name."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class ScoredLevel:
    """One level of a comparison with its weight in bits; higher numbers agree more, UNKNOWN weighs nothing."""

    number: int
    label: str
    condition: str
    weight: float
    rarity: str | None
    rarity_base: float


@dataclass(frozen=True, slots=True)
class Model:
    """The model as scoring needs it."""

    version: str
    comparisons: dict[str, tuple[ScoredLevel, ...]]
    year_chance: float

    @staticmethod
    def read(file: Path) -> Model:
        """Read a saved Splink model."""
        return Model.of(json.loads(file.read_text(encoding="utf-8")))

    @staticmethod
    def of(saved: dict[str, Any]) -> Model:
        """Understand a saved Splink model."""
        comparisons = {c["output_column_name"]: _levels(c["comparison_levels"]) for c in saved["comparisons"]}
        card = saved.get("card", {})
        return Model(str(card.get("version", "untitled")), comparisons, float(card.get("year_chance", 1.0)))

    def rarity_columns(self) -> tuple[str, ...]:
        """Return the columns whose values weigh by how rare they are."""
        found = {level.rarity for levels in self.comparisons.values() for level in levels if level.rarity}
        return tuple(sorted(found))

    def gamma_sql(self) -> str:
        """Return one column `g_…` per comparison: the number of the level a pair reaches, from columns with _l and _r."""
        return ",\n".join(_case(levels, f"g_{name}") for name, levels in self.comparisons.items())

    def weight_sql(self) -> str:
        """Return one column `w_…` per comparison: the weight in bits of the level reached, rarity included."""
        return ",\n".join(_weights(levels, name) for name, levels in self.comparisons.items())

    def plain_total_sql(self) -> str:
        """Return the sum of the weights without rarity, straight from the levels: cheap, to leave hopeless pairs out early."""
        cases = []
        for name, levels in self.comparisons.items():
            parts = " ".join(f"WHEN {x.number} THEN {x.weight!r}" for x in levels)
            cases.append(f"CASE g_{name} {parts} ELSE 0 END")
        return " + ".join(cases)

    def label_sql(self, comparison: str, gamma: str) -> str:
        """Return the label of the level a gamma column holds."""
        parts = " ".join(f"WHEN {x.number} THEN '{x.label}'" for x in self.comparisons[comparison])
        return f"CASE {gamma} {parts} END"

    def total_sql(self) -> str:
        """Return the sum of the weights."""
        return " + ".join(f"w_{name}" for name in self.comparisons)


def _levels(saved: list[dict[str, Any]]) -> tuple[ScoredLevel, ...]:
    top = sum(not level.get("is_null_level", False) for level in saved) - 1
    found, place = [], 0
    for level in saved:
        if level.get("is_null_level"):
            found.append(ScoredLevel(UNKNOWN, "unknown", level["sql_condition"], 0.0, None, 1.0))
            continue
        m, u = level["m_probability"], level["u_probability"]
        column = level.get("tf_adjustment_column")
        base = _base(saved, column) if column else 1.0
        found.append(
            ScoredLevel(top - place, level["label_for_charts"], level["sql_condition"], math.log2(m / u), column, base)
        )
        place += 1
    return tuple(found)


def _base(saved: list[dict[str, Any]], column: str) -> float:
    """Return the chance of agreement the rarity of a value is measured against: that of the level of plain equality."""
    exact = f"{column}_l = {column}_r"
    for level in saved:
        if level["sql_condition"].lower().replace('"', "") == exact:
            return float(level["u_probability"])
    raise ValueError(f"no level of plain equality for {column}")


def _case(levels: tuple[ScoredLevel, ...], name: str) -> str:
    parts = [f"WHEN {x.condition} THEN {x.number}" for x in levels if x.condition.upper() != "ELSE"]
    return f"(CASE {' '.join(parts)} ELSE 0 END)::TINYINT AS {name}"


def _weights(levels: tuple[ScoredLevel, ...], name: str) -> str:
    parts = []
    for x in levels:
        rare = ""
        if x.rarity:
            ours, theirs = f"tf_{x.rarity}_l", f"tf_{x.rarity}_r"
            rare = f" + coalesce({math.log2(x.rarity_base)!r} - log2(greatest(coalesce({ours}, {theirs}), coalesce({theirs}, {ours}))), 0)"
        parts.append(f"WHEN {x.number} THEN {x.weight!r}{rare}")
    return f"(CASE g_{name} {' '.join(parts)} ELSE 0 END)::DOUBLE AS w_{name}"
