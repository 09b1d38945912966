"""Why a decision came out as it did, line by line, without a word about the person that need not be there."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ansinh.people.matching.source import HERE
from ansinh.people.states import VERDICTS

_EXACT_RULES = {
    "exact.near_number": "tên, ngày sinh trùng, số lệch một chữ số · name and full date equal, one digit of the number off",
    "exact.household": "tên, ngày sinh trùng, cùng hộ với người thân đã xác thực · name and full date equal, household of a verified relative",
    "exact.commune": "tên, ngày sinh, xã, giới tính trùng, không ai khác · name, full date, commune and sex equal, nobody else",
    "nobody_fits": "không ai đủ giống · nobody fits well enough",
    "armed_forces": "lực lượng vũ trang và thân nhân, tính riêng · armed forces and relatives, counted apart",
    "model": "mô hình trọng số · weights of the model",
    "another record carries this number": "hồ sơ khác đang mang số này · another record carries this number",
    "a merged record carries another number": "hồ sơ đã gộp vào đây mang số khác · a merged record carries another number",
    "an officer refused whom the machine found": "cán bộ đã bác người máy tìm thấy · an officer refused whom the machine found",
}
_FIELDS = {
    "prior": "tiên nghiệm", "name": "tên", "accents": "dấu", "date": "ngày sinh", "place": "nơi cư trú", "origin": "nguồn gốc", "sex": "giới tính",
    "number": "số", "claim": "người khác nhận", "full_name": "họ và tên", "birth_date": "ngày sinh", "id_number": "số định danh", "address": "nơi cư trú",
}  # fmt: skip
_LEVELS = {
    "chance": "ngẫu nhiên", "unknown": "không rõ", "equal": "trùng", "differs": "khác",
    "letters equal": "chữ cái trùng", "equal without Thị": "trùng nếu bỏ Thị", "other order": "khác thứ tự", "regional surname": "họ viết theo vùng",
    "one letter": "lệch một chữ", "middle dropped": "thiếu tên đệm", "other middle": "khác tên đệm", "other given name": "khác tên",
    "given name only": "chỉ trùng tên", "other name": "khác họ tên",
    "accents equal": "dấu trùng", "ours without accents": "của ta không dấu", "some accents missing": "thiếu vài dấu", "accents contradict": "dấu trái nhau",
    "equal, 1 January": "trùng, ngày 1/1", "year only": "chỉ có năm", "1 January, year equal": "ngày 1/1, trùng năm",
    "day and month exchanged": "đảo ngày và tháng", "day differs": "khác ngày", "month differs": "khác tháng", "year equal": "trùng năm",
    "year off by one": "lệch một năm", "digit of the year": "lệch một chữ số năm", "other date": "khác ngày sinh",
    "household of relatives, commune equal": "hộ của người thân, trùng xã", "household of relatives": "hộ của người thân",
    "other household, commune equal": "hộ khác, trùng xã", "other household, province equal": "hộ khác, trùng tỉnh", "other household": "hộ khác",
    "commune equal": "trùng xã", "former province equal": "trùng tỉnh cũ", "province of birth": "tỉnh nơi sinh", "province equal": "trùng tỉnh",
    "other place": "nơi khác", "first office in the province of birth": "nơi cấp mã ở tỉnh sinh", "first office elsewhere": "nơi cấp mã ở tỉnh khác",
    "12 digits equal": "trùng 12 số", "9 digits equal": "trùng 9 số", "12 digits, one off": "12 số, lệch một", "9 digits, one off": "9 số, lệch một",
    "12 digits, two off": "12 số, lệch hai", "other number": "số khác",
    "already verified": "hồ sơ khác đã xác thực là người này", "nobody yet": "chưa ai được xác thực là người này",
}  # fmt: skip
_KINDS = {"spelling": "cách viết", "incomplete": "thiếu", "wrong": "sai"}
_BAR_BITS = 2.0


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a waterfall: what was compared, the level reached, its weight in bits and the sum so far."""

    field: str
    level: str
    weight: float
    total: float

    def text(self) -> str:
        """Return the line for a terminal, a bar drawn left for against and right for in favour."""
        bar = "█" * max(1, round(abs(self.weight) / _BAR_BITS)) if abs(self.weight) >= 0.05 else ""
        left, right = (bar, "") if self.weight < 0 else ("", bar)
        return f"{_both(_FIELDS, self.field):<22} {_both(_LEVELS, self.level):<66} {self.weight:>+7.2f} {left:>12}|{right:<12} {self.total:>+8.2f}"


