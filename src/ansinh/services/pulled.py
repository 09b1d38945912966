"""What registers tell about an applicant for a service, so that nobody is asked for it: each with its register, and shown before anything is submitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from ansinh.cards.queries import standing_of
from ansinh.database.sql import row, rows
from ansinh.foundation.clock import legal_day
from ansinh.people.queries import person_as_known
from ansinh.services.catalogue import Service


@dataclass(frozen=True, slots=True)
class Pulled:
    """A document the agency has from a register: what it is, which register, whether it is there, and what it says (Vietnamese name, English name, value)."""

    key: str
    vi: str
    en: str
    register_vi: str
    register_en: str
    there: bool
    lines: tuple[tuple[str, str, str], ...]


Lines = tuple[tuple[str, str, str], ...]
_POPULATION = ("Cơ sở dữ liệu quốc gia về dân cư", "Population register")
_CIVIL = ("Cơ sở dữ liệu hộ tịch", "Civil-status register")
_OURS = ("Cơ sở dữ liệu quốc gia về bảo hiểm", "National insurance database")


def pulled(person_id: int, service: Service, at: datetime, about: int | None = None) -> list[Pulled]:
    """Return what registers tell for a service; of the other person it is about (`about`, once confirmed) only that a record is there."""
    found = []
    for key in service.pulls:
        (vi, en), (register_vi, register_en), look = _SOURCES[key]
        person = about if key in {"death", "child"} or (key == "book" and service.about) else person_id
        lines = look(person, at) if person is not None else None
        found.append(Pulled(key, vi, en, register_vi, register_en, lines is not None, lines or ()))
    return found


def _identity(person: int, at: datetime) -> Lines | None:
    known = person_as_known(person, at)
    if known is None:
        return None
    born = "/".join(reversed((known.fields.get("birth_date") or "").split("-")))
    return (("Họ và tên", "Name", known.fields.get("full_name") or ""), ("Ngày sinh", "Born", born))


def _death(person: int, _: datetime) -> Lines | None:
    found = row("SELECT died_on FROM people_person WHERE person_id = %s AND died_on IS NOT NULL", [person])
    return (("Ngày mất", "Died", _day(found[0])),) if found else None


def _child(person: int, at: datetime) -> Lines | None:
    return () if person_as_known(person, at) else None


def _book(person: int, at: datetime) -> Lines | None:
    month = legal_day(at).year * 100 + legal_day(at).month
    found = rows(
        "SELECT from_month, least(coalesce(until_month, %s), %s) FROM participation_span WHERE person_id = %s AND superseded_at IS NULL AND from_month < %s",
        [month, month, person, month],
    )
    months = {each for first, after in found for each in range(_count(first), _count(after))}
    if not months:
        return None
    return (("Thời gian đã đóng", "Contributed", f"{len(months) // 12} năm {len(months) % 12} tháng"),)


def _payments(person: int, at: datetime) -> Lines | None:
    found = row("SELECT count(*) FROM benefits_entitlement WHERE person_id = %s", [person])
    return (("Khoản đang hưởng", "Entitlements", str(found[0])),) if found and found[0] else None


def _account(person: int, _: datetime) -> Lines | None:
    found = row(
        "SELECT b.short_name, a.account FROM payments_account a JOIN places_bank b ON b.bin = a.bank"
        " WHERE a.person_id = %s AND a.confirmed_at IS NOT NULL AND a.stopped_at IS NULL ORDER BY a.from_month DESC LIMIT 1",
        [person],
    )
    return (("Tài khoản", "Account", f"{found[0]} …{found[1][-4:]}"),) if found else None


def _card(person: int, _: datetime) -> Lines | None:
    standing = standing_of(person)
    if standing is None or not standing["card_number"]:
        return None
    until = standing["valid_until"]
    return (
        ("Số thẻ", "Card", f"…{str(standing['card_number'])[-4:]}"),
        ("Giá trị đến", "Valid until", _day(until) if isinstance(until, date) else "—"),
    )


def _count(month: int) -> int:
    return month // 100 * 12 + month % 100 - 1


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


_SOURCES: dict[str, tuple[tuple[str, str], tuple[str, str], Callable[[int, datetime], Lines | None]]] = {
    "identity": (("Thông tin cá nhân", "Personal particulars"), _POPULATION, _identity),
    "death": (("Khai tử", "Death registration"), _CIVIL, _death),
    "child": (("Khai sinh của trẻ", "Birth registration of the child"), _CIVIL, _child),
    "book": (("Quá trình đóng bảo hiểm xã hội", "Contribution book"), _OURS, _book),
    "payments": (("Các khoản đang hưởng", "What is drawn already"), _OURS, _payments),
    "account": (("Tài khoản nhận tiền", "Payee account"), _OURS, _account),
    "card": (("Thẻ bảo hiểm y tế", "Health card"), _OURS, _card),
}
