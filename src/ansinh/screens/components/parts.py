"""Parts that show: text in, never a query or a model. Words are already in the reader's language; everything is escaped by the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Tone = Literal["neutral", "good", "waiting", "bad"]
Kind = Literal["info", "good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Part:
    """Anything `{% show %}` can show; `template` names its template without the ending."""

    template: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Paragraph(Part):
    """A paragraph; `quiet` for what explains, `lead` for the first sentence of a page."""

    template: ClassVar[str] = "paragraph"
    text: str
    kind: Literal["plain", "quiet", "lead"] = "plain"


@dataclass(frozen=True, slots=True)
class Heading(Part):
    """A heading below the page's own; `anchor` lets an address lead to it."""

    template: ClassVar[str] = "heading"
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Link(Part):
    """A link; `about` is added for those who hear links without what stands around them (“Đổi” of what?)."""

    template: ClassVar[str] = "link"
    text: str
    address: str
    about: str = ""
    download: bool = False


@dataclass(frozen=True, slots=True)
class Tag(Part):
    """A state in a word; the tone is also drawn as a sign, since colour alone tells nothing."""

    template: ClassVar[str] = "tag"
    text: str
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Button(Part):
    """A link that looks like a button. What changes something is the button of a `Form`, not this."""

    template: ClassVar[str] = "button"
    text: str
    address: str
    kind: Literal["main", "quiet"] = "main"
    about: str = ""
    download: bool = False
    key: str = ""  # the letter that follows it, where a face has keys
    script: str = ""  # the name our script knows it by: hidden where none runs; `about` is said when it is done


@dataclass(frozen=True, slots=True)
class Actions(Part):
    """Buttons beside each other, the most likely first."""

    template: ClassVar[str] = "actions"
    items: tuple[Button | Link, ...]


@dataclass(frozen=True, slots=True)
class Tile(Part):
    """A way to another page with what is new there."""

    template: ClassVar[str] = "tile"
    title: str
    address: str
    text: str = ""
    value: str = ""
    tag: Tag | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Tiles(Part):
    """Tiles beside each other where there is room; `title` is a heading over them."""

    template: ClassVar[str] = "tiles"
    items: tuple[Tile, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row(Part):
    """A line of a summary: label, value, a note below it, and a way to change it."""

    template: ClassVar[str] = "row"
    label: str
    value: str | Part
    note: str = ""
    change: Link | None = None


@dataclass(frozen=True, slots=True)
class Summary(Part):
    """Facts as label and value; with changes in its rows it is the page that checks answers."""

    template: ClassVar[str] = "summary"
    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Cell(Part):
    """What stands in a table's cell besides plain text: a second line, or another part."""

    template: ClassVar[str] = "cell"
    text: str | Part
    note: str = ""


@dataclass(frozen=True, slots=True)
class Marked(Part):
    """Text in pieces, of which some differ from what they are compared with: marked by a line below and weight, not by colour alone."""

    template: ClassVar[str] = "marked"
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Table(Part):
    """A table that becomes cards on a phone; the first column names the row. `numbers` are the columns set to the right, counted from 0."""

    template: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | Part, ...], ...]
    numbers: tuple[int, ...] = ()
    total: tuple[str, ...] = ()

    @property
    def lines(self) -> list[list[tuple[str, str | Part, bool]]]:
        """Return each row as (column, value, is a number)."""
        return [
            [
                (self.columns[place], value, place in self.numbers)
                for place, value in enumerate(row[: len(self.columns)])
            ]
            for row in self.rows
        ]

    @property
    def headings(self) -> list[tuple[str, bool]]:
        """Return each column with whether it holds numbers."""
        return [(column, place in self.numbers) for place, column in enumerate(self.columns)]

    @property
    def total_line(self) -> list[tuple[str, str, bool]]:
        """Return the last line, which sums the others."""
        return [(self.columns[place], value, place in self.numbers) for place, value in enumerate(self.total)]


@dataclass(frozen=True, slots=True)
class Event(Part):
    """Something that happened, or will: when, what, and more about it."""

    template: ClassVar[str] = "event"
    when: str
    title: str
    text: str = ""
    tag: Tag | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Timeline(Part):
    """Events, newest first unless the title says otherwise."""

    template: ClassVar[str] = "timeline"
    events: tuple[Event, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Steps(Part):
    """What follows from what, in order: each step with a note, such as the article it rests on."""

    template: ClassVar[str] = "steps"
    items: tuple[tuple[str, str], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Banner(Part):
    """A notice that stands out; bad ones are announced at once to those who do not see."""

    template: ClassVar[str] = "banner"
    title: str
    text: str = ""
    kind: Kind = "info"
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Figure(Part):
    """One large value with its name and a sentence."""

    template: ClassVar[str] = "figure"
    label: str
    value: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Code(Part):
    """A QR code: `path` is what draws its dark squares on a board of `size`, which is described for those who do not see; `text` stands under it."""

    template: ClassVar[str] = "code"
    path: str
    size: int
    described: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Details(Part):
    """More for those who want it, closed at first."""

    template: ClassVar[str] = "details"
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Group(Part):
    """Parts on one sheet, under a heading."""

    template: ClassVar[str] = "group"
    parts: tuple[Part, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Empty(Part):
    """Nothing to show yet: why, and what to do next. Never a dead end."""

    template: ClassVar[str] = "empty"
    title: str
    text: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Pages(Part):
    """The way to newer and older entries; a list is followed by its key, not by counting pages."""

    template: ClassVar[str] = "pages"
    newer: Link | None = None
    older: Link | None = None
