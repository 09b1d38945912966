"""What may be done to people's records here, one group of verbs a file."""

from __future__ import annotations

from ansinh.people.deciding import Decided
from ansinh.people.operations.candidates import confirm_candidate, refuse_candidate
from ansinh.people.operations.corrections import (
    Correction,
    prepare_adoption,
    request_correction,
    settle_discrepancy,
    undo_correction,
)
from ansinh.people.operations.loading import give_numbers, load_insured
from ansinh.people.operations.looking import RecordShown, show_record
from ansinh.people.operations.merging import prepare_merge, prepare_unmerge
from ansinh.people.operations.reactions import mark_for_verification, record_death, reopen_discrepancies, replace_pin
from ansinh.people.operations.records import Newcomer, open_record
from ansinh.people.operations.requests import approve_request, refuse_request
from ansinh.people.operations.verdicts import give_verified_numbers, record_decisions
from ansinh.people.recording import DECISION_COLUMNS, Recorded

__all__ = [
    "DECISION_COLUMNS",
    "Correction",
    "Decided",
    "Newcomer",
    "RecordShown",
    "Recorded",
    "approve_request",
    "confirm_candidate",
    "give_numbers",
    "give_verified_numbers",
    "load_insured",
    "mark_for_verification",
    "open_record",
    "prepare_adoption",
    "prepare_merge",
    "prepare_unmerge",
    "record_death",
    "record_decisions",
    "refuse_candidate",
    "refuse_request",
    "reopen_discrepancies",
    "replace_pin",
    "request_correction",
    "settle_discrepancy",
    "show_record",
    "undo_correction",
]
