"""What the commands of `ansinh book` share: options, months, and how a person is asked for."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.identifiers import parse_key
from ansinh.foundation.purpose import Purpose
from ansinh.people.queries import person_of_number

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit.")]
Person = Annotated[
    str,
    typer.Argument(
        help="Record number; or - to read a personal number, SI code or card number from standard input.",
        metavar="PERSON",
    ),
]
PurposeOption = Annotated[
    str, typer.Option("--purpose", help=f"What for: {', '.join(one.code for one in Purpose)}; kept in the audit.")
]


def record_of(person: str) -> int:
    """Return the record a person is asked for by: its number, or a number people carry, read from standard input so that it stays out of histories."""
    if person != "-":
        try:
            return int(person)
        except ValueError as error:
            raise InvalidInput(
                "Ghi số hồ sơ, hoặc - rồi nhập số định danh qua đầu vào chuẩn.",
                "Give a record number, or - and the person's number on standard input.",
                field="person",
            ) from error
    key = parse_key(sys.stdin.readline(200).strip())
    found = person_of_number(key.kind.scheme, key.value)
    if found is None:
        raise NotFound("Không tìm thấy người có số này.", "Nobody has this number.")
    return found


def purpose_of(code: str) -> Purpose:
    """Return the purpose of a word; raises InvalidInput."""
    try:
        return Purpose[code.upper()]
    except KeyError as error:
        known = ", ".join(one.code for one in Purpose)
        raise InvalidInput(
            f"Mục đích là một trong: {known}.", f"The purpose is one of: {known}.", field="purpose"
        ) from error


def month(number: int | None) -> str:
    """Return a month as people read it."""
    return "nay · now" if number is None else f"{number % 100:02}/{number // 100}"
