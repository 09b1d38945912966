"""What may be done about mandates: a person gives one and another takes it, officers record guardians and representatives, and each ends at once."""

from ansinh.mandates.keeping import SamePerson
from ansinh.mandates.operations.giving import (
    MANDATE_DAYS_MAX,
    Grant,
    answer_mandate,
    offer_mandate,
    revoke_mandate,
)
from ansinh.mandates.operations.guarding import Decision, decide_guardian, end_guardian, prepare_guardian
from ansinh.mandates.operations.representing import (
    RepresentativePaper,
    decide_representative,
    declare_for_employer,
    end_representative,
    prepare_representative,
)

__all__ = [
    "MANDATE_DAYS_MAX",
    "Decision",
    "Grant",
    "RepresentativePaper",
    "SamePerson",
    "answer_mandate",
    "decide_guardian",
    "decide_representative",
    "declare_for_employer",
    "end_guardian",
    "end_representative",
    "offer_mandate",
    "prepare_guardian",
    "prepare_representative",
    "revoke_mandate",
]
