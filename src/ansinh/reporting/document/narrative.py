"""Sentences that say what rose, what fell and where; each carries the keys of the figures it tells, so that a reader can go from word to number."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.reporting.document.content import Area, Content, InProvince, Line
from ansinh.reporting.document.wording import VI, Language, amount, day, listed, number, unit

_NAMED_MAX = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the keys of the figures in it."""

    text: str
    figures: tuple[str, ...]


def summary(content: Content, language: Language) -> tuple[Sentence, ...]:
    """Return the report's first paragraph: how many figures rose and fell, which fell, which reach their targets."""
    told = [line for line in content.headline if line.change is not None]
    rose = [line for line in told if (line.change or 0) > 0]
    fell = [line for line in told if (line.change or 0) < 0]
    same = len(told) - len(rose) - len(fell)
    aimed = [line for line in content.headline if line.indicator.target is not None and line.value is not None]
    short = [line for line in aimed if (line.value or 0) < (line.indicator.target or 0)]
    since = day(content.compare, language)
    if language == VI:
        texts = [
            f"So với {since}, trong {len(told)} chỉ tiêu chính có {len(rose)} chỉ tiêu tăng, {len(fell)} chỉ tiêu giảm, {same} chỉ tiêu giữ nguyên."
        ]
        fallen = "Giảm: {}."
        reached = f"{len(aimed) - len(short)} trong {len(aimed)} chỉ tiêu có mục tiêu đã đạt"
        missing = "; chưa đạt: {}."
    else:
        texts = [
            f"Since {since}, of {len(told)} main figures {len(rose)} rose, {len(fell)} fell and {same} stayed as they were."
        ]
        fallen = "What fell: {}."
        reached = f"{len(aimed) - len(short)} of {len(aimed)} figures with a target have reached it"
        missing = "; not yet: {}."
    found = [Sentence(texts[0], tuple(line.key for line in told))]
    if fell:
        found.append(Sentence(fallen.format(_names(fell, language)), tuple(line.key for line in fell)))
    if aimed:
        tail = missing.format(_names(short, language)) if short else "."
        found.append(Sentence(reached + tail, tuple(line.key for line in aimed)))
    return tuple(found)


def of_area(area: Area, content: Content, language: Language) -> tuple[Sentence, ...]:
    """Return an area's paragraph: its main figures in order, and for those provinces have, where they are highest, lowest and falling."""
    keys = {line.key for line in content.headline}
    main = [line for line in area.lines if line.key in keys] or list(area.lines[:1])
    found: list[Sentence] = []
    for line in main:
        if line.value is None:
            continue
        found.append(_of_line(line, content, language))
        found += _where(line, content.by_province, language)
    return tuple(found)


def _of_line(line: Line, content: Content, language: Language) -> Sentence:
    name, reached = line.name(language), amount(line.value, line.indicator.unit, language)
    text = f"{name}: {reached}" + _changed(line, content, language) + _aimed(line, language)
    return Sentence(text + ".", (line.key,))


def _changed(line: Line, content: Content, language: Language) -> str:
    since, change = day(content.compare, language), line.change
    if change is None:
        return f"; {since} chưa có số liệu" if language == VI else f"; nothing was counted by {since}"
    by = f"{number(abs(change), language)} {_change_unit(line, change, language)}"
    if change == 0:
        return f", bằng {since}" if language == VI else f", as on {since}"
    if language == VI:
        return f", {'tăng' if change > 0 else 'giảm'} {by} so với {since}"
    return f", {'up' if change > 0 else 'down'} {by} since {since}"


def _change_unit(line: Line, change: float, language: Language) -> str:
    name = "points" if line.indicator.unit in {"percent", "points"} else line.indicator.unit
    word = unit(name, language)
    return word.removesuffix("s") if language != VI and abs(change) == 1 else word


def _aimed(line: Line, language: Language) -> str:
    target, value = line.indicator.target, line.value
    if target is None or value is None or line.indicator.unit != "percent":
        return ""
    gap, aim = round(abs(value - target), 2), amount(target, "percent", language)
    points = f"{number(gap, language)} {unit('points', language)}"
    if gap == 0:
        return f", đạt mục tiêu {aim}" if language == VI else f", on its target of {aim}"
    if language == VI:
        return f", {'vượt' if value > target else 'còn thiếu'} {points} so với mục tiêu {aim}"
    return f", {points} {'over' if value > target else 'short of'} its target of {aim}"


def _where(line: Line, places: tuple[InProvince, ...], language: Language) -> list[Sentence]:
    known = [
        (values[0], _inside(one.name, language))
        for one in places
        if (values := one.values.get(line.key)) and values[0] is not None
    ]
    if len(known) < 2:
        return []
    kind = line.indicator.unit
    (low, lowest), (high, highest) = min(known), max(known)
    fell = sorted(
        (now - then, _inside(one.name, language))
        for one in places
        if (pair := one.values.get(line.key)) and (now := pair[0]) is not None and (then := pair[1]) is not None
        if now < then
    )
    names = listed([name for _, name in fell[:_NAMED_MAX]], language)
    if language == VI:
        text = f"Cao nhất là {highest} ({amount(high, kind, language)}), thấp nhất là {lowest} ({amount(low, kind, language)})"
        text += f"; giảm ở {len(fell)} tỉnh, nhiều nhất ở {names}." if fell else "; không tỉnh nào giảm."
    else:
        text = f"It is highest in {highest} ({amount(high, kind, language)}) and lowest in {lowest} ({amount(low, kind, language)})"
        text += f"; it fell in {len(fell)} provinces, most in {names}." if fell else "; it fell in no province."
    return [Sentence(text, (line.key,))]


def _inside(name: str, language: Language) -> str:
    # The kind of a place is written small within a Vietnamese sentence, and left out of an English one.
    if language == VI:
        return name.replace("Tỉnh ", "tỉnh ").replace("Thành phố ", "thành phố ")
    return name.removeprefix("Tỉnh ").removeprefix("Thành phố ")


def _names(lines: list[Line], language: Language) -> str:
    return "; ".join(line.name(language)[:1].lower() + line.name(language)[1:] for line in lines)
