"""The report on Project 06, handed over in a form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ansinh.foundation.errors import NotFound
from ansinh.reporting.document.content import content, province_of
from ansinh.reporting.document.forms import FORMS
from ansinh.reporting.document.published import published_figures
from ansinh.reporting.document.wording import Language
from ansinh.reporting.document.written import written

__all__ = ["published_figures", "write_report", "write_reports"]


def write_report(
    as_of: date, compare: date, language: Language, form: str, province: str | None = None, *, monthly: bool = False
) -> bytes:
    """Return the report as html, pdf, xlsx, docx or json, in vi or en, of the nation or a province; raises NotFound for another form or province."""
    _known(form)
    gathered = content(as_of, compare, province_of(province) if province else None, monthly=monthly)
    return FORMS[form](written(gathered, language), gathered)


def write_reports(
    as_of: date, compare: date, languages: Sequence[Language], forms: Sequence[str]
) -> Iterator[tuple[Language, str, bytes]]:
    """Yield the report in each language and form, gathered once and told once in each language; raises NotFound for a form there is not."""
    for form in forms:
        _known(form)
    gathered = content(as_of, compare)
    for language in languages:
        told = written(gathered, language)
        for form in forms:
            yield language, form, FORMS[form](told, gathered)


def _known(form: str) -> None:
    if form not in FORMS:
        known = ", ".join(FORMS)
        raise NotFound(f"Không có dạng “{form}”; có: {known}.", f"There is no form “{form}”; there are: {known}.")
