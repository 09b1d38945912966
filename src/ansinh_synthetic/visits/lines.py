"""What a visit consists of: medicines, services and supplies with quantities, prices and moments; results; the course of the days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from ansinh_synthetic.facilities import PRIMARY, SPECIALISED
from ansinh_synthetic.visits import staff
from ansinh_synthetic.visits.billing import Line, part
from ansinh_synthetic.visits.catalogue import Condition, Index, Medicine, Service, services
from ansinh_synthetic.visits.counter import moment
from ansinh_synthetic.visits.templates import item

IN_BED, COURSE, LONG_TERM, EXAMINATION = "03", "02", "05", "01"
PROGRAMME_PAYS = frozenset({"B20", "A15.0"})
PROGRESS_MAX = 6
# Days of medicine for who is sent on.
BRIDGE_DAYS = 3

_PAID = {
    "MUC_HUONG",
    "THANH_TIEN_BV",
    "THANH_TIEN_BH",
    "T_NGUONKHAC_NSNN",
    "T_NGUONKHAC",
    "T_BNTT",
    "T_BNCCT",
    "T_BHTT",
}
_NOTHING = {"T_NGUONKHAC_VTNN": "0.00", "T_NGUONKHAC_VTTN": "0.00", "T_NGUONKHAC_CL": "0.00"}
_TENDER = "22/QĐ-SYT;G1;N2;2024"
# Examination: specialty, its name, price by level (primary, basic, specialised) and the last part of its code.
_EXAMS = {
    "K18": ("03", "Nhi"), "K19": ("10", "Ngoại"), "K27": ("13", "Phụ sản"), "K28": ("15", "Tai mũi họng"), "K29": ("16", "Răng hàm mặt"),
    "K30": ("14", "Mắt"), "K13": ("05", "Da liễu"), "K15": ("06", "Tâm thần"), "K31": ("17", "Phục hồi chức năng"), "K33": ("12", "Ung bướu"),
}  # fmt: skip
_EXAM_PRICES, _EXAM_TAILS = (36_500, 39_800, 50_600), ("1899", "1898", "1896")
_BED_PRICES = (64_100, 212_600, 257_100)
_PRIVATE_EVERY = 8


@dataclass(slots=True)
class Content:
    """Everything that happened, before it is priced."""

    medicines: list[Line] = field(default_factory=list)
    services: list[Line] = field(default_factory=list)
    results: list[dict[str, str]] = field(default_factory=list)
    progress: list[dict[str, str]] = field(default_factory=list)
    procedures: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when: the house's number, level, how its program writes text, the moments, and luck for this visit alone."""

    facility: int
    level: int
    weight: int
    cdata: bool
    arrived: int
    left: int
    days: int
    luck: Callable[[int], int]
    leaves: bool = False
    """Sent on to another house, which prescribes for the weeks to come."""

    @property
    def private(self) -> bool:
        """Tell whether the house asks more than insurance pays."""
        return self.facility % _PRIVATE_EVERY == 3 and self.level != SPECIALISED


@cache
def _medicine_row(one: Medicine, cdata: bool) -> str:
    fixed = {
        "MA_THUOC": one.code, "MA_NHOM": "4" if one.ratio == 100 else "6", "TEN_THUOC": one.name, "DON_VI_TINH": one.unit, "HAM_LUONG": one.strength,
        "DUONG_DUNG": one.route, "DANG_BAO_CHE": one.form, "CACH_DUNG": "Theo chỉ dẫn của bác sĩ", "SO_DANG_KY": one.registration, "TT_THAU": _TENDER,
        "PHAM_VI": "1", "TYLE_TT_BH": str(one.ratio), "DON_GIA": f"{one.price}.000", "NGUON_CTRA": "1", **_NOTHING,
    }  # fmt: skip
    said = {"MA_LK", "STT", "LIEU_DUNG", "SO_LUONG", "MA_KHOA", "MA_BAC_SI", "NGAY_YL", "NGAY_TH_YL", "MA_PTTT"}
    return item("XML2", fixed, said | _PAID, cdata=cdata)


@cache
def _service_row(one: Service, cdata: bool) -> str:
    fixed = {
        "MA_DICH_VU": one.code, "MA_PTTT_QT": one.procedure, "MA_NHOM": str(one.group), "TEN_DICH_VU": one.name, "DON_VI_TINH": one.unit, "PHAM_VI": "1",
        "DON_GIA_BH": f"{one.price}.000", "TYLE_TT_DV": str(one.ratio), "TYLE_TT_BH": "100", "PP_VO_CAM": "1" if one.group == 8 else "", **_NOTHING,
    }  # fmt: skip
    return item("XML3", fixed, _SERVICE_SAID | _PAID, cdata=cdata)


