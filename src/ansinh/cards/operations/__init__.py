"""What may be done to cards here: issue and change them, take co-payments in, and keep the standing table."""

from ansinh.cards.operations.changing import change_facility, replace_card
from ansinh.cards.operations.copayments import Paid, record_copayment
from ansinh.cards.operations.issuing import NewCard, give_temporary_number, issue_card, issue_cards
from ansinh.cards.operations.lifecycle import reduce_card, restore_card, suspend_card, withdraw_card
from ansinh.cards.operations.standings import (
    PERSONS_A_CALL_MAX,
    project_due,
    project_standing,
    project_standing_of,
)
from ansinh.cards.recording import Changed, OnCard, standings_together

__all__ = [
    "PERSONS_A_CALL_MAX",
    "Changed",
    "NewCard",
    "OnCard",
    "Paid",
    "change_facility",
    "give_temporary_number",
    "issue_card",
    "issue_cards",
    "project_due",
    "project_standing",
    "project_standing_of",
    "record_copayment",
    "reduce_card",
    "replace_card",
    "restore_card",
    "standings_together",
    "suspend_card",
    "withdraw_card",
]
