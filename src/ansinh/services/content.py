"""What an applicant answers, checked against the questions of the catalogue; every answer is plain text, a number, or a list of relatives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ansinh.database.sql import row
from ansinh.foundation.errors import InvalidInput, Refusal
from ansinh.people.matching.folding import folded_name
from ansinh.people.queries import person_of_number
from ansinh.services.catalogue import Ask, Service

TEXT_LENGTH_MAX = 1_000
NAME_LENGTH_MAX = 100
RELATIVES_MAX = 20
AMOUNT_MAX = 1_000_000_000
MONTHS_MAX = 1_200
KINSHIP: dict[str, tuple[str, str]] = {
    "child": ("con", "child"),
    "spouse": ("vợ hoặc chồng", "wife or husband"),
    "parent": ("cha hoặc mẹ", "mother or father"),
    "parent_in_law": ("cha hoặc mẹ vợ, chồng", "mother- or father-in-law"),
    "other_dependant": ("người khác được nuôi dưỡng", "another dependant"),
}

_NUMBER = re.compile(r"[0-9]{12}")
_FACILITY = re.compile(r"[0-9A-Z]{5}")
_BANK = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{4,34}")


class NotTheSame(Refusal):
    """The number and the name do not name one person we know. Which of them is wrong is not told."""

    code = "person_not_confirmed"


def checked(service: Service, answers: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Return answers in their plain form; `whole` asks for all that may not stay empty. Raises InvalidInput that names the question by its key."""
    asked = {one.key: one for one in service.asks}
    for key in answers:
        if key not in asked:
            raise InvalidInput(
                f"Hồ sơ này không hỏi “{str(key)[:40]}”.", f"Nobody asks “{str(key)[:40]}” here.", field=str(key)[:40]
            )
    plain = {key: _answered(asked[key], value) for key, value in answers.items() if value not in (None, "", [])}
    missing = next((one for one in service.asks if whole and not one.optional and one.key not in plain), None)
    if missing:
        raise InvalidInput(f"Cần điền “{missing.vi}”.", f"“{missing.en}” is needed.", field=missing.key)
    return plain


def about_person(service: Service, plain: Mapping[str, Any]) -> int | None:
    """Return whom the application is about besides the applicant; raises NotTheSame unless number and name agree."""
    if not service.about:
        return None
    return confirmed(str(plain[f"{service.about}_number"]), str(plain[f"{service.about}_name"]))


def confirmed(number: str, name: str) -> int:
    """Return whom a personal number with a name means; raises NotTheSame where they do not agree, whichever is wrong."""
    person = person_of_number("pin", number)
    found = row("SELECT full_name FROM people_person WHERE person_id = %s", [person]) if person else None
    if person is None or found is None or folded_name(str(found[0])) != folded_name(name):
        raise NotTheSame(
            "Số định danh và họ tên không khớp với người nào trong dữ liệu. Kiểm tra lại cả hai, ghi như trên thẻ căn cước hoặc giấy khai sinh.",
            "Number and name do not name anybody we know. Check both; write them as on the citizen card or birth certificate.",
        )
    return person


def _answered(ask: Ask, value: Any) -> Any:
    plain = _FORMS[ask.form](value) if ask.form != "choice" else _chosen(ask, value)
    if plain is None:
        raise InvalidInput(
            f"“{ask.vi}”: {_WANTED[ask.form][0]}.", f"“{ask.en}”: {_WANTED[ask.form][1]}.", field=ask.key
        )
    return plain


def _chosen(ask: Ask, value: Any) -> str | None:
    return value if isinstance(value, str) and value in {one.value for one in ask.choices} else None


def _text(longest: int) -> Callable[[Any], str | None]:
    def read(value: Any) -> str | None:
        if not isinstance(value, str) or len(value) > longest * 4:
            return None
        plain = " ".join(unicodedata.normalize("NFC", value).split())
        return plain if 0 < len(plain) <= longest and plain.isprintable() else None

    return read