_SERVICE_SAID = {
    "MA_LK", "STT", "SO_LUONG", "DON_GIA_BV", "MA_KHOA", "MA_GIUONG", "MA_BAC_SI", "NGUOI_THUC_HIEN", "MA_BENH", "NGAY_YL", "NGAY_TH_YL",
    "NGAY_KQ", "MA_PTTT", "MA_MAY",
}  # fmt: skip


@cache
def _supply_row(cdata: bool) -> str:
    fixed = {
        "MA_VAT_TU": "N03.05.010", "MA_NHOM": "10", "TEN_VAT_TU": "Bộ dây truyền dịch, bơm tiêm và kim", "DON_VI_TINH": "Bộ", "PHAM_VI": "1",
        "DON_GIA_BH": "4830.000", "TT_THAU": "31/QĐ-SYT;G2;N3;2024", "TYLE_TT_DV": "100", "TYLE_TT_BH": "100", **_NOTHING,
    }  # fmt: skip
    return item("XML3", fixed, _SERVICE_SAID | _PAID, cdata=cdata)


SUPPLY_PRICE = 4_830


@cache
def _exam(department: str, level: int) -> Service:
    code, name = _EXAMS.get(department, ("02", "Nội"))
    return Service(f"{code}.{_EXAM_TAILS[level]}", f"Khám {name}", 13, "Lần", _EXAM_PRICES[level], 100, (), "", "")


@cache
def _bed(department: str, level: int) -> Service:
    return Service(
        f"{department}.19{17 + 6 * (2 - level)}",
        "Giường bệnh nội khoa loại 2",
        15,
        "Ngày",
        _BED_PRICES[level],
        100,
        (),
        "",
        "",
    )


