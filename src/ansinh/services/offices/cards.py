"""The card desk decides at once: a child's card, a card once more, another first-contact facility."""

from __future__ import annotations

from datetime import date

from ansinh.cards.operations import NewCard, OnCard, change_facility, issue_card
from ansinh.cards.queries import carried_pin, standing_of
from ansinh.database.sql import row
from ansinh.foundation.clock import legal_day
from ansinh.participation.operations import NewStretch
from ansinh.places.queries import facility
from ansinh.rules.health_insurance import (
    NEWBORN_OBJECT_CODE,
    child_card_until,
    next_change_window,
)
from ansinh.services.offices.outcomes import Concluded, NotPossible, Said, Waiting, Word
from ansinh.services.rows import Application

_KNOWN = "active"


def forward(one: Application, said: Said) -> Word:
    """Do what is applied for, once under the application's reference; raises NotPossible, and what cards refuse."""
    does = {"child_card": _child_card, "reissue": _reissue, "facility": _facility}
    return does[one.told.kind](one, said)


def heard(_: Application) -> Word:
    """Nothing is left over night here."""
    return Waiting()


def _child_card(one: Application, said: Said) -> Word:
    child = one.about_person_id
    assert child is not None
    found = row(
        "SELECT birth_year, birth_month, birth_day, province, died_on FROM people_person WHERE person_id = %s", [child]
    )
    if found is None or not all(found[:3]) or found[4] is not None or carried_pin(child) is None:
        raise NotPossible(
            "Số định danh của trẻ chưa được xác thực với cơ sở dữ liệu dân cư; hãy nộp lại sau khi hộ tịch đã cập nhật.",
            "The child's number is not authenticated against the population register yet; apply again once civil status has told it.",
        )
    born = date(*found[:3])
    until = child_card_until(born)
    stretch = NewStretch(NEWBORN_OBJECT_CODE, None, one.content["first_contact_facility"], str(found[3]), born, until)
    if until <= legal_day(said["clock"].now()):
        raise NotPossible("Trẻ đã quá 6 tuổi theo luật.", "The child is past the age of the law.")
    issued = issue_card(**said, card=NewCard(child, stretch, f"service:{one.reference}"))
    return Concluded(
        True,
        "Đã cấp thẻ bảo hiểm y tế cho trẻ.",
        "The child's health card is issued.",
        facts=(*_card_facts(child), ("Số thẻ", "Card", issued.card_number)),
    )


def _reissue(one: Application, _: Said) -> Word:
    standing = standing_of(one.person_id)
    if standing is None or not standing["card_number"] or standing["status"] != _KNOWN:
        raise NotPossible(
            "Không có thẻ đang có giá trị để cấp lại. Kiểm tra lại việc tham gia bảo hiểm y tế.",
            "There is no valid card to issue again. Check your health insurance.",
        )
    return Concluded(
        True,
        "Đã cấp lại bản điện tử của thẻ; số thẻ không đổi.",
        "The card is issued again as an electronic paper; its number stays.",
        facts=(("Số thẻ", "Card", str(standing["card_number"])), *_card_facts(one.person_id)),
    )


def _facility(one: Application, said: Said) -> Word:
    standing = standing_of(one.person_id)
    if standing is None or not standing["card_number"]:
        raise NotPossible("Không có thẻ để đổi nơi khám ban đầu.", "There is no card to change.")
    assert one.submitted_at is not None
    # Who asked in time has asked in time: the days an answer takes cost nobody a quarter.
    day = next_change_window(legal_day(one.submitted_at))
    on = OnCard(one.person_id, str(standing["card_number"]), day, f"service:{one.reference}")
    change_facility(**said, on=on, facility=one.content["facility"])
    known = facility(one.content["facility"])
    return Concluded(
        True,
        f"Nơi khám chữa bệnh ban đầu mới có hiệu lực từ {day:%d/%m/%Y}.",
        f"The new first-contact facility holds from {day:%d/%m/%Y}.",
        facts=(
            ("Nơi khám ban đầu", "Facility", known.name if known else one.content["facility"]),
            ("Từ ngày", "From", f"{day:%d/%m/%Y}"),
        ),
    )


def _card_facts(person: int) -> tuple[tuple[str, str, str], ...]:
    standing = standing_of(person) or {}
    days = [standing.get("valid_from"), standing.get("valid_until")]
    shown = [f"{day:%d/%m/%Y}" for day in days if isinstance(day, date)]
    return (("Giá trị", "Valid", " – ".join(shown)),) if shown else ()