def _day(value: Any) -> str | None:
    try:
        return (
            date.fromisoformat(value).isoformat()
            if isinstance(value, str) and len(value) == len("2025-07-31")
            else None
        )
    except ValueError:
        return None


def _yes_no(value: Any) -> bool | None:
    return value if isinstance(value, bool) else {"yes": True, "no": False}.get(value if isinstance(value, str) else "")


def _whole(most: int) -> Callable[[Any], int | None]:
    def read(value: Any) -> int | None:
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        text = text.replace(".", "") if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", text) else text
        sound = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        return int(text) if sound and int(text) <= most else None

    return read


def _like(form: re.Pattern[str]) -> Callable[[Any], str | None]:
    def read(value: Any) -> str | None:
        plain = re.sub(r"[ .\-\u200b]", "", value) if isinstance(value, str) and len(value) <= NAME_LENGTH_MAX else ""
        return plain if form.fullmatch(plain) else None

    return read


def _relatives(value: Any) -> list[dict[str, str]] | None:
    """Return relatives as number, name and kinship, each number once."""
    if not isinstance(value, list) or not 0 < len(value) <= RELATIVES_MAX:
        return None
    found = [_relative(one) for one in value]
    kept = [one for one in found if one]
    return kept if len({one["number"] for one in kept}) == len(value) else None


def _relative(value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict) or value.keys() != {"number", "name", "kinship"}:
        return None
    number, name = _FORMS["person_number"](value["number"]), _FORMS["name"](value["name"])
    kinship = value["kinship"] if value["kinship"] in KINSHIP else None
    return {"number": number, "name": name, "kinship": kinship} if number and name and kinship else None


_FORMS: dict[str, Callable[[Any], Any]] = {
    "text": _text(TEXT_LENGTH_MAX),
    "name": _text(NAME_LENGTH_MAX),
    "day": _day,
    "yes_no": _yes_no,
    "number": _whole(MONTHS_MAX),
    "percent": _whole(100),
    "amount": _whole(AMOUNT_MAX),
    "person_number": _like(_NUMBER),
    "facility": _like(_FACILITY),
    "bank": _like(_BANK),
    "account": _like(_ACCOUNT),
    "relatives": _relatives,
}
_WANTED: dict[str, tuple[str, str]] = {
    "text": (
        f"viết từ 1 đến {TEXT_LENGTH_MAX} ký tự, không có ký tự ẩn",
        f"write 1 to {TEXT_LENGTH_MAX} characters, none hidden",
    ),
    "name": (
        f"viết họ tên, không quá {NAME_LENGTH_MAX} ký tự",
        f"write the name, at most {NAME_LENGTH_MAX} characters",
    ),
    "day": ("viết ngày có thật, như 03/07/2025", "write a day that exists, such as 2025-07-03"),
    "yes_no": ("chọn có hoặc không", "choose yes or no"),
    "choice": ("chọn một mục trong danh sách", "choose one of the list"),
    "number": (f"viết một số từ 0 đến {MONTHS_MAX}", f"write a number from 0 to {MONTHS_MAX}"),
    "percent": ("viết một số từ 0 đến 100", "write a number from 0 to 100"),
    "amount": ("viết số tiền bằng đồng, không có phần lẻ", "write whole đồng"),
    "person_number": ("viết đủ 12 chữ số", "write all 12 digits"),
    "facility": ("chọn cơ sở khám chữa bệnh, mã có 5 ký tự", "choose a facility, its code has 5 characters"),
    "bank": ("chọn ngân hàng", "choose a bank"),
    "account": ("viết 4 đến 34 chữ số hoặc chữ cái", "write 4 to 34 digits or letters"),
    "relatives": (
        f"ghi từ 1 đến {RELATIVES_MAX} người, mỗi người một lần, đủ số định danh, họ tên, quan hệ",
        f"name 1 to {RELATIVES_MAX} people, each once, with number, name and kinship",
    ),
}
