"""`CoverageEligibilityRequest`: how is this person insured? Answered by the same look-up as `POST /v1/standing`: same audit, same ceilings, other words.

Nothing is kept: the answer to the create is the CoverageEligibilityResponse itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import Key, parse_key
from ansinh.gateway import problems
from ansinh.gateway.batching import Batcher
from ansinh.gateway.fhir import codes, refusals
from ansinh.gateway.fhir.asking import Asker
from ansinh.gateway.fhir.formats import tidy
from ansinh.gateway.fhir.identities import Identities, Place
from ansinh.gateway.fhir.resources.person import INSURER
from ansinh.gateway.fhir.resources.telling import Resource, facility, moment, period
from ansinh.gateway.problems import Problem
from ansinh.gateway.standing import CEILING, NOT_LISTED, ONE, STANDING, Answer, Question, problem_of
from ansinh.gateway.worker import Worker

KIND = "CoverageEligibilityRequest"
SCOPE = "system/CoverageEligibilityRequest.r"
_PURPOSES = frozenset({"validation", "benefits"})
_AUDIT = "urn:ansinh:sid:audit"
_BENEFIT = "http://terminology.hl7.org/CodeSystem/benefit-type"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/ex-benefitcategory"

PURPOSES_WRONG = Problem(
    422,
    "purpose_not_answered",
    "Chỉ trả lời purpose validation và benefits.",
    "Only the purposes validation and benefits are answered.",
    field="CoverageEligibilityRequest.purpose",
)
PATIENT_WRONG = Problem(
    422,
    "patient_identifier_missing",
    f"patient.identifier phải có system ({', '.join(codes.PERSON_SYSTEMS)}) và value.",
    f"patient.identifier must have a system ({', '.join(codes.PERSON_SYSTEMS)}) and a value.",
    field="CoverageEligibilityRequest.patient.identifier",
)
# What the look-up advises → what is said.
_ADVICE = {
    "treat": "Thẻ còn giá trị. / The card is in force.",
    "treat_by_birth_certificate": "Trẻ chưa có thẻ: dùng giấy chứng sinh. / No card yet: treat by the birth certificate.",
    "use_next_card": "Dùng thẻ kế tiếp. / Use the next card.",
    "not_yet_valid": "Thẻ chưa tới ngày có giá trị. / The card is not valid yet.",
    "expired": "Thẻ đã hết hạn. / The card has expired.",
}
_NOT_FOUND = "Không tìm thấy người tham gia. / Nobody was found."
_OTHERWISE = "Thẻ không có giá trị lúc này. / The card is not in force."


class _Identifier(msgspec.Struct, frozen=True):
    system: str = ""
    value: str = ""


class _Patient(msgspec.Struct, frozen=True):
    identifier: _Identifier = _Identifier()


class Enquiry(msgspec.Struct, frozen=True, rename="camel"):
    """What of the request is looked at; FHIR lets a resource hold more."""

    resource_type: str
    purpose: list[str]
    patient: _Patient
    status: str = "active"
    serviced_date: str | None = None


_decode = msgspec.json.Decoder(Enquiry).decode
_json = msgspec.json.Decoder().decode


def read_request(body: bytes) -> tuple[Enquiry, Key]:
    """Return what is asked, and by which number; raises Problem."""
    try:
        asked = _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refusals.NOT_A_RESOURCE from error
    if asked.resource_type != KIND:
        raise refusals.NOT_A_RESOURCE
    if not asked.purpose or not set(asked.purpose) <= _PURPOSES:
        raise PURPOSES_WRONG
    said = asked.patient.identifier
    try:
        key = parse_key(said.value)
    except InvalidInput as error:
        raise PATIENT_WRONG from error
    if codes.PERSON_SYSTEMS.get(said.system) != key.kind:
        raise PATIENT_WRONG
    return asked, key


class Eligibility:
    """Asks the look-up of standing for whoever speaks FHIR."""

    def __init__(self, worker: Worker, identities: Identities) -> None:
        self._batcher: Batcher[Question, Answer] = worker.batcher(STANDING)
        self._guard = worker.guard
        self._clock = worker.configuration.clock
        self._identities = identities
        self._results = worker.metrics.results_of("fhir_eligibility")

    async def response(self, asker: Asker, body: bytes) -> tuple[str, Resource]:
        """Return the number of the audit row and the CoverageEligibilityResponse; raises Problem."""
        asked, key = read_request(body)
        grant = asker.grant
        who = (grant, asker.officer, asker.address)
        refusal = self._guard.check(*who) if self._guard is not None else None
        if refusal is not None and not refusal.recorded:
            raise refusal
        begin = 0 if refusal is None else CEILING
        question = (ONE, begin, int(key.kind), key.value, grant.client_no, grant.facility, asker.officer, asker.purpose)
        try:
            result, person, answer = await self._batcher.submit(question)
        except BaseException as trouble:
            if self._guard is not None and refusal is None:
                self._guard.release(*who)
            raise problem_of(trouble) from trouble
        self._results[result] += 1
        if refusal is not None:
            raise refusal
        if self._guard is not None:
            self._guard.note(*who, person, result, key.value)
        if result == NOT_LISTED:
            raise problems.OFFICER_NOT_LISTED
        told = _json(answer)
        return told["audit_id"], self._told(asked, asker, told, person)

    def _told(self, asked: Enquiry, asker: Asker, told: dict[str, Any], person: int) -> Resource:
        standing = told["standing"]
        named = self._identities.name("Patient", Place(person)) if person else None
        response: Resource = tidy(
            {
                "resourceType": "CoverageEligibilityResponse",
                "id": told["audit_id"],
                "identifier": [{"system": _AUDIT, "value": told["audit_id"]}],
                "status": "active",
                "purpose": asked.purpose,
                "patient": {
                    "reference": f"Patient/{named}" if named else None,
                    "identifier": {"system": _system(told["asked"]["kind"]), "value": told["asked"]["key"]},
                },
                "created": moment(self._clock.now()),
                "requestor": facility(asker.grant.facility, None),
                "request": {"type": KIND, "identifier": {"system": _AUDIT, "value": told["audit_id"]}},
                "outcome": "complete",
                "disposition": _ADVICE.get(standing["advice"], _OTHERWISE) if standing else _NOT_FOUND,
                "insurer": INSURER,
                "insurance": [_insurance(standing, self._coverage(person), asked.purpose)] if standing else None,
            }
        )
        return response

    def _coverage(self, person: int) -> str:
        return f"Coverage/{self._identities.name('Coverage', Place(person))}"


def _system(kind: str) -> str:
    return {"pin": codes.PIN, "si_code": codes.SI_CODE, "card": codes.CARD}[kind]


def _insurance(standing: dict[str, Any], coverage: str, purposes: list[str]) -> Resource:
    """Return how the person is insured: in force, when, and (purpose benefits) the share the fund pays (Law 25/2008/QH12, article 22)."""
    last = date.fromisoformat(standing["valid_until"]) - timedelta(days=1)
    number = standing["card_number"] or standing["temporary_number"]
    share = standing["share_percent"]
    return {
        "coverage": {"reference": coverage, "identifier": {"system": codes.CARD, "value": number} if number else None},
        "inforce": standing["in_force"],
        "benefitPeriod": period(date.fromisoformat(standing["valid_from"]), last),
        "item": [
            {
                "category": codes.concept(_CATEGORY, "1", "Medical Care", text="Khám bệnh, chữa bệnh đúng quy định"),
                "benefit": [
                    {
                        "type": codes.concept(_BENEFIT, "benefit", "Benefit", text="Tỷ lệ quỹ chi trả"),
                        "allowedString": f"{share} %",
                    }
                ],
            }
        ]
        if "benefits" in purposes and share is not None
        else None,
    }
