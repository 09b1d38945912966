"""Draw docs/architecture.svg from the code: the order of `.importlinter`, the rooms that exist, and the imports between them.

.venv/bin/python tools/draw_architecture.py          # write it
.venv/bin/python tools/draw_architecture.py --check  # exit 1 when it is out of date
"""

from __future__ import annotations

import configparser
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "architecture.svg"

# What a stranger reads in each box. A room without a sentence is drawn with its name alone.
SENTENCES = {
    "cli": "the command line",
    "config": "wiring: settings, routes, checks",
    "portal": "citizens' pages",
    "workbench": "officers' pages",
    "desk": "clerks' and doctors' pages",
    "gateway": "machines ask here",
    "lifeevents": "birth and death, across rooms",
    "reporting": "indicators, read only",
    "benefits": "applications and decisions",
    "healthbook": "visits, referrals, appointments",
    "payments": "orders, batches, reconciliation",
    "cards": "health-insurance cards",
    "participation": "employers, contributions, coverage",
    "people": "the person, identifiers, matching",
    "registry": "the population register, mirrored",
    "signin": "people prove who they are",
    "access": "roles, machine clients, tokens",
    "durable": "steps that may take days",
    "rules": "the law",
    "notices": "messages to people",
    "documents": "bytes received and issued",
    "screens": "parts of pages",
    "places": "units, facilities, banks, calendar",
    "audit": "what was done, by whom, and why",
    "database": "PostgreSQL, started and guarded",
    "foundation": "money, period, identifiers, clock",
}
FAR_SIDE = {
    "ansinh_sandbox": ("partners, simulated", "HTTP"),
    "ansinh_synthetic": ("people, invented by seed", "files"),
}

BOX_WIDTH, BOX_HEIGHT, GAP, ROW = 206, 44, 12, 74
LEFT, TOP = 24, 64
PLATFORM_WIDTH = 6 * BOX_WIDTH + 7 * GAP
# Ground that everything stands on; arrows to it would hide the others.
GROUND = {"audit", "database", "foundation"}


@dataclass(frozen=True)
class Box:
    """A room on the picture."""

    name: str
    exists: bool
    x: int
    y: int

    @property
    def middle(self) -> int:
        """Return where arrows meet the box, from the left."""
        return self.x + BOX_WIDTH // 2


