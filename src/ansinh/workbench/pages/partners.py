"""The lines to partners: what stands between each and us, days compared, and what they told that is parked; it may try again, never be changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.lifeevents.operations import let_parked_try_again
from ansinh.lifeevents.queries import PartnerLine, parked_items, partners
from ansinh.lifeevents.states import KINDS, OFFICES, STEPS, Kind, Office
from ansinh.registry.operations import let_try_again
from ansinh.registry.queries import ParkedEvent, feed_position, last_comparison, parked_events
from ansinh.registry.states import PARKING_REASONS
from ansinh.screens.components import Cell, Empty, Form, Heading, Hidden, Paragraph, Part, Row, Summary, Table
from ansinh.screens.saying import either, moment
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.partners import WORDS

WHAT = ("theo dõi kết nối với các cơ quan", "watch the lines to partners")
PARKED_SHOWN = 50
_STEP_WORDS = {one.step.value: (one.vi, one.en) for steps in STEPS.values() for one in steps}


@officer_page(permission="registry.show", what=WHAT, safe=False)
def partners_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show every partner and what is parked. Posted, what is parked tries again: all that offices told, or one event of the register."""
    words = WORDS[language]
    if request.method == "POST":
        _try_again(request.POST.get("event", ""), officer, language)
        return HttpResponseRedirect(f"{root(language)}partners", status=303)
    parts: list[Part] = [_offices(language), _register(language)]
    told, events = parked_items()[:PARKED_SHOWN], parked_events(PARKED_SHOWN)
    if not told and not events:
        parts.append(Empty(words["none_title"], words["none_text"]))
    if told:
        lines = tuple(
            (_office(teller, language), _what(what, language), _because(code, language), moment(at))
            for teller, what, code, at, _ in told
        )
        columns = (words["office"], words["kind"], words["why"], words["received"])
        parts.append(Table(words["parked"], columns, lines))
        if officer.may("lifeevents.exchange"):
            parts.append(Form((Paragraph(words["try_hint"], "quiet"),), words["try_all"], kind="quiet"))
    if events:
        columns = (words["event"], words["kind"], words["why"], words["received"])
        parts.append(Table(words["parked_register"], columns, tuple(_event(one, language) for one in events)))
        if officer.may("registry.retry"):
            parts += _retries(events, language)
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


def _try_again(event: str, officer: Officer, language: str) -> None:
    reason = WORDS[language]["trying"]
    if event:
        let_try_again(actor=officer.actor, reason=reason, event_id=event)
        return
    after: str | None = ""
    while after is not None:
        after = let_parked_try_again(actor=officer.actor, reason=reason, clock=officer.clock, after=after).last


def _office(office: str, language: str) -> str:
    return either(OFFICES[Office(office)], language)


def _what(what: str, language: str) -> str:
    """Return what was told in words: an office tells of a step, a hospital or the register of an event."""
    if what in _STEP_WORDS:
        return either(_STEP_WORDS[what], language)
    return either(KINDS[Kind(what)], language) if what in set(Kind) else what


def _because(code: str, language: str) -> str:
    """Return why it is parked: a refusal's code in words, or the sentence a hospital's paper was kept with."""
    return WORDS[language].get(f"because_{code}", code)


def _offices(language: str) -> Table:
    words = WORDS[language]
    columns = tuple(words[name] for name in ("office", "sent", "taken", "refused", "pending", "compared"))
    return Table(words["offices"], columns, tuple(_line(one, language) for one in partners()), numbers=(1, 2, 3, 4))


def _line(one: PartnerLine, language: str) -> tuple[str | Part, ...]:
    words = WORDS[language]
    since = words["since"].format(moment=moment(one.pending_since)) if one.pending_since else ""
    agreed = words["differ"].format(count=len(one.differing)) if one.differing else words["agree"]
    return (
        _office(one.office.value, language),
        str(one.sent),
        str(one.acknowledged),
        str(one.refused),
        Cell(str(one.pending), since),
        Cell(str(one.days_compared), agreed if one.days_compared else words["never"]),
    )


def _register(language: str) -> Summary:
    words, position, compared = WORDS[language], feed_position(), last_comparison()
    rows = []
    if position is None:
        rows.append(Row(words["position"], words["not_yet"]))
    else:
        rows += [
            Row(words["position"], words["of"].format(read=position.cursor, head=position.head)),
            Row(words["whole"], str(position.whole_until)),
            Row(words["read_at"], moment(position.read_at)),
        ]
    if compared is None:
        rows.append(Row(words["last_compared"], words["not_yet"]))
    else:
        told = words["left"].format(healed=compared.healed, left=compared.left)
        rows.append(Row(words["last_compared"], moment(compared.compared_at), told))
    return Summary(tuple(rows), words["register"])


def _event(one: ParkedEvent, language: str) -> tuple[str | Part, ...]:
    words = WORDS[language]
    why = either(PARKING_REASONS[one.reason], language) if one.reason in PARKING_REASONS else one.reason
    return Cell(str(one.feed_no), one.event_id), one.kind or words["unreadable"], why, moment(one.received_at)


def _retries(events: list[ParkedEvent], language: str) -> list[Part]:
    """Return a button for each event that could be read; the register is asked again for the others."""
    words = WORDS[language]
    buttons = [
        Form((Hidden("event", one.event_id),), words["try_one"], kind="quiet", about=str(one.feed_no))
        for one in events
        if one.kind is not None
    ]
    return [Heading(words["try_one"]), *buttons] if buttons else []


PAGES = {"partners": partners_page}
