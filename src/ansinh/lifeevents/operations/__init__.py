"""What may be done about life events, one group of verbs a file."""

from ansinh.lifeevents.contents import Move
from ansinh.lifeevents.operations.carrying import carry_on, note_compared, raise_alerts, settle_case
from ansinh.lifeevents.operations.exchanging import (
    Delivery,
    Heard,
    Item,
    ask_after,
    hear_office,
    let_parked_try_again,
    note_deliveries,
)
from ansinh.lifeevents.operations.filing import file_birth, file_death, supplement_file, withdraw_file
from ansinh.lifeevents.operations.hearing import hear_hospital, hear_register, hear_withdrawal, link_paper
from ansinh.lifeevents.operations.inhouse import find_events, hear_moves, look_again
from ansinh.lifeevents.operations.showing import show_file

__all__ = [
    "Delivery",
    "Heard",
    "Item",
    "Move",
    "ask_after",
    "carry_on",
    "file_birth",
    "file_death",
    "find_events",
    "hear_hospital",
    "hear_moves",
    "hear_office",
    "hear_register",
    "hear_withdrawal",
    "let_parked_try_again",
    "link_paper",
    "look_again",
    "note_compared",
    "note_deliveries",
    "raise_alerts",
    "settle_case",
    "show_file",
    "supplement_file",
    "withdraw_file",
]
