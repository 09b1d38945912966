"""The contribution-book desk: what is wrong becomes a request there, which two officers put into the book or refuse."""

from __future__ import annotations

from ansinh.database.sql import row
from ansinh.participation.operations import file_request
from ansinh.services.offices.outcomes import Concluded, Forwarded, Said, Waiting, Word
from ansinh.services.rows import Application

_ROOM = "participation.request:"


def forward(one: Application, said: Said) -> Word:
    """File the request in the applicant's words."""
    number = file_request(**said, person_id=one.person_id, wrong=one.content["wrong"], evidence=one.content["evidence"])
    return Forwarded(f"{_ROOM}{number}")


def heard(one: Application) -> Word:
    """Tell what became of the request."""
    assert one.forwarded_to is not None
    found = row(
        "SELECT state, answer FROM participation_correction WHERE person_id = %s AND request_id = %s",
        [one.person_id, int(one.forwarded_to.removeprefix(_ROOM))],
    )
    if found is None or found[0] in {"filed", "prepared"}:
        return Waiting()
    if found[0] == "applied":
        return Concluded(
            True,
            "Sổ bảo hiểm xã hội đã được điều chỉnh.",
            "The contribution book is corrected.",
        )
    return Concluded(False, f"Không điều chỉnh: {found[1]}", f"Not corrected: {found[1]}")