def layers() -> list[list[str]]:
    """Return the order of rooms, top first, as the import contract states it."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = contracts["importlinter:contract:order"]["layers"].split("\n")
    return [[room.strip().strip("()") for room in line.split("|")] for line in lines if line.strip()]


def imports_between_rooms(rooms: set[str]) -> set[tuple[str, str]]:
    """Return the pairs (importer, imported) that no longer way through other rooms explains."""
    graph = grimp.build_graph("ansinh", cache_dir=None)
    pairs = set()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            upper, lower = (name.split(".")[1] if "." in name else "" for name in (module, imported))
            if upper != lower and upper in rooms and lower in rooms:
                pairs.add((upper, lower))
    reach = {upper: {low for up, low in pairs if up == upper} for upper in rooms}
    return {
        (upper, lower)
        for upper, lower in pairs
        if not any(_reaches(other, lower, reach) for other in reach[upper] - {lower})
    }


def _reaches(upper: str, lower: str, reach: dict[str, set[str]]) -> bool:
    return lower in reach[upper] or any(_reaches(other, lower, reach) for other in reach[upper])


def place(order: list[list[str]], existing: set[str]) -> list[Box]:
    """Lay the rooms out in rows, top first, each row centred."""
    boxes = []
    for number, row in enumerate(order):
        width = len(row) * BOX_WIDTH + (len(row) - 1) * GAP
        start = LEFT + GAP + (PLATFORM_WIDTH - 2 * GAP - width) // 2
        boxes += [
            Box(name, name in existing, start + place * (BOX_WIDTH + GAP), TOP + number * ROW)
            for place, name in enumerate(row)
        ]
    return boxes


def draw() -> str:
    """Return the picture."""
    existing = {path.parent.name for path in (ROOT / "src" / "ansinh").glob("*/__init__.py")}
    order = layers()
    boxes = place(order, existing)
    by_name = {box.name: box for box in boxes}
    height = TOP + len(order) * ROW + 10
    width = LEFT + PLATFORM_WIDTH + 290
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" role="img"',
        '     aria-label="The rooms of Ansinh; imports go down only">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">',
        '<path d="M0 0L8 4L0 8z" fill="#7a8794"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<rect x="{LEFT}" y="{TOP - 44}" width="{PLATFORM_WIDTH}" height="{height - TOP + 34}" rx="10" fill="#f4f7fa"/>',
        f'<text x="{LEFT + GAP}" y="{TOP - 22}" font-size="15" font-weight="600" fill="#22303c">ansinh: the platform. Imports go down only.</text>',
    ]
    for upper, lower in sorted(imports_between_rooms(existing)):
        if lower not in GROUND or upper in GROUND:
            parts.append(_arrow(by_name[upper], by_name[lower]))
    parts += [_box(box) for box in boxes]
    parts += _far_side(height)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _arrow(upper: Box, lower: Box) -> str:
    top, bottom = upper.y + BOX_HEIGHT, lower.y - 2
    bend = (bottom - top) // 2
    way = f"M{upper.middle} {top} C{upper.middle} {top + bend} {lower.middle} {bottom - bend} {lower.middle} {bottom}"
    return f'<path d="{way}" fill="none" stroke="#7a8794" stroke-width="1.2" marker-end="url(#tip)"/>'


def _box(box: Box) -> str:
    fill, ink, edge = ("#ffffff", "#14212b", "#2f6f9f") if box.exists else ("#f4f7fa", "#5c6b78", "#b3bfca")
    dashes = "" if box.exists else ' stroke-dasharray="4 4"'
    return (
        f'<rect x="{box.x}" y="{box.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6" fill="{fill}" stroke="{edge}"{dashes}/>'
        f'<text x="{box.middle}" y="{box.y + 18}" text-anchor="middle" font-size="14" font-weight="600" fill="{ink}">{escape(box.name)}</text>'
        f'<text x="{box.middle}" y="{box.y + 35}" text-anchor="middle" font-size="11" fill="{ink}">{escape(SENTENCES.get(box.name, ""))}</text>'
    )


def _far_side(height: int) -> list[str]:
    left = LEFT + PLATFORM_WIDTH + 70
    parts = []
    for number, (name, (sentence, wire)) in enumerate(FAR_SIDE.items()):
        y = TOP + 3 * ROW + number * 3 * ROW
        parts.append(
            f'<rect x="{left}" y="{y}" width="{BOX_WIDTH - 10}" height="{BOX_HEIGHT + 10}" rx="6" fill="#fff8ec" stroke="#b7791f"/>'
            f'<text x="{left + 98}" y="{y + 22}" text-anchor="middle" font-size="14" font-weight="600" fill="#5b3a06">{name}</text>'
            f'<text x="{left + 98}" y="{y + 41}" text-anchor="middle" font-size="11" fill="#5b3a06">{escape(sentence)}</text>'
            f'<path d="M{LEFT + PLATFORM_WIDTH} {y + 27}H{left}" stroke="#b7791f" stroke-dasharray="2 4" stroke-width="2"/>'
            f'<text x="{left - 35}" y="{y + 18}" text-anchor="middle" font-size="11" fill="#5b3a06">{wire}</text>'
        )
    parts.append(
        f'<text x="{left}" y="{height - 40}" font-size="11" fill="#5c6b78">dashed box: planned, not yet built</text>'
    )
    parts.append(
        f'<text x="{left}" y="{height - 24}" font-size="11" fill="#5c6b78">all rooms stand on the lowest three</text>'
    )
    return parts


def main() -> int:
    """Write the picture, or tell whether the one on disk is up to date."""
    picture = draw()
    if "--check" in sys.argv[1:]:
        return 0 if PICTURE.exists() and PICTURE.read_text(encoding="utf-8") == picture else 1
    PICTURE.write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
