"""From a visit of the calendar to the bytes a hospital sends: the summary, its tables and papers, in the envelope."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from random import Random
from typing import Any

from ansinh_synthetic.facilities import Facilities
from ansinh_synthetic.visits import papers
from ansinh_synthetic.visits.billing import Bill, money, share
from ansinh_synthetic.visits.catalogue import Condition, conditions
from ansinh_synthetic.visits.choosing import DAY_MINUTES, Visit
from ansinh_synthetic.visits.counter import card_number, identify, iso_day, moment
from ansinh_synthetic.visits.lines import (
    COURSE,
    EXAMINATION,
    IN_BED,
    LONG_TERM,
    PROGRAMME_PAYS,
    Composer,
    Content,
    Setting,
)
from ansinh_synthetic.visits.sending import Truth
from ansinh_synthetic.visits.staff import head
from ansinh_synthetic.visits.templates import HEAD, fields, item, table

CARE_KINDS = {"acute": EXAMINATION, "chronic": LONG_TERM, "course": COURSE, "stay": IN_BED, "birth": IN_BED}
_CURED, _BETTER, _SAME, _DIED = "1", "2", "3", "5"
_ENVELOPE = (
    HEAD
    + "<GIAMDINHHS><THONGTINDONVI><MACSKCB>%s</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>%s</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO>"
    "<DANHSACHHOSO><HOSO>%s</HOSO></DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>"
)
_FILE = "<FILEHOSO><LOAIHOSO>%s</LOAIHOSO><NOIDUNGFILE>%s</NOIDUNGFILE></FILEHOSO>"


def envelope(facility: str, made_on: str, tables: list[tuple[str, str]]) -> bytes:
    """Return the file of one visit: each table as base64 inside the agency's envelope."""
    files = "".join([_FILE % (code, b64encode(text.encode()).decode("ascii")) for code, text in tables])
    return (_ENVELOPE % (facility, made_on, files)).encode()


@cache
def _summary_row(cdata: bool) -> str:
    fixed = {"MA_QUOCTICH": "000", "STT": "1"}
    empty = {"NGAY_MIEN_CCT", "MA_LY_DO_VNT", "MA_BENH_YHCT", "MA_TAI_NAN", "DU_PHONG", "CAN_NANG_CON", *fixed}
    said = set(fields("XML1")) - empty
    return item("XML1", fixed, said, cdata=cdata)


@cache
def _row(code: str, cdata: bool, *said: str) -> str:
    return item(code, {}, set(said), cdata=cdata)


_RESULT = (
    "MA_LK",
    "STT",
    "MA_DICH_VU",
    "MA_CHI_SO",
    "TEN_CHI_SO",
    "GIA_TRI",
    "DON_VI_DO",
    "MO_TA",
    "KET_LUAN",
    "NGAY_KQ",
    "MA_BS_DOC_KQ",
)
_PROGRESS = ("MA_LK", "STT", "DIEN_BIEN_LS", "THOI_DIEM_DBLS", "NGUOI_THUC_HIEN")


def episode_of(facility: str, visit: Visit) -> str:
    """Return the key of a visit at its house (MA_LK)."""
    return f"{facility}.{iso_day(visit.arrived // DAY_MINUTES)[2:]}.{visit.serial:09d}"


def care_days(care_kind: str, visit: Visit, condition: Condition) -> int:
    """Return the number of days as the ministry counts them by form of care."""
    if care_kind == EXAMINATION:
        return 0
    if care_kind == LONG_TERM:
        return condition.days
    return visit.left // DAY_MINUTES - visit.arrived // DAY_MINUTES + 1


