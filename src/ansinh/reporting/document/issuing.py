"""The report on Project 06, handed over in a form."""

from __future__ import annotations

from datetime import date

from ansinh.foundation.errors import NotFound
from ansinh.reporting.document.content import content
from ansinh.reporting.document.forms import FORMS
from ansinh.reporting.document.published import published_figures
from ansinh.reporting.document.wording import Language
from ansinh.reporting.document.written import written

__all__ = ["published_figures", "write_report"]


def write_report(as_of: date, compare: date, language: Language, form: str) -> bytes:
    """Return the report as html, pdf, xlsx, docx or json, in vi or en; raises NotFound for another form."""
    make = FORMS.get(form)
    if make is None:
        known = ", ".join(FORMS)
        raise NotFound(f"Không có dạng “{form}”; có: {known}.", f"There is no form “{form}”; there are: {known}.")
    told = content(as_of, compare)
    return make(written(told, language), told)
