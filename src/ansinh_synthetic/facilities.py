"""About 13,000 health-insurance facilities, spread like the people, whatever the number of people invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ansinh_synthetic.chance import Draw, Ints, starts_of, stream
from ansinh_synthetic.digits import coded
from ansinh_synthetic.provinces import old_provinces, places
from ansinh_synthetic.tables import table_of

PRIMARY, BASIC, SPECIALISED = range(3)
_LEVELS = ("primary", "basic", "specialised")
# Stations of the communes before their mergers are kept as first or second station of today's commune.
_STATIONS, _CENTRES, _HOSPITALS, _CLINICS = 10_050, 700, 900, 1_350
_SPECIAL = (
    "Bệnh viện Y học cổ truyền", "Bệnh viện Sản - Nhi", "Bệnh viện Phổi", "Bệnh viện Mắt", "Bệnh viện Tâm thần",
    "Bệnh viện Phục hồi chức năng", "Bệnh viện Ung bướu", "Bệnh viện Da liễu",
)  # fmt: skip
_CENTRAL = {
    "01": ("Bạch Mai", "Hữu nghị Việt Đức", "K", "Nhi Trung ương", "Phụ sản Trung ương", "Trung ương Quân đội 108",
           "Lão khoa Trung ương", "Nội tiết Trung ương", "E", "Hữu nghị", "Quân y 103", "19-8"),
    "46": ("Trung ương Huế",),
    "79": ("Chợ Rẫy", "Thống Nhất", "Đại học Y Dược", "Nhi đồng 1", "Nhi đồng 2", "Từ Dũ", "Bình Dân", "Nhân dân 115",
           "Quân y 175", "Nhân dân Gia Định", "Chấn thương Chỉnh hình", "Bệnh Nhiệt đới"),
    "92": ("Đa khoa Trung ương Cần Thơ",),
    "48": ("C Đà Nẵng",),
    "19": ("Trung ương Thái Nguyên",),
    "49": ("Đa khoa Trung ương Quảng Nam",),
}  # fmt: skip
_CLINIC_NAMES = "An Bình|Tâm Đức|Medic|Thiện Nhân|Hồng Ngọc|Phúc An|Việt Mỹ|Hòa Hảo|Sài Gòn|Bảo An|Đức Minh|An Phước"
_PRIVATE_NAMES = "Hồng Đức|Tâm Trí|Hoàn Mỹ|Thu Cúc|Phương Châu|Vạn Phúc|Đức Giang|Hợp Lực|Xuyên Á|Thái Thượng Hoàng"


@dataclass(frozen=True)
class Facilities:
    """All facilities as columns, grouped by old province; a facility is its place in them."""

    codes: list[str]
    names: list[str]
    level: Ints
    commune: Ints
    old: Ints
    weight: Ints
    starts: Ints

    def table(self) -> Any:
        """Return agency/facility."""
        here = places()
        return table_of(
            "agency/facility",
            {
                "code": self.codes,
                "name": self.names,
                "level": coded(list(_LEVELS), self.level),
                "province": coded(here.provinces, here.commune_province[self.commune]),
                "commune": coded(here.communes, self.commune),
            },
        )


def _shared(total: int, weights: Ints) -> Ints:
    """Share a total out in proportion to weights, exactly."""
    sums = np.cumsum(weights)
    ends = total * sums // sums[-1]
    return np.diff(np.concatenate([[0], ends]))


def _hospitals(old: int, count: int) -> list[tuple[str, int, int]]:
    """Names, levels and weights of an old province's hospitals, the largest first."""
    province = old_provinces()[old]
    city = province.code in {"01", "31", "48", "79", "92"}
    rows = [(f"Bệnh viện {name}", SPECIALISED, 3500) for name in _CENTRAL.get(province.code, ())]
    of = f"thành phố {province.name}" if city else f"tỉnh {province.name}"
    rows.append((f"Bệnh viện Đa khoa {of}", SPECIALISED if province.population > 1500 else BASIC, 1200))
    special = [(f"{name} {of}", BASIC, 160) for name in _SPECIAL[: 3 + province.population // 500]]
    rows += special[: max(1, count // 3)]
    return rows[:count] if count > 1 else rows[:1]


def invent_facilities(seed: int) -> Facilities:
    """Invent the country's facilities; two seeds differ in where stations, centres and clinics stand."""
    here, rng = places(), stream(seed, "facilities")
    population = np.array([old.population for old in old_provinces()], dtype=np.int64)
    communes = np.diff(here.starts)
    stations = _shared(_STATIONS, communes.astype(np.int64))
    centres, hospitals = _shared(_CENTRES, communes.astype(np.int64)), _shared(_HOSPITALS, population)
    clinics = _shared(_CLINICS, population)
    rows: list[tuple[str, int, int, int, int]] = []
    for old in range(population.size):
        first = int(here.starts[old])
        weights = here.weight[first : int(here.starts[old + 1])]
        draw = Draw(weights, 12)
        named = _hospitals(old, int(hospitals[old]))
        private = int(hospitals[old]) - len(named)
        seats = first + draw.take(rng, len(named) + private + int(clinics[old]))
        rows += [(n, level, int(seats[i]), old, w) for i, (n, level, w) in enumerate(named)]
        rest = seats[len(named) :]
        rows += _private_and_clinics(rest, private, old)
        rows += _centres_and_stations(first, weights, int(centres[old]), int(stations[old]), old)
    olds = np.array([row[3] for row in rows])
    number = np.arange(olds.size) - np.searchsorted(olds, olds, side="left") + 1
    return Facilities(
        codes=[f"{here.olds[row[3]]}{int(n):03d}" for row, n in zip(rows, number, strict=True)],
        names=[row[0] for row in rows],
        level=np.array([row[1] for row in rows]),
        commune=np.array([row[2] for row in rows]),
        old=olds,
        weight=np.array([row[4] for row in rows], dtype=np.int64),
        starts=starts_of(olds, population.size),
    )


def _short(commune: int) -> str:
    name = places().names[commune]
    for kind in ("Phường ", "Xã ", "Đặc khu "):
        name = name.removeprefix(kind)
    return name


def _private_and_clinics(seats: Ints, private: int, old: int) -> list[tuple[str, int, int, int, int]]:
    owners, brands = _PRIVATE_NAMES.split("|"), _CLINIC_NAMES.split("|")
    rows = []
    for turn, seat in enumerate(seats.tolist()):
        if turn < private:
            kind = "Bệnh viện Đa khoa khu vực" if turn % 2 else "Bệnh viện Đa khoa"
            name = f"{kind} {_short(seat)}" if turn % 2 else f"{kind} {owners[turn // 2 % len(owners)]} {_short(seat)}"
            rows.append((name, BASIC, seat, old, 260))
        else:
            name = f"Phòng khám Đa khoa {brands[turn % len(brands)]} {_short(seat)}"
            rows.append((name, PRIMARY, seat, old, 30))
    return rows


def _centres_and_stations(
    first: int, weights: Ints, centres: int, stations: int, old: int
) -> list[tuple[str, int, int, int, int]]:
    here, rows = places(), []
    largest = np.argsort(-weights, kind="stable")[:centres]
    rows += [(f"Trung tâm Y tế khu vực {_short(seat)}", BASIC, seat, old, 200) for seat in (first + largest).tolist()]
    for turn in range(stations):
        seat = first + turn % weights.size
        name = here.names[seat][0].lower() + here.names[seat][1:]
        point = turn // weights.size
        rows.append((f"Trạm Y tế {name}" + (f" - điểm trạm số {point + 1}" if point else ""), PRIMARY, seat, old, 14))
    return rows


@dataclass(frozen=True)
class Choice:
    """Tables of facilities to choose from: 1024 places per old province, and the station of each commune."""

    by_use: Ints
    basic: Ints
    station: Ints


def choices(facilities: Facilities) -> Choice:
    """Prepare how people choose: by size of the house for a visit, basic houses and stations for registration."""
    by_use, basic = [], []
    for old in range(facilities.starts.size - 1):
        start, end = int(facilities.starts[old]), int(facilities.starts[old + 1])
        weights, level = facilities.weight[start:end], facilities.level[start:end]
        by_use.append(start + Draw(weights, 10)._places)
        first_contact = weights * np.where(level == BASIC, 2, np.where(level == PRIMARY, 1, 0))
        basic.append(start + Draw(first_contact, 10)._places)
    station = np.zeros(len(places().communes), dtype=np.int64)
    small = np.flatnonzero((facilities.level == PRIMARY) & (facilities.weight == 14))[::-1]
    station[facilities.commune[small]] = small
    return Choice(by_use=np.array(by_use), basic=np.array(basic), station=station)
