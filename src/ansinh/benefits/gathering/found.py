"""What gathering finds: facts with their source, what is missing and how to get it, and the question they make for the law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact a decision rests on, as text, and who says so."""

    key: str
    vi: str
    en: str
    value: str
    source_vi: str
    source_en: str

    def plain(self) -> dict[str, str]:
        """Return it as plain values, to store beside a decision."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact no register knows and nobody stated yet: what it is, which paper shows it and who gives that paper, and what to do."""

    key: str
    vi: str
    en: str
    paper_vi: str
    paper_en: str
    where_vi: str
    where_en: str

    def plain(self) -> dict[str, str]:
        """Return it as plain values, with what to do."""
        return {
            **asdict(self),
            "do_vi": f"Nộp {self.paper_vi} ({self.where_vi}): ansinh benefits state HỒ-SƠ {self.key}=…",
            "do_en": f"Hand in {self.paper_en} ({self.where_en}): ansinh benefits state FILE {self.key}=…",
        }


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts of a file; `question` is what `rules` is asked, None while something is missing."""

    facts: tuple[Fact, ...]
    missing: tuple[Missing, ...]
    question: dict[str, Any] | None


REGISTER = ("hồ sơ người tham gia", "the agency's record of the person")
BOOK = ("sổ bảo hiểm xã hội điện tử", "the contribution book")
ENTITLEMENTS = ("quyền hưởng đang quản lý", "the entitlements on file")
STATED = ("người nộp hồ sơ khai", "stated by the applicant")


def fact(key: str, words: tuple[str, str], value: str, source: tuple[str, str]) -> Fact:
    """Return a fact from pairs of words in Vietnamese and English."""
    return Fact(key, *words, value, *source)


def gathered(facts: Sequence[Fact], missing: Sequence[Missing], question: Mapping[str, Any]) -> Gathered:
    """Return what was gathered; the question stands only when nothing is missing."""
    return Gathered(tuple(facts), tuple(missing), None if missing else dict(question))
