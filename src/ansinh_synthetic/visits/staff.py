"""Who works where: doctors of a house with licence numbers and names, made up from the house's number."""

from __future__ import annotations

from functools import cache

_SURNAMES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Phan", "Võ"]
_MIDDLES = ["Văn", "Thị", "Minh", "Thu", "Đức", "Hồng", "Quang", "Ngọc", "Thanh", "Hữu"]
_GIVEN = [
    "An",
    "Bình",
    "Cường",
    "Dung",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Khoa",
    "Lan",
    "Linh",
    "Mai",
    "Nam",
    "Nga",
    "Phong",
    "Quân",
    "Sơn",
    "Thảo",
    "Trang",
    "Việt",
]


def doctor(facility: int, weight: int, luck: int) -> int:
    """Return the number of one of a house's doctors: a station has two, the largest hospitals over a hundred."""
    return facility * 1000 + luck % (2 + weight // 25)


@cache
def licence(number: int) -> str:
    """Return a doctor's practice-licence number."""
    return f"{number * 7919 % 900_000 + 100_000:06d}/BYT-CCHN"


@cache
def name(number: int) -> str:
    """Return a doctor's name."""
    mixed = number * 2_654_435_761 % 2**32
    return f"{_SURNAMES[mixed % 12]} {_MIDDLES[mixed // 12 % 10]} {_GIVEN[mixed // 120 % 20]}"


@cache
def head(facility: int) -> str:
    """Return the social-insurance number under which the head of a house signs."""
    return f"{(facility + 1) * 48_611 % 9_000_000_000 + 1_000_000_000:010d}"
