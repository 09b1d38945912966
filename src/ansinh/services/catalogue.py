"""The services people may apply for, as data (`services.yaml`): who may apply, what is asked, what the registers tell, by which law and until when."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from ansinh.foundation.errors import NotFound
from ansinh.services.states import Office

_FILE = Path(__file__).parent / "services.yaml"

Form = Literal[
    "text",
    "day",
    "yes_no",
    "choice",
    "number",
    "percent",
    "amount",
    "person_number",
    "name",
    "facility",
    "bank",
    "account",
    "relatives",
]


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the answers to choose from."""

    value: str
    vi: str
    en: str


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question: its key in `content`, its words, the form of its answer, and whether it may stay empty."""

    key: str
    form: Form
    vi: str
    en: str
    hint_vi: str = ""
    hint_en: str = ""
    optional: bool = False
    choices: tuple[Choice, ...] = ()


class PaperWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paper that may be attached, and in which case it is needed; the registers tell everything else."""

    key: str
    vi: str
    en: str
    when_vi: str
    when_en: str


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A service. `about`: the other person it concerns, named by number and name (`deceased`, `child`); `kind`: what the deciding room calls it."""

    code: str = ""
    topic: str
    vi: str
    en: str
    summary_vi: str
    summary_en: str
    basis: str
    who_vi: str
    who_en: str
    office: Office
    kind: str
    deadline: str
    result_vi: str
    result_en: str
    about: str = ""
    pulls: tuple[str, ...]
    asks: tuple[Ask, ...]
    papers: tuple[PaperWanted, ...] = ()


TOPICS: dict[str, tuple[str, str]] = {
    "death": ("Khi người thân mất", "When somebody dies"),
    "retirement": ("Nghỉ hưu, tuổi già", "Retirement and old age"),
    "work": ("Việc làm, đóng bảo hiểm", "Work and contributions"),
    "card": ("Thẻ bảo hiểm y tế", "Health-insurance card"),
    "payment": ("Nhận tiền", "Being paid"),
}


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Service]:
    """Return every service by its code, in the order of the catalogue."""
    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {code: msgspec.convert({"code": code, **one}, Service) for code, one in told.items()}


def service(code: str) -> Service:
    """Return a service; raises NotFound."""
    found = catalogue().get(code)
    if found is None:
        raise NotFound("Không có dịch vụ này.", "There is no such service.", field="service")
    return found