class Composer:
    """Puts the lines of one visit together."""

    def __init__(self, here: Setting, condition: Condition, episode: str, codes: str) -> None:
        self.here, self.condition, self.episode, self.codes = here, condition, episode, codes
        self.content = Content()
        self.doctor = staff.licence(staff.doctor(here.facility, here.weight, here.luck(1 << 30)))
        # Primary houses are paid per head, larger ones per service (MA_PTTT).
        self.paid_how = "2" if here.level == PRIMARY else "1"

    def compose(self, care_kind: str) -> Content:
        """Return everything that happened during a visit of this form of care."""
        here, condition = self.here, self.condition
        self._service(_exam(condition.department, here.level), 1, here.arrived + 3, here.arrived + 5)
        at = here.arrived + 8
        for number, test in enumerate(condition.tests):
            if care_kind == LONG_TERM and number and here.luck(100) < 55:
                continue
            done, told = at + 4 + number % 3, at + 10 + here.luck(12)
            self._service(test, 1, at, done, told)
            self._tell(test, told)
        if care_kind == COURSE:
            for key in ("electro", "infrared", "acupuncture")[: 2 + here.luck(2)]:
                self._service(services()[key], here.days, at, at + 10, here.left)
        if care_kind == IN_BED:
            self._service(
                _bed(condition.department, here.level), here.days, at, at, here.left, bed=f"H{here.luck(80) + 1:03d}"
            )
            self._supplies(here.days, at)
        self._medicines(care_kind, at)
        if care_kind != EXAMINATION:
            self._progress()
        return self.content

    def _service(self, one: Service, quantity: int, ordered: int, done: int, told: int = 0, *, bed: str = "") -> None:
        here = self.here
        price = one.price + (one.price // 5 if here.private and one.group in {1, 2, 3, 8} else 0)
        values = {
            "MA_LK": self.episode,
            "STT": str(len(self.content.services) + 1),
            "SO_LUONG": str(quantity),
            "DON_GIA_BV": f"{price}.000",
            "MA_KHOA": self.condition.department,
            "MA_GIUONG": bed,
            "MA_BAC_SI": self.doctor,
            "NGUOI_THUC_HIEN": staff.licence(staff.doctor(here.facility, here.weight, here.luck(1 << 30))),
            "MA_BENH": self.codes,
            "NGAY_YL": moment(ordered),
            "NGAY_TH_YL": moment(done),
            "NGAY_KQ": moment(told) if told else "",
            "MA_PTTT": self.paid_how,
            "MA_MAY": f"XN.1.{here.facility:05d}.{one.code[-4:]}" if one.group in {1, 2, 3} else "",
        }
        amount = part(quantity * price * 100, one.ratio)
        insured = part(quantity * one.price * 100, one.ratio)
        self.content.services.append(Line(_service_row(one, here.cdata), quantity, amount, insured, values))
        if one.procedure:
            self.content.procedures.append(one.procedure)

    def _supplies(self, days: int, at: int) -> None:
        amount = days * SUPPLY_PRICE * 100
        values = {
            "MA_LK": self.episode, "STT": str(len(self.content.services) + 1), "SO_LUONG": str(days), "DON_GIA_BV": f"{SUPPLY_PRICE}.000",
            "MA_KHOA": self.condition.department, "MA_GIUONG": "", "MA_BAC_SI": self.doctor, "NGUOI_THUC_HIEN": "", "MA_BENH": self.codes,
            "NGAY_YL": moment(at), "NGAY_TH_YL": "", "NGAY_KQ": "", "MA_PTTT": self.paid_how, "MA_MAY": "",
        }  # fmt: skip
        self.content.services.append(Line(_supply_row(self.here.cdata), days, amount, amount, values))

    def _tell(self, test: Service, told: int) -> None:
        """Add what a test told; a value is more often in the middle of its range than at the ends."""
        common = {"MA_LK": self.episode, "MA_DICH_VU": test.code, "NGAY_KQ": moment(told), "MA_BS_DOC_KQ": self.doctor}
        for index in test.indices:
            value = _value(index, self.here.luck)
            self.content.results.append(
                common
                | {
                    "STT": str(len(self.content.results) + 1),
                    "MA_CHI_SO": index.code,
                    "TEN_CHI_SO": index.name,
                    "GIA_TRI": value,
                    "DON_VI_DO": index.unit,
                    "MO_TA": "",
                    "KET_LUAN": "",
                }
            )
            if len(self.content.summary) < 8:
                self.content.summary.append(f"{index.code} {value} {index.unit}".strip())
        if test.finding:
            said = {
                "MA_CHI_SO": "",
                "TEN_CHI_SO": test.name,
                "GIA_TRI": "",
                "DON_VI_DO": "",
                "MO_TA": test.finding,
                "KET_LUAN": test.finding,
            }
            self.content.results.append(common | said | {"STT": str(len(self.content.results) + 1)})
            self.content.summary.append(test.finding)

    def _medicines(self, care_kind: str, at: int) -> None:
        here = self.here
        in_house = care_kind in {IN_BED, COURSE}
        ordered = at + 20 if in_house else here.left - 6
        days = here.days if in_house else min(self.condition.days, BRIDGE_DAYS) if here.leaves else self.condition.days
        for number, one in enumerate(self.condition.medicines):
            if number > 1 and here.luck(100) < 30:
                continue
            quantity = one.whole or max(1, one.a_day * days)
            unit = one.unit.lower()
            amount = quantity * one.price * 100
            values = {
                "MA_LK": self.episode,
                "STT": str(len(self.content.medicines) + 1),
                "LIEU_DUNG": f"1 {unit}/lần * {one.a_day or 1} lần/ngày * {days} ngày [{one.a_day or 1} {unit}/ngày]",
                "SO_LUONG": str(quantity),
                "MA_KHOA": self.condition.department,
                "MA_BAC_SI": self.doctor,
                "NGAY_YL": moment(ordered),
                "NGAY_TH_YL": moment(ordered + 2),
                "MA_PTTT": self.paid_how,
            }
            line = Line(_medicine_row(one, here.cdata), quantity, amount, part(amount, one.ratio), values)
            self.content.medicines.append(line)

    def _progress(self) -> None:
        here = self.here
        for number in range(min(here.days, PROGRESS_MAX)):
            at = here.arrived + 30 if not number else (here.arrived // 1440 + number) * 1440 + 8 * 60 + here.luck(60)
            pressure = f"{105 + here.luck(45)}/{62 + here.luck(26)}"
            signs = f"M: {66 + here.luck(34)} l/p; HA: {pressure} mmHg; T: {36 + here.luck(26) / 10:.1f}; NT: {16 + here.luck(7)}"
            self.content.progress.append(
                {
                    "MA_LK": self.episode,
                    "STT": str(number + 1),
                    "DIEN_BIEN_LS": f"{signs}. {self.condition.course}",
                    "THOI_DIEM_DBLS": moment(min(at, here.left)),
                    "NGUOI_THUC_HIEN": self.doctor,
                }
            )


def _value(index: Index, luck: Callable[[int], int]) -> str:
    if index.decimals < 0:
        return "Dương tính" if index.high and luck(100) < 35 else "Âm tính"
    wide = index.high - index.low + 1
    value = index.low + (luck(wide) + luck(wide)) // 2
    if not index.decimals:
        return str(value)
    scale = 10**index.decimals
    return f"{value // scale}.{value % scale:0{index.decimals}d}"