def line_words(line: Line, language: str) -> tuple[str, str]:
    """Return what a line compared and the level reached, in one language."""
    if language != "vi":
        return line.field.replace("_", " "), line.level
    return _FIELDS.get(line.field, line.field), _LEVELS.get(line.level, line.level)


def _both(table: Mapping[str, str], word: str) -> str:
    """Return a word of the model in Vietnamese and English."""
    return f"{table[word]} · {word}" if word in table else word


@cache
def rule_words() -> dict[str, str]:
    """Return what each rule says, in Vietnamese and English."""
    with (HERE / "number_rules.csv").open(encoding="utf-8") as file:
        return {**{row["rule"]: row["why"] for row in csv.DictReader(file)}, **_EXACT_RULES}


def waterfall(decision: Mapping[str, Any]) -> list[Line]:
    """Return the weights of a decision of the model, prior first, then from the strongest down; none where a rule decided."""
    weights = decision.get("weights") or []
    prior = [w for w in weights if w["field"] == "prior"]
    others = sorted((w for w in weights if w["field"] != "prior"), key=lambda w: -abs(w["weight"]))
    lines, total = [], 0.0
    for one in [*prior, *others]:
        total += one["weight"]
        lines.append(Line(one["field"], one["level"] or "", one["weight"], total))
    return lines


def explained(decision: Mapping[str, Any]) -> str:
    """Return the whole explanation of a decision as text: verdict, rule, waterfall, posterior, fields to correct, candidates."""
    words = rule_words().get(decision["rule"], "")
    verdict = " · ".join(VERDICTS.get(decision["verdict"], (decision["verdict"],)))
    lines = [f"{verdict} ({decision['verdict']})", f"{decision['rule']}: {words}"]
    if decision.get("model"):
        lines.append(f"mô hình · model {decision['model']}")
    lines += [line.text() for line in waterfall(decision)]
    if decision.get("posterior") is not None:
        lines.append(f"xác suất · posterior {decision['posterior']:.6f}")
    if decision.get("runner_up") is not None:
        lines.append(f"người thứ hai · runner-up {decision['runner_up']:+.2f} bits")
    corrections = decision.get("corrections") or []
    if corrections:
        lines.append("cần sửa, của ta → của CSDL dân cư · to correct, ours → the register's:")
        lines += [_correction(one) for one in corrections]
    candidates = decision.get("candidates") or []
    if candidates:
        chances = ", ".join("–" if c["posterior"] is None else f"{c['posterior']:.3f}" for c in candidates)
        lines.append(f"ứng viên · candidates: {len(candidates)} ({chances})")
    if decision.get("holder"):
        lines.append(f"hồ sơ mang số này · the record that carries the number: #{decision['holder']}")
    if decision.get("duplicate"):
        lines.append("người này còn hồ sơ khác · another record names the same person")
    return "\n".join(lines)


def _correction(one: Mapping[str, Any]) -> str:
    """Return a field that differs, with both values where the decision says them."""
    if "register" not in one:
        return f"  {_both(_FIELDS, one['field'])} ({_both(_KINDS, one['kind'])})"
    return f"  {_both(_FIELDS, one['field'])}: {one.get('ours') or '–'} → {one['register'] or '–'}"
