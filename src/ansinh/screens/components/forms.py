"""Parts that ask. Checked on the server alone; what was typed is kept, good and bad; an error says what to do beside the field and in the summary on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ansinh.screens.components.parts import Button, Link, Part


@dataclass(frozen=True, slots=True)
class Problem(Part):
    """A sentence about a field, which the summary leads to."""

    template: ClassVar[str] = "problem"
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class ErrorSummary(Part):
    """What stands on top of a page that could not go on; the page's title then begins with “Lỗi:”."""

    template: ClassVar[str] = "error_summary"
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Field(Part):
    """One line to type in. `mode`: the keyboard a telephone shows; `fill`: what browsers may fill in (autocomplete); `width`: expected letters."""

    template: ClassVar[str] = "field"
    name: str
    label: str
    hint: str = ""
    value: str = ""
    error: str = ""
    mode: Literal["text", "numeric", "email", "tel"] = "text"
    fill: str = "off"
    width: int = 0
    length_max: int = 200
    optional: bool = False
    secret: bool = False

    @property
    def wide(self) -> str:
        """Return the class for the expected length: a short box for a short answer."""
        return "" if not self.width else "short" if self.width <= 6 else "middle" if self.width <= 20 else ""


@dataclass(frozen=True, slots=True)
class Area(Part):
    """Several lines to type in."""

    template: ClassVar[str] = "area"
    name: str
    label: str
    hint: str = ""
    value: str = ""
    error: str = ""
    length_max: int = 2000
    optional: bool = False


@dataclass(frozen=True, slots=True)
class FileField(Part):
    """Files to choose, of the endings in `accept`; browsers keep none that were chosen when a page comes back, so what was taken is shown besides."""

    template: ClassVar[str] = "file_field"
    name: str
    label: str
    hint: str = ""
    error: str = ""
    accept: tuple[str, ...] = ()
    several: bool = True
    optional: bool = False

    @property
    def accepted(self) -> str:
        """Return what browsers let people choose from."""
        return ",".join(self.accept)


@dataclass(frozen=True, slots=True)
class DateField(Part):
    """A day in three boxes named `NAME-day`, `NAME-month`, `NAME-year`: nobody scrolls a calendar back to their birth."""

    template: ClassVar[str] = "date_field"
    name: str
    label: str
    hint: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Choices(Part):
    """Answers to choose one of, or with `several` any of."""

    template: ClassVar[str] = "choices"
    name: str
    label: str
    items: tuple[Choice, ...]
    chosen: tuple[str, ...] = ()
    hint: str = ""
    error: str = ""
    several: bool = False


@dataclass(frozen=True, slots=True)
class Hidden(Part):
    """A value that goes with the form: a submission key, never a person's number."""

    template: ClassVar[str] = "hidden"
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Submit(Part):
    """Another button of a form, which sends its own name."""

    template: ClassVar[str] = "submit"
    text: str
    name: str
    kind: Literal["main", "quiet", "warning"] = "quiet"
    key: str = ""


@dataclass(frozen=True, slots=True)
class Form(Part):
    """A form with one button that names the act; forms that change something are posted with the key against forged forms."""

    template: ClassVar[str] = "form"
    parts: tuple[Part, ...]
    button: str
    action: str = ""
    method: Literal["post", "get"] = "post"
    kind: Literal["main", "quiet", "warning"] = "main"
    beside: Link | Button | Submit | None = None
    name: str = ""  # what the button sends besides, where a page must tell being opened from being sent
    key: str = ""  # the letter that presses the button, where a face has keys
    about: str = ""  # what the button is about, for those who hear it without what stands around it

    @property
    def takes_files(self) -> bool:
        """Tell whether something to choose files with stands in the form: it is then sent in parts."""
        return _holds_files(self.parts)


def _holds_files(parts: tuple[Part, ...]) -> bool:
    return any(isinstance(one, FileField) or _holds_files(getattr(one, "parts", ())) for one in parts)
