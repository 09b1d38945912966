"""What a report says: lines of figures by area, months, provinces, and the sentences that tell what rose, what fell and where. Every form is made from this."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from ansinh.foundation.errors import NotFound
from ansinh.places.queries import provinces
from ansinh.reporting.document.published import published_figures, scaled
from ansinh.reporting.document.wording import VI, Language
from ansinh.reporting.queries import figures, figures_by_province, values_on
from ansinh.reporting.registry import Indicator

Value = float | int | None
MONTHS_MAX = 24
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

    def line(self, key: str) -> Line | None:
        """Return an indicator's line."""
        return next((line for area in self.areas for line in area.lines if line.key == key), None)


def content(as_of: date, compare: date) -> Content:
    """Gather a report from the daily counters: what they add up to on both days and at the ends of the months between."""
    found = figures(as_of, compare)
    people = next((one.value for one in found if one.indicator.key == _PEOPLE), None)
    lines = [
        Line(
            one.indicator,
            one.value,
            one.compare_value,
            scaled(one.indicator.key, one.indicator.unit, people),
        )
        for one in found
    ]
    areas = tuple(
        Area(key, vi, en, of_area)
        for key, vi, en in AREAS
        if (of_area := tuple(line for line in lines if line.key.partition(".")[0] == key))
    )
    headline = tuple(line for key in published_figures() for line in lines if line.key == key)
    months = tuple((day, values_on(day)) for day in _ends(compare, as_of))
    return Content(as_of, compare, areas, headline, months, _provinces(as_of, compare))


def _ends(since: date, until: date) -> list[date]:
    """The ends of months from one day to another, the other last; the newest where there are many."""
    days, day = [], since
    while day < until:
        days.append(day)
        following = day + timedelta(days=1)
        day = following.replace(day=monthrange(following.year, following.month)[1])
    return [*days, until][-MONTHS_MAX:]


def _provinces(as_of: date, compare: date) -> tuple[InProvince, ...]:
    found: dict[str, dict[str, tuple[Value, Value]]] = {}
    for key in PROVINCE_KEYS:
        try:
            now, then = dict(figures_by_province(key, as_of)), dict(figures_by_province(key, compare))
        except NotFound:
            continue
        for code, value in now.items():
            found.setdefault(code, {})[key] = (value, then.get(code))
    return tuple(InProvince(one.code, one.name, found[one.code]) for one in provinces() if one.code in found)
