"""Whose province an argument of an operation is about: room and name of the argument → SQL that takes its value and answers with provinces.

The tables belong to rooms above; a test asks each of these queries once, so that a renamed column is noticed. The empty room stands for every room.
"""

from __future__ import annotations

_OF_PERSON = "SELECT p.province FROM people_person p WHERE p.person_id = %s"


def _through(table: str, column: str) -> str:
    return f"SELECT p.province FROM {table} t JOIN people_person p ON p.person_id = t.person_id WHERE t.{column} = %s"


# A run that names no provinces pays the whole country, which is nobody's province.
_OF_RUN = "SELECT unnest(coalesce(provinces, ARRAY['*'])) FROM payments_run WHERE run_id = %s"

SUBJECTS: dict[tuple[str, str], str] = {
    ("", "person_id"): _OF_PERSON,
    ("", "for_person_id"): _OF_PERSON,
    ("people", "alias"): _OF_PERSON,
    ("people", "survivor"): _OF_PERSON,
    ("people", "request"): _through("people_request", "request_id"),
    ("benefits", "application"): _through("benefits_application", "application_id"),
    ("participation", "request"): _through("participation_correction", "request_id"),
    ("services", "reference"): _through("services_application", "reference"),
    ("overuse", "finding_no"): _through("overuse_finding", "finding_no"),
    ("lifeevents", "file_id"): "SELECT province FROM lifeevents_file WHERE file_id = %s",
    ("payments", "run_id"): _OF_RUN,
}

# Wholes with many people in them: what names somebody besides is about that person's part.
WHOLES = frozenset({("payments", "run_id")})

# What an officer bound to provinces may do although it names nobody yet: keeping a paper that came in, checking one that is shown, looking at a paper whose
# person the reading itself names, and looking up whom a number names.
ABOUT_NOBODY = frozenset(
    {
        "documents.keep_incoming",
        "disclosure.find_person",
        "referrals.check_referral",
        "referrals.use_referral",
        "services.verify_result",
        "access.prepare_role_grant",
        "access.end_role_grant",
    }
)
