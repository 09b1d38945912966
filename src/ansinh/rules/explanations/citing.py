"""Articles of law, said in Vietnamese as officials write them: “điểm b khoản 1 Điều 66 Luật 41/2024/QH15”."""

from __future__ import annotations

import re

_KINDS = {
    "Law": "Luật",
    "Labour Code": "Bộ luật Lao động",
    "Decree": "Nghị định",
    "Circular": "Thông tư",
    "Resolution": "Nghị quyết",
    "Decision": "Quyết định",
}
_ACT = re.compile(rf"({'|'.join(_KINDS)}) (\S+?)(?: of (\d{{4}}))?(?: arts? ([^:]*))?(?:: .*)?")
_PLACE = re.compile(r"(\d+)?(?:\((\d+)\))?(?:\(([a-zđ])\))?")


def cited_vi(reference: str) -> str:
    """Return a reference such as “Law 41/2024/QH15 art. 66(1)(b)” in Vietnamese; what has another shape stays as it is."""
    return "; ".join(_act(part.strip()) for part in reference.split(";"))


def _act(part: str) -> str:
    found = _ACT.fullmatch(part.replace("art. ", "art "))
    if not found:
        return part
    kind, number, year, places = found.groups()
    act = f"{_KINDS[kind]} {number}" + (f" năm {year}" if year else "")
    if not places:
        return act
    return f"{_places(places)} {act}"


def _places(places: str) -> str:
    """Say articles, clauses and points; a clause or point alone belongs to the article before it, which is said once, behind them."""
    groups: list[tuple[str, list[str], str | None]] = []
    for separator, text in re.findall(r"(^|, | and | to |-)((?:(?!, | and | to |-).)+)", places):
        found = _PLACE.fullmatch(text.strip())
        if not found:
            return places
        article, clause, point = found.groups()
        words = " ".join(([f"điểm {point}"] if point else []) + ([f"khoản {clause}"] if clause else []))
        if article is None and groups:
            groups[-1][1].append(words)
        else:
            groups.append((separator, [words] if words else [], article))
    joints = {"": "", ", ": ", ", " and ": " và ", " to ": " đến ", "-": " đến "}
    return "".join(joints[one] + _article(words, article) for one, words, article in groups)


def _article(words: list[str], article: str | None) -> str:
    if not words:
        return f"Điều {article}"
    # Points of one clause: “các điểm b, c khoản 1 Điều 54”.
    clause = re.search(r" (khoản \d+)$", words[0])
    if clause and len(words) > 1 and all(word.startswith("điểm ") and "khoản" not in word for word in words[1:]):
        points = [words[0].removesuffix(f" {clause[1]}"), *words[1:]]
        return f"{', '.join(points)} {clause[1]} Điều {article}"
    return f"{', '.join(words)} Điều {article}"
