"""Benefits decide: the application becomes a file there, in the applicant's name and with their answers; two officers decide it."""

from __future__ import annotations

from typing import Any

from ansinh.benefits.file_states import CLOSED, PAUSED, FileKind, FileState
from ansinh.benefits.file_states import Channel as FileChannel
from ansinh.benefits.operations import Asked, file_application, state_facts, withdraw_application
from ansinh.benefits.queries import STATEMENTS, File, decision, file_numbered
from ansinh.foundation.money import Dong, shown
from ansinh.services.content import confirmed
from ansinh.services.offices.outcomes import Concluded, Forwarded, Said, Waiting, Wanted, Word
from ansinh.services.rows import Application
from ansinh.services.states import ApplicationState, Channel

_ROOM = "benefits.application:"


def forward(one: Application, said: Said) -> Word:
    """File for the benefit with what the applicant answered; refused where benefits refuse."""
    kind = FileKind(one.told.kind)
    assert one.submitted_at is not None
    channel = FileChannel.OFFICER if one.channel is Channel.OFFICER else FileChannel.PERSON
    asked = Asked(kind, one.person_id, one.submitted_at, channel, one.about_person_id, _stated(one, kind))
    filed = file_application(**said, asked=asked)
    return Forwarded(f"{_ROOM}{filed.application_id}")


def heard(one: Application) -> Word:
    """Tell what became of the file."""
    file = _file(one)
    if file.state in PAUSED:
        return Wanted(tuple(_wanted(each) for each in file.missing))
    if file.state not in CLOSED:
        return Waiting()
    if file.state is FileState.WITHDRAWN or file.decision_id is None:
        return Concluded(False, "Hồ sơ đã rút ở bộ phận chế độ.", "The file was withdrawn at the benefits desk.")
    taken = decision(file.decision_id)
    facts = [("Số quyết định", "Decision", taken.number)]
    if file.state is FileState.GRANTED:
        facts.append(("Số tiền", "Amount", shown(Dong(taken.amount))))
    return Concluded(file.state is FileState.GRANTED, taken.because_vi, taken.because_en, facts=tuple(facts))


def carry_over(one: Application, said: Said) -> None:
    """Hand on what the applicant supplemented, and their withdrawal; what was handed on before is not again."""
    file = _file(one)
    if file.state in CLOSED:
        return
    if one.state is ApplicationState.WITHDRAWN:
        withdraw_application(**said, application=file.application_id)
        return
    stated = _stated(one, FileKind(one.told.kind))
    if file.state in PAUSED and any(file.stated.get(key) != value for key, value in stated.items()):
        state_facts(**said, application=file.application_id, stated=stated)


def _file(one: Application) -> File:
    assert one.forwarded_to is not None
    return file_numbered(int(one.forwarded_to.removeprefix(_ROOM)))


def _stated(one: Application, kind: FileKind) -> dict[str, Any]:
    """Return the answers benefits ask for; relatives are told by record there, not by number."""
    keys = {each.key for each in STATEMENTS[kind]}
    stated = {key: value for key, value in one.content.items() if key in keys and key != "relatives"}
    relatives = one.content.get("relatives")
    if relatives:
        stated["relatives"] = [
            {"person": confirmed(each["number"], each["name"]), "kinship": each["kinship"]} for each in relatives
        ]
    return stated


def _wanted(missing: dict[str, str]) -> dict[str, str]:
    return {
        name: missing[name]
        for name in ("key", "vi", "en", "paper_vi", "paper_en", "where_vi", "where_en")
        if name in missing
    }