class Renderer:
    """Writes visits of one nation."""

    def __init__(self, facilities: Facilities) -> None:
        self.facilities = facilities
        self.codes = facilities.codes
        self.levels = facilities.level.tolist()
        self.weights = facilities.weight.tolist()

    def encounter(self, visit: Visit, row: dict[str, Any], band: int) -> tuple[bytes, Truth]:
        """Return the file of a visit and what is true of it; the same visit and person, the same bytes."""
        condition, code = conditions()[visit.condition], self.codes[visit.facility]
        care_kind = CARE_KINDS[condition.kind]
        bits = Random(visit.luck).getrandbits
        episode = episode_of(code, visit)
        cdata = visit.facility % 2 == 0
        days = care_days(care_kind, visit, condition)
        here = Setting(
            visit.facility, self.levels[visit.facility], self.weights[visit.facility], cdata, visit.arrived, visit.left, days,
            lambda top: bits(32) % top, visit.referred_to >= 0
        )  # fmt: skip
        also = list(condition.also[: 1 + here.luck(2)]) if condition.also and here.luck(100) < 70 else []
        composer = Composer(here, condition, episode, ";".join([condition.icd, *also]))
        content = composer.compose(care_kind)
        card = card_number(row)
        bill = _settle(content, card, visit.category, condition, in_bed=care_kind == IN_BED)
        said = self._summary(visit, row, band, condition, care_kind, content, bill)
        said |= {"MA_LK": episode, "MA_BENH_KT": ";".join(also), "SO_NGAY_DTRI": str(days)}
        tables = [("XML1", HEAD + _summary_row(cdata) % said)]
        tables += _detail_tables(content, cdata)
        tables += papers.tables_of(visit, row, said, content, (composer.doctor, self.codes))
        truth = Truth(
            int(row["record_no"]), row["pin"], episode, code, moment(visit.arrived), moment(visit.left), condition.icd, care_kind, visit.category,
            len(content.medicines), len(content.services), len(content.results), bill.hospital, bill.fund, _marks(visit),
        )  # fmt: skip
        return envelope(code, iso_day(visit.left // DAY_MINUTES), tables), truth

    def brief(self, visit: Visit, row: dict[str, Any]) -> Truth:
        """Return what is true of a sending that carries no details of the visit."""
        condition, code = conditions()[visit.condition], self.codes[visit.facility]
        return Truth(
            int(row["record_no"]), row["pin"], episode_of(code, visit), code, moment(visit.arrived), moment(visit.left), condition.icd,
            CARE_KINDS[condition.kind], visit.category, 0, 0, 0, 0, 0, _marks(visit),
        )  # fmt: skip

    def check_in(self, visit: Visit, row: dict[str, Any], band: int) -> bytes:
        """Return the check-in that goes out when the first service is ordered (XML0)."""
        condition, code = conditions()[visit.condition], self.codes[visit.facility]
        who = identify(row, band, visit.luck, moment(visit.arrived))
        said = {name: who[name] for name in _CHECK_IN_WHO}
        in_bed = CARE_KINDS[condition.kind] in {IN_BED, COURSE}
        said |= {
            "MA_LK": episode_of(code, visit),
            "MA_DOITUONG_KCB": visit.category,
            "NGAY_VAO": moment(visit.arrived),
            "NGAY_VAO_NOI_TRU": moment(visit.arrived + 20) if in_bed else "",
            "LY_DO_VNT": condition.reason if in_bed else "",
            "MA_LOAI_KCB": CARE_KINDS[condition.kind],
            "MA_CSKCB": code,
            "NGAY_YL": moment(visit.arrived + 3),
        }
        inside = _check_in_row() % said
        around = "<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB>%s</DSACH_TRANG_THAI_KCB><CHUKYDONVI/></CHI_TIEU_TRANG_THAI_KCB>"
        return (HEAD + around % inside).encode()

    def _summary(
        self,
        visit: Visit,
        row: dict[str, Any],
        band: int,
        condition: Condition,
        care_kind: str,
        content: Content,
        bill: Bill,
    ) -> dict[str, str]:
        code = self.codes[visit.facility]
        in_bed = care_kind in {IN_BED, COURSE}
        discharged = moment(visit.left)
        result = (
            _DIED
            if visit.died
            else _SAME
            if visit.referred_to >= 0
            else _BETTER
            if condition.kind != "acute"
            else _CURED
        )
        return identify(row, band, visit.luck, discharged) | {
            "LY_DO_VV": condition.reason,
            "LY_DO_VNT": condition.reason if in_bed else "",
            "CHAN_DOAN_VAO": condition.name,
            "CHAN_DOAN_RV": f"{condition.icd} - {condition.name}",
            "MA_BENH_CHINH": condition.icd,
            "MA_PTTT_QT": ";".join(content.procedures),
            "MA_DOITUONG_KCB": visit.category,
            "MA_NOI_DI": self.codes[visit.referred_from] if visit.referred_from >= 0 else "",
            "MA_NOI_DEN": self.codes[visit.referred_to] if visit.referred_to >= 0 else "",
            "NGAY_VAO": moment(visit.arrived),
            "NGAY_VAO_NOI_TRU": moment(visit.arrived + 20) if in_bed else "",
            "NGAY_RA": discharged,
            "GIAY_CHUYEN_TUYEN": visit.paper,
            "PP_DIEU_TRI": "Phẫu thuật, điều trị nội khoa"
            if content.procedures and care_kind == IN_BED
            else "Điều trị nội khoa",
            "KET_QUA_DTRI": result,
            "MA_LOAI_RV": "2" if visit.referred_to >= 0 else "1",
            "GHI_CHU": "Uống thuốc theo đơn, tái khám khi có dấu hiệu bất thường",
            "NGAY_TTOAN": discharged,
            "T_THUOC": money(bill.drugs),
            "T_VTYT": money(bill.supplies),
            "T_TONGCHI_BV": money(bill.hospital),
            "T_TONGCHI_BH": money(bill.insured),
            "T_BNTT": money(bill.own),
            "T_BNCCT": money(bill.co_payment),
            "T_BHTT": money(bill.fund),
            "T_NGUONKHAC": money(bill.others),
            "T_BHTT_GDV": money(bill.fund if content.services[0].values["MA_PTTT"] == "1" else 0),
            "NAM_QT": discharged[:4],
            "THANG_QT": str(int(discharged[4:6])),
            "MA_LOAI_KCB": care_kind,
            "MA_KHOA": condition.department,
            "MA_CSKCB": code,
            "NGAY_TAI_KHAM": iso_day(visit.again_on) if visit.again_on else "",
            "MA_HSBA": f"{discharged[2:4]}.{visit.serial:08d}",
            "MA_TTDV": head(visit.facility),
        }


_CHECK_IN_WHO = (
    "MA_BN", "HO_TEN", "SO_CCCD", "NGAY_SINH", "GIOI_TINH", "MA_THE_BHYT", "MA_DKBD", "GT_THE_TU", "GT_THE_DEN",
)  # fmt: skip


@cache
def _check_in_row() -> str:
    fixed = {"STT": "1", "MA_DICH_VU": "02.1897", "TEN_DICH_VU": "Khám Nội"}
    said = {
        *_CHECK_IN_WHO,
        "MA_LK",
        "MA_DOITUONG_KCB",
        "NGAY_VAO",
        "NGAY_VAO_NOI_TRU",
        "LY_DO_VNT",
        "MA_LOAI_KCB",
        "MA_CSKCB",
        "NGAY_YL",
    }
    return item("XML0", fixed, said)


def _settle(content: Content, card: str, category: str, condition: Condition, *, in_bed: bool) -> Bill:
    """Share every line out between fund, patient and other sources, and add up."""
    insured = sum(line.insured for line in (*content.medicines, *content.services))
    per_cent = share(card, category, in_bed=in_bed, insured=insured)
    programme = condition.icd in PROGRAMME_PAYS
    bill = Bill()
    for line in content.medicines:
        bill.settle(line, per_cent, others_pay=programme)
        bill.drugs += line.hospital
    for line in content.services:
        bill.settle(line, per_cent, others_pay=programme)
        if not line.values["NGUOI_THUC_HIEN"]:
            bill.supplies += line.hospital
    return bill


def _detail_tables(content: Content, cdata: bool) -> list[tuple[str, str]]:
    found = []
    if content.medicines:
        found.append(("XML2", table("XML2", "".join([line.template % line.values for line in content.medicines]))))
    found.append(("XML3", table("XML3", "".join([line.template % line.values for line in content.services]))))
    if content.results:
        row = _row("XML4", cdata, *_RESULT)
        found.append(("XML4", table("XML4", "".join([row % one for one in content.results]))))
    if content.progress:
        row = _row("XML5", cdata, *_PROGRESS)
        found.append(("XML5", table("XML5", "".join([row % one for one in content.progress]))))
    return found


def _marks(visit: Visit) -> str:
    marks = [
        *(["referred"] if visit.referred_to >= 0 else []),
        *(["referral"] if visit.referred_from >= 0 else []),
        *(["appointment"] if visit.again_on else []),
        *(["born"] if visit.child else []),
        *(["died"] if visit.died else []),
        *([visit.marks] if visit.marks else []),
    ]
    return ",".join(marks)
