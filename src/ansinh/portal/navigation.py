"""The ways through the portal, as a table: a page joins it by one line. A way whose page is not there is not shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.urls import Resolver404, resolve

from ansinh.portal.words import root

Group = Literal["mine", "do", "rights", "help"]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a page: its address below the language's root, its sign, its name, under which heading it stands; `first`: also in the bar of every page."""

    address: str
    icon: str
    vi: str
    en: str
    group: Group
    first: bool = False

    def name(self, language: str) -> str:
        """Return the name in a language."""
        return self.vi if language == "vi" else self.en


WAYS = (
    Way("", "home", "Trang chủ", "Home", "mine", first=True),
    Way("card", "card", "Thẻ BHYT", "Card", "mine", first=True),
    Way("book", "book", "Quá trình đóng", "Contributions", "mine"),
    Way("payments", "money", "Chi trả", "Payments", "mine", first=True),
    Way("health", "health", "Sức khỏe", "Health", "mine", first=True),
    Way("family", "family", "Gia đình", "Family", "mine"),
    Way("messages", "message", "Tin nhắn", "Messages", "mine"),
    Way("services", "services", "Dịch vụ công", "Services", "do"),
    Way("confirmations", "family", "Xác nhận cho người thân", "Confirm for a relative", "do"),
    Way("pension", "calculator", "Tính thử lương hưu", "My pension", "do"),
    Way("employer", "services", "Đơn vị tôi đại diện", "Employers I represent", "do"),
    Way("who-looked", "eye", "Ai đã xem dữ liệu", "Who looked", "rights"),
    Way("my-data", "rights", "Dữ liệu của tôi", "My data", "rights"),
    Way("devices", "devices", "Thiết bị của tôi", "My devices", "rights"),
    Way("display", "look", "Cỡ chữ và màu", "Text and colours", "help"),
    Way("help", "help", "Trợ giúp", "Help", "help"),
    Way("figures", "figures", "Số liệu", "Figures", "help"),
    Way("menu", "more", "Tất cả", "All", "help", first=True),
)
GROUPS: tuple[Group, ...] = ("mine", "do", "rights", "help")


@dataclass(frozen=True, slots=True)
class ShownWay:
    """A way in the bar of a page."""

    name: str
    address: str
    icon: str
    here: bool


def ways_in_bar(language: str, path: str) -> list[ShownWay]:
    """Return the ways in the bar, the one that leads to `path` marked."""
    return [
        ShownWay(
            way.name(language), f"{root(language)}{way.address}", way.icon, f"{root(language)}{way.address}" == path
        )
        for way in WAYS
        if way.first and is_there(way)
    ]


def is_there(way: Way) -> bool:
    """Tell whether a way leads to a page."""
    return is_routed(way.address)


@cache
def is_routed(address: str) -> bool:
    """Tell whether there is a page at an address below the root: pages lead to one another only where both are there."""
    try:
        resolve(f"/{address}")
    except Resolver404:
        return False
    return True
