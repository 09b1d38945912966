"""What an officer does with an application: the acts its state permits, the form that asks for one, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from ansinh.screens.components import Area, Choice, Choices, Form, Part, Problem
from ansinh.screens.saying import either
from ansinh.services.operations import (
    answer_application,
    ask_supplement,
    forward_application,
    receive_application,
    refuse_application,
)
from ansinh.services.queries import ApplicationShown, Ask, PaperWanted
from ansinh.services.states import RUNNING, ApplicationState, Happening, after
from ansinh.workbench.guard import Officer
from ansinh.workbench.words.applications import WORDS

LENGTH_MAX = 500
# act → (its permission, what it makes happen; None: nothing, in any state that is open)
ACTS: dict[str, tuple[str, Happening | None]] = {
    "receive": ("services.receive", Happening.RECEIVED),
    "forward": ("services.decide", Happening.FORWARDED),
    "ask": ("services.receive", Happening.SUPPLEMENT_ASKED),
    "refuse": ("services.decide", Happening.REFUSED),
    "answer": ("services.receive", None),
}
_TELLING = frozenset({"ask", "refuse", "answer"})


@dataclass(frozen=True, slots=True)
class Sent:
    """What an officer sent: an act, words to the applicant, what is missing, and why."""

    act: str = ""
    vi: str = ""
    en: str = ""
    wanted: tuple[str, ...] = ()
    reason: str = ""

    def problems(self, permitted: tuple[str, ...], language: str) -> tuple[Problem, ...]:
        """Return what is missing of it."""
        words, found = WORDS[language], []
        if self.act not in permitted:
            found.append(Problem("act", words["act_missing"]))
        if self.act in _TELLING and not 0 < len(self.vi) <= LENGTH_MAX:
            found.append(Problem("vi", words["words_missing"]))
        if len(self.en) > LENGTH_MAX:
            found.append(Problem("en", words["words_missing"]))
        if not 0 < len(self.reason) <= LENGTH_MAX:
            found.append(Problem("reason", words["reason_missing"]))
        return tuple(found)


def sent_in(request: HttpRequest) -> Sent:
    """Return what was posted."""
    given = request.POST
    texts = {name: given.get(name, "").strip() for name in ("act", "vi", "en", "reason")}
    return Sent(**texts, wanted=tuple(given.getlist("wanted")))


def permitted(shown: ApplicationShown, officer: Officer) -> tuple[str, ...]:
    """Return the acts this officer may do with an application as it stands."""
    return tuple(act for act, (right, what) in ACTS.items() if officer.may(right) and _possible(shown.state, what))


def _possible(state: ApplicationState, what: Happening | None) -> bool:
    if what is None:
        return state in RUNNING or state is ApplicationState.WAITING_SUPPLEMENT
    # What is handed on is refused there, not here.
    handed_on = state is ApplicationState.FORWARDED and what is not Happening.SUPPLEMENT_ASKED
    return after(what, state) is not None and not handed_on


def act(officer: Officer, reference: str, sent: Sent) -> None:
    """Do what was asked; refuses what the room refuses."""
    said: dict[str, Any] = {
        "actor": officer.actor,
        "reason": sent.reason,
        "clock": officer.clock,
        "reference": reference,
    }
    words = (sent.vi, sent.en or sent.vi)
    match sent.act:
        case "receive":
            receive_application(**said)
        case "forward":
            forward_application(**said)
        case "ask":
            ask_supplement(**said, because=words, wanted=sent.wanted)
        case "refuse":
            refuse_application(**said, because=words)
        case "answer":
            answer_application(**said, words=words)


def form(
    shown: ApplicationShown, acts: tuple[str, ...], sent: Sent, wrong: tuple[Problem, ...], language: str
) -> list[Part]:
    """Return the form that asks what to do, with what was typed."""
    words, errors = WORDS[language], {one.field: one.text for one in wrong}
    choices = tuple(Choice(one, words[one], words[f"{one}_hint"]) for one in acts)
    parts: list[Part] = [Choices("act", words["do"], choices, (sent.act,), error=errors.get("act", ""))]
    if "ask" in acts:
        named: list[Ask | PaperWanted] = [*shown.service.asks, *shown.service.papers]
        items = tuple(Choice(one.key, either((one.vi, one.en), language)) for one in named)
        parts.append(Choices("wanted", words["missing"], items, sent.wanted, several=True))
    if _TELLING & set(acts):
        vi, en = errors.get("vi", ""), errors.get("en", "")
        parts.append(Area("vi", words["words_vi"], words["words_vi_hint"], sent.vi, vi, LENGTH_MAX))
        parts.append(Area("en", words["words_en"], words["words_en_hint"], sent.en, en, LENGTH_MAX))
    why = errors.get("reason", "")
    parts.append(Area("reason", words["reason"], words["reason_hint"], sent.reason, why, LENGTH_MAX))
    return [Form(tuple(parts), words["send"])]
