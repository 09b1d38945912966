"""Situations as people state them, and what the law makes of them: one module for each kind of question.

A file holds one question or a list of them, in YAML or JSON; `ask` says which kind. docs/howto/calculate-a-benefit.md has an example of each.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import yaml

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.situations.bridge import BridgeCase
from ansinh.rules.situations.contribution_salary import ContributionCase
from ansinh.rules.situations.funeral import FuneralCase
from ansinh.rules.situations.health_insurance import ChildCardCase, HealthShareCase
from ansinh.rules.situations.one_off import OneOffCase
from ansinh.rules.situations.pension import AdjustmentCase, PensionCase, RetirementCase
from ansinh.rules.situations.social_pension import SocialPensionCase
from ansinh.rules.situations.survivors import SurvivorsCase
from ansinh.rules.situations.unemployment import UnemploymentCase

Case = (
    PensionCase
    | RetirementCase
    | AdjustmentCase
    | OneOffCase
    | FuneralCase
    | SurvivorsCase
    | UnemploymentCase
    | SocialPensionCase
    | BridgeCase
    | ContributionCase
    | ChildCardCase
    | HealthShareCase
)

FILE_BYTES_MAX = 10_000_000
CASES_MAX = 10_000
_GROUPED = re.compile(r"\d{1,3}(?:(?:\.\d{3}){2,}|(?:,\d{3})+)")


def read_cases(file: Path) -> list[Case]:
    """Return the questions of a file; raises InvalidInput that says what is wrong and where."""
    return cases_of(plain_values(file))


def plain_values(file: Path) -> list[Any]:
    """Return what a file states, days as they are written; raises InvalidInput."""
    if file.stat().st_size > FILE_BYTES_MAX:
        raise InvalidInput(
            f"{file.name} lớn hơn {FILE_BYTES_MAX:,} byte. Chia thành nhiều tệp.",
            f"{file.name} is larger than {FILE_BYTES_MAX:,} bytes. Split it.",
            file=file.name,
        )
    try:
        stated = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=_Plain)  # noqa: S506 - it makes plain values only
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(
            f"{file.name} không phải YAML hay JSON: {error}",
            f"{file.name} is neither YAML nor JSON: {error}",
            file=file.name,
        ) from error
    return stated if isinstance(stated, list) else [stated]


def cases_of(stated: list[Any]) -> list[Case]:
    """Return questions from plain values; raises InvalidInput that says which one and where."""
    if len(stated) > CASES_MAX:
        raise InvalidInput(f"Nhiều nhất {CASES_MAX:,} câu hỏi.", f"At most {CASES_MAX:,} questions.", field="file")
    found = []
    for place, one in enumerate(stated, start=1):
        try:
            found.append(msgspec.convert(_amounts_plain(one), Case, strict=False))
        except msgspec.ValidationError as error:
            raise InvalidInput(
                f"Câu hỏi thứ {place}: {error}", f"Question {place}: {error}", field=f"question {place}"
            ) from error
    return found


def _amounts_plain(value: Any) -> Any:
    """Return values with amounts such as 7.500.000 or 7,500,000 as the numbers they are."""
    if isinstance(value, dict):
        return {key: one if key in {"title", "name"} else _amounts_plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_amounts_plain(one) for one in value]
    if isinstance(value, str) and _GROUPED.fullmatch(value):
        return int(re.sub(r"[.,]", "", value))
    return value


class _Plain(yaml.CSafeLoader):
    """YAML in which days stay as they are written, and only true and false are yes and no (“on” is a word of ours)."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false|True|False"), list("tTfF"))
