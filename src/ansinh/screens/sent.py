"""What came in from a form, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest

FIELD_LENGTH_MAX = 200


@dataclass(frozen=True)
class Form:
    """What came in from a form: each field once and not too long, and what is missing."""

    values: dict[str, str]
    missing: list[str]
    ours: bool


def read_form(request: HttpRequest, required: tuple[str, ...], kept: dict[str, int]) -> Form:
    """Return what came in, strictly: fields that are not ours, repeated or too long make the form not ours."""
    values, ours = {}, not set(request.POST) - {*required, *kept, "csrfmiddlewaretoken"}
    for name in (*required, *kept):
        given = request.POST.getlist(name)
        values[name] = (given[0] if given else "").replace("\x00", "")
        ours = ours and len(given) <= 1 and len(values[name]) <= kept.get(name, FIELD_LENGTH_MAX)
    return Form(values, [name for name in required if not values[name].strip()], ours)


def day_of(text: str) -> date | None:
    """Return a day written dd/mm/yyyy; None for anything else."""
    try:
        return datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007  # a day of the calendar has no zone
    except ValueError:
        return None
