"""Units that pay contributions, about one per 60 workers, a few of them large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from ansinh_synthetic.chance import Draw, Ints, stream
from ansinh_synthetic.digits import coded, digits, texts
from ansinh_synthetic.permutation import permuted
from ansinh_synthetic.plan import Plan
from ansinh_synthetic.provinces import commune_draws, old_provinces, places
from ansinh_synthetic.tables import table_of

KINDS = ("state", "enterprise", "foreign", "cooperative", "commune", "school", "armed_forces")
STATE, ENTERPRISE, FOREIGN, COOPERATIVE, COMMUNE, SCHOOL, ARMED = range(7)
# Per mille of units by kind; enterprises are many and small, foreign ones few and large.
_UNITS = (70, 660, 60, 40, 50, 110, 10)
_STATE_NAMES = "Sở Nội vụ|Sở Tài chính|Sở Y tế|Sở Xây dựng|Kho bạc Nhà nước|Thuế|Tòa án nhân dân|Viện kiểm sát nhân dân"
_FIRM_NAMES = (
    "Hoàng Long|Minh Phát|Thành Công|An Phát|Đại Dương|Hưng Thịnh|Tân Tiến|Việt Thắng|Phú Cường|Sao Mai|Bình Minh|"
    "Hòa Bình|Đông Á|Nam Việt|Thiên Phú|Kim Ngân|Gia Phát|Toàn Cầu|Trường Sơn|Cửu Long"
)
_FIRM_TRADES = "May|Thương mại|Xây dựng|Vận tải|Thực phẩm|Cơ khí|Nội thất|Thủy sản|Bao bì|Dịch vụ|Da giày|Nông sản"
_FOREIGN_NAMES = (
    "Samjin|Yamato|Formosa Tex|Hansol Parts|Kyowa|Tai Long|Eurofoam|Nidec Parts|Pou Sheng|Sung Woo|Lotus Tek"
)


@dataclass(frozen=True)
class Employers:
    """All employers as columns, ordered by old province and kind, the largest of each group first."""

    commune: Ints
    kind: Ints
    region: Ints
    first: Ints
    count: Ints

    def choose(self, rng: Generator, old: Ints, kind: Ints) -> Ints:
        """Choose an employer of a kind in a province for each worker; the first ones of a group are large."""
        group = old * len(KINDS) + kind
        luck = rng.random(group.size)
        return self.first[group] + (self.count[group] * luck * luck).astype(np.int64)


def invent_employers(plan: Plan) -> Employers:
    """Invent the employers of the nation: at least one of each kind in each old province."""
    rng = stream(plan.seed, "employers")
    olds = old_provinces()
    jobs = np.array([old.population + 12 * old.pull for old in olds], dtype=np.int64)
    total = max(plan.people // 340, 1)
    count = total * jobs[:, None] * np.array(_UNITS)[None, :] // (int(jobs.sum()) * 1000)
    count = np.maximum(count, 1).ravel()
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    group = np.repeat(np.arange(count.size), count)
    old, kind = group // len(KINDS), group % len(KINDS)
    _, urban = commune_draws()
    commune = urban[old, rng.integers(0, 4096, old.size)]
    return Employers(commune=commune, kind=kind, region=places().region[commune], first=first, count=count)


def _names(employers: Employers) -> list[str]:
    here, names = places(), []
    state, firms = _STATE_NAMES.split("|"), _FIRM_NAMES.split("|")
    trades, foreign = _FIRM_TRADES.split("|"), _FOREIGN_NAMES.split("|")
    for turn, (commune, kind) in enumerate(zip(employers.commune.tolist(), employers.kind.tolist(), strict=True)):
        commune_name = here.names[commune]
        place = commune_name.split(" ", 1)[1]
        province = old_provinces()[int(here.commune_old[commune])].name
        if kind == STATE:
            names.append(f"{state[turn % len(state)]} {province} - đơn vị {turn % 97 + 1}")
        elif kind == ENTERPRISE:
            form = ("Công ty TNHH", "Công ty Cổ phần", "Doanh nghiệp tư nhân")[turn % 3]
            names.append(f"{form} {trades[turn % len(trades)]} {firms[turn * 7 % len(firms)]} {place}")
        elif kind == FOREIGN:
            names.append(f"Công ty TNHH {foreign[turn % len(foreign)]} Việt Nam - nhà máy {place}")
        elif kind == COOPERATIVE:
            names.append(f"Hợp tác xã Dịch vụ Nông nghiệp {place}")
        elif kind == COMMUNE:
            names.append(f"Ủy ban nhân dân {commune_name[0].lower()}{commune_name[1:]}")
        elif kind == SCHOOL:
            names.append(f"Trường {('Tiểu học', 'THCS', 'THPT', 'Mầm non')[turn % 4]} {place}")
        else:
            names.append(f"Đơn vị thuộc Bộ chỉ huy quân sự {province}")
    return names


def employer_table(plan: Plan, employers: Employers) -> Any:
    """Return agency/employer."""
    here = places()
    count = employers.kind.size
    office = np.array([int(code) for code in here.olds])[here.commune_old[employers.commune]]
    serial = permuted(max(10**5, count), plan.key("unit code"), np.arange(count))
    width = max(5, len(str(count)))
    letter = np.frombuffer(b"HDNXUTQ", dtype=np.uint8)[employers.kind]
    code = np.column_stack([letter, letter, digits(office, 2), digits(serial, width)])
    return table_of(
        "agency/employer",
        {
            "employer_no": np.arange(1, count + 1),
            "code": texts(code),
            "name": _names(employers),
            "kind": coded(list(KINDS), employers.kind),
            "province": coded(here.provinces, here.commune_province[employers.commune]),
            "commune": coded(here.communes, employers.commune),
            "region": employers.region.astype(np.int16),
        },
    )


def kind_draws() -> tuple[Draw, Draw]:
    """Return how workers are spread over kinds in industrial provinces and elsewhere (per mille)."""
    return Draw((110, 430, 370, 10, 20, 60, 0)), Draw((180, 440, 130, 20, 60, 170, 0))
