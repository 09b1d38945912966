"""Every answer that is not success, as FHIR wants it told: an OperationOutcome, in Vietnamese or English, without personal data."""

from __future__ import annotations

from typing import Any

from ansinh.gateway import problems
from ansinh.gateway.fhir.formats import JSON, content_type, encoded, format_of
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import Answered, Headers

# HTTP status → code of the value set issue-type (FHIR 4.0.1, required).
_ISSUES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    408: "timeout",
    409: "conflict",
    410: "deleted",
    411: "invalid",
    413: "too-long",
    415: "not-supported",
    422: "processing",
    429: "throttled",
    431: "too-long",
    500: "exception",
    503: "transient",
}
SYSTEM = "urn:ansinh:problem"


def tell(problem: Problem, headers: Headers) -> Answered:
    """Return a refusal as an OperationOutcome, in the language and the format the caller wants."""
    language = problems.language_of(headers.get("accept-language"))
    try:
        wanted = format_of(headers.get("accept"), None)
    except Problem:
        wanted = JSON
    told = (
        ("content-type", content_type(wanted)),
        ("content-language", language),
        ("cache-control", "no-store"),
        *problem.headers,
    )
    return problem.status, told, encoded(outcome_of(problem, language), wanted)


def outcome_of(problem: Problem, language: str) -> dict[str, Any]:
    """Return the OperationOutcome of a refusal."""
    document = problem.document(language)
    errors: Any = document.get("errors") or [{}]
    pointer = str(errors[0].get("pointer", "")).lstrip("/")
    return outcome(
        "error", _ISSUES.get(problem.status, "processing"), problem.code, str(document["detail"]), expression=pointer
    )


def outcome(severity: str, issue: str, code: str, text: str, *, expression: str = "") -> dict[str, Any]:
    """Return an OperationOutcome with one issue. `issue` is of issue-type, `code` one of our own stable codes."""
    said: dict[str, Any] = {
        "severity": severity,
        "code": issue,
        "details": {"coding": [{"system": SYSTEM, "code": code}], "text": text},
    }
    if expression:
        said["expression"] = [expression]
    return {"resourceType": "OperationOutcome", "issue": [said]}
