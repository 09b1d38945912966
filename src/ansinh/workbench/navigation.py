"""The ways through the workbench, as a table: a page joins by one line. An officer sees those they may follow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ansinh.workbench.words import root


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a page: its address below the language's root, its sign, its name, and the permission it takes, if any."""

    address: str
    icon: str
    vi: str
    en: str
    permission: str | None = None

    def name(self, language: str) -> str:
        """Return the name in a language."""
        return self.vi if language == "vi" else self.en


WAYS: tuple[Way, ...] = (
    Way("", "home", "Việc cần làm", "What waits"),
    Way("person", "eye", "Một người", "A person"),
    Way("figures", "figures", "Số liệu", "Figures", "reporting.read"),
    Way("reviews", "eye", "Định danh", "Identities", "people.decide_candidate"),
    Way("decisions", "services", "Quyết định", "Decisions", "people.approve_request"),
    Way("runs", "money", "Đợt chi", "Payment runs", "payments.show"),
    Way("exceptions", "money", "Ngoại lệ chi trả", "Payment exceptions", "payments.show"),
    Way("files", "services", "Hồ sơ chế độ", "Benefit files", "benefits.show"),
    Way("services", "services", "Hồ sơ dịch vụ", "Applications", "services.read"),
    Way("events", "services", "Hồ sơ liên thông", "Life events", "lifeevents.show"),
    Way("overuse", "eye", "Lượt khám cần hỏi", "Over-use", "overuse.show"),
    Way("partners", "services", "Đối tác", "Partners", "registry.show"),
    Way("data-requests", "eye", "Bảo vệ dữ liệu", "Data protection", "rights.answer"),
    Way("rules", "figures", "Pháp luật", "The law"),
    Way("accesses", "eye", "Ai đã xem", "Accesses", "audit.read"),
)


@dataclass(frozen=True, slots=True)
class ShownWay:
    """A way in the bar of a page."""

    name: str
    address: str
    icon: str
    here: bool


def ways_in_bar(permissions: Collection[str], language: str, path: str) -> list[ShownWay]:
    """Return the ways an officer with these permissions may follow, the one that `path` lies on marked."""
    base = root(language)
    return [
        ShownWay(way.name(language), f"{base}{way.address}", way.icon, _lies_on(path, base, way.address))
        for way in WAYS
        if way.permission is None or way.permission in permissions
    ]


def _lies_on(path: str, base: str, address: str) -> bool:
    whole = f"{base}{address}"
    return path == whole or (bool(address) and path.startswith(f"{whole}/"))
