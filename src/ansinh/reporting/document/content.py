"""What a report says: lines of figures by area, months, provinces, and the sentences that tell what rose, what fell and where. Every form is made from this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ansinh.foundation.errors import NotFound
from ansinh.places.queries import Province, provinces
from ansinh.reporting.document.published import published_figures, scaled
from ansinh.reporting.document.wording import VI, Language
from ansinh.reporting.queries import by_province, ends, figures, values_on
from ansinh.reporting.registry import Indicator

Value = float | int | None
MONTHS_MAX = 24
# A report of one month tells the course of this many before it.
MONTHS_BEFORE = 6
_PEOPLE = "people.authenticated"
_SHARE = "pay.account_share.national"
PROVINCE_KEYS = (
    "people.participants_share",
    _SHARE,
    "pay.account_share.urban",
    "cards.lookups_by_citizen_card",
    "healthbook.submissions",
)
AREAS: tuple[tuple[str, str, str], ...] = (
    ("people", "Xác thực với cơ sở dữ liệu quốc gia về dân cư", "Authentication against the population register"),
    ("pay", "Chi trả lương hưu, trợ cấp qua tài khoản", "Pensions and allowances paid into accounts"),
    ("cards", "Tra cứu thẻ bảo hiểm y tế bằng căn cước", "Health cards looked up by citizen card"),
    ("eid", "Ứng dụng định danh điện tử và Cổng dịch vụ công", "The e-ID app and the public-service portal"),
    ("healthbook", "Sổ sức khỏe điện tử", "The electronic health book"),
    ("services", "Dịch vụ công liên thông", "Interlinked public services"),
    ("events", "Sự kiện nhận từ các cơ quan", "Events told by partner agencies"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator on both days, its target, and what the real agency published, scaled to this nation."""

    indicator: Indicator
    value: Value
    before: Value
    published: float | None

    @property
    def key(self) -> str:
        """The indicator's key."""
        return self.indicator.key

    @property
    def change(self) -> Value:
        """By how much it changed, in its own unit; points for shares."""
        if self.value is None or self.before is None:
            return None
        changed = self.value - self.before
        return round(changed, 2) if isinstance(changed, float) else changed

    def name(self, language: Language) -> str:
        """Its name in words."""
        return self.indicator.vi if language == VI else self.indicator.en


@dataclass(frozen=True, slots=True)
class Area:
    """Indicators that belong together, under a title."""

    key: str
    vi: str
    en: str
    lines: tuple[Line, ...]

    def title(self, language: Language) -> str:
        """Its title in words."""
        return self.vi if language == VI else self.en


@dataclass(frozen=True, slots=True)
class InProvince:
    """One province's figures on both days, by key."""

    code: str
    name: str
    values: dict[str, tuple[Value, Value]]


@dataclass(frozen=True, slots=True)
class Content:
    """A whole report before it has words: figures up to a day, against another, by area, month and province."""

    as_of: date
    compare: date
    areas: tuple[Area, ...]
    headline: tuple[Line, ...]
    months: tuple[tuple[date, dict[str, Value]], ...]
    by_province: tuple[InProvince, ...]
    province: Province | None = None
    monthly: bool = False

    def line(self, key: str) -> Line | None:
        """Return an indicator's line."""
        return next((line for area in self.areas for line in area.lines if line.key == key), None)


def province_of(code: str) -> Province:
    """Return a province a report can be made of; raises NotFound for a code there is none of."""
    found = next((one for one in provinces() if one.code == code), None)
    if found is None:
        raise NotFound(f"Không có tỉnh mã “{code}”.", f"There is no province with the code “{code}”.", province=code)
    return found


def content(as_of: date, compare: date, province: Province | None = None, *, monthly: bool = False) -> Content:
    """Gather a report of the nation or one province from the daily counters: what they add up to on both days and at the ends of the months between.

    One of a month tells the course of the months before it too.
    """
    code = province.code if province else None
    found = figures(as_of, compare, code)
    people = next((one.value for one in found if one.indicator.key == _PEOPLE), None)
    lines = [
        Line(
            one.indicator,
            one.value,
            one.compare_value,
            None if province else scaled(one.indicator.key, one.indicator.unit, people),
        )
        for one in found
    ]
    areas = tuple(
        Area(key, vi, en, of_area)
        for key, vi, en in AREAS
        if (of_area := tuple(line for line in lines if line.key.partition(".")[0] == key))
    )
    headline = tuple(line for key in published_figures() for line in lines if line.key == key)
    since = _months_before(compare) if monthly else compare
    months = tuple((day, values_on(day, code)) for day in ends(since, as_of)[-MONTHS_MAX:])
    places = () if province else _provinces(as_of, compare)
    return Content(as_of, compare, areas, headline, months, places, province, monthly)


def _months_before(day: date) -> date:
    """The end of the month so many months before."""
    month = day.year * 12 + day.month - MONTHS_BEFORE
    return date.fromordinal(date(month // 12, month % 12 + 1, 1).toordinal() - 1)


def _provinces(as_of: date, compare: date) -> tuple[InProvince, ...]:
    found: dict[str, dict[str, tuple[Value, Value]]] = {}
    for key in PROVINCE_KEYS:
        for one in by_province(key, as_of, compare):
            found.setdefault(one.part, {})[key] = (one.value, one.before)
    return tuple(InProvince(one.code, one.name, found[one.code]) for one in provinces() if one.code in found)
