"""Parts that draw: a line over time, and provinces as a map of tiles. What they draw also stands in words or figures; nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from ansinh.screens.components.parts import Part

# The board of a line, and the room around it for the signs at its ends.
WIDTH, HEIGHT, EDGE = 320, 96, 6
TILE, GAP = 92, 4
Shade = Literal["none", "1", "2", "3", "4", "5"]


@dataclass(frozen=True, slots=True)
class Trend(Part):
    """A line over time; `described` says it for those who do not see it; `small`: beside a figure, without days."""

    template: ClassVar[str] = "trend"
    values: tuple[float, ...]
    described: str
    first: str = ""
    last: str = ""
    target: float | None = None
    small: bool = False

    @property
    def box(self) -> str:
        """Return the board."""
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def line(self) -> str:
        """Return the path of the line; nothing for fewer than two values."""
        points = self._points(self.values)
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) if len(points) > 1 else ""

    @property
    def end(self) -> tuple[float, float] | None:
        """Return where the last value stands."""
        points = self._points(self.values)
        return points[-1] if points else None

    @property
    def target_line(self) -> str:
        """Return the path of the target, if there is one."""
        return "" if self.target is None else f"M{EDGE} {self._height(self.target):g}H{WIDTH - EDGE}"

    def _points(self, values: Sequence[float]) -> list[tuple[float, float]]:
        step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
        return [(round(EDGE + n * step, 1), self._height(value)) for n, value in enumerate(values)]

    def _height(self, value: float) -> float:
        all_values = (*self.values, *(() if self.target is None else (self.target,)))
        low, high = min(all_values), max(all_values)
        share = (value - low) / (high - low) if high > low else 0.5
        return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)


@dataclass(frozen=True, slots=True)
class TilePlace:
    """A province on the map: where, its name in one or two lines, its value as it is written, how dark, and where a click leads."""

    column: int
    row: int
    lines: tuple[str, ...]
    value: str
    shade: Shade = "none"
    address: str = ""

    @property
    def x(self) -> int:
        """Return the left edge."""
        return self.column * (TILE + GAP)

    @property
    def y(self) -> int:
        """Return the upper edge."""
        return self.row * (TILE // 2 + GAP)


@dataclass(frozen=True, slots=True)
class TileMap(Part):
    """Provinces as tiles of one size, each with its value in figures; `described` names the map."""

    template: ClassVar[str] = "tile_map"
    described: str
    places: tuple[TilePlace, ...]

    @property
    def box(self) -> str:
        """Return the board."""
        columns = max((one.column for one in self.places), default=0) + 1
        rows = max((one.row for one in self.places), default=0) + 1
        return f"0 0 {columns * (TILE + GAP)} {rows * (TILE // 2 + GAP)}"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One line of a waterfall: what was compared, how far it agreed, its weight, and the sum with it."""

    what: str
    level: str
    weight: float
    total: float


@dataclass(frozen=True, slots=True)
class Waterfall(Part):
    """Weights that add up, each drawn from the sum before it to the sum with it; the side and the sign tell what speaks for and what against."""

    template: ClassVar[str] = "waterfall"
    caption: str
    columns: tuple[str, str, str]
    lines: tuple[Weighed, ...]
    language: str = "vi"

    @property
    def drawn(self) -> list[tuple[Weighed, str, str, str, str]]:
        """Return each line with its weight and sum as they are written, where its bar begins and how wide it is."""
        found: list[tuple[Weighed, str, str, str, str]] = []
        before, low, high = 0.0, *self._bounds()
        for one in self.lines:
            start, end = sorted((before, one.total))
            x, width = (
                round((start - low) / (high - low) * WIDTH, 1),
                max(round((end - start) / (high - low) * WIDTH, 1), 2),
            )
            found.append((one, self._signed(one.weight), self._signed(one.total), f"{x:g}", f"{width:g}"))
            before = one.total
        return found

    @property
    def zero(self) -> str:
        """Return where nothing speaks for either side."""
        low, high = self._bounds()
        return f"{-low / (high - low) * WIDTH:.1f}"

    def _bounds(self) -> tuple[float, float]:
        low, high = min(0.0, *(one.total for one in self.lines)), max(0.0, *(one.total for one in self.lines))
        return (low, high) if high > low else (low, low + 1)

    def _signed(self, value: float) -> str:
        text = f"{abs(value):.1f}"
        sign = "" if text == "0.0" else "−" if value < 0 else "+"
        return f"{sign}{text.replace('.', ',') if self.language == 'vi' else text}"
