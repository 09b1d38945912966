"""Papers that go with a visit: discharge, summary, birth, leave, referral and appointment, and the registers of HIV and tuberculosis (XML6 to XML15)."""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from ansinh_synthetic.visits.catalogue import conditions
from ansinh_synthetic.visits.choosing import DAY_MINUTES, Visit, appointment_number, referral_number
from ansinh_synthetic.visits.counter import card_number, iso_day, moment
from ansinh_synthetic.visits.lines import COURSE, EXAMINATION, IN_BED, Content
from ansinh_synthetic.visits.templates import HEAD, fields, item, path, table

Rows = list[tuple[str, str]]
_WORKING = frozenset(("DN", "HC", "CH", "NN", "HX", "XK"))
_ANTENATAL = "Z34.9"
HIV, TUBERCULOSIS = "B20", "A15.0"
LEAVE_DAYS_MAX = 30
_DOCTOR = "Bác sĩ điều trị"


@cache
def _template(code: str, names: tuple[str, ...]) -> str:
    return item(code, {}, set(names))


def _paper(code: str, values: dict[str, str]) -> tuple[str, str]:
    row = _template(code, tuple(values)) % values
    return (code, table(code, row) if len(path(code)) > 1 else HEAD + row)


def _from_summary(code: str, said: dict[str, str]) -> dict[str, str]:
    """Return what a paper repeats of the summary, under the same names."""
    return {name: said[name] for name in fields(code) if said.get(name)}


def tables_of(
    visit: Visit, row: dict[str, Any], said: dict[str, str], content: Content, who: tuple[str, list[str]]
) -> Rows:
    """Return the tables beyond the details that this visit needs; `who`: the doctor's licence and the codes of all houses."""
    doctor, codes = who
    condition, care_kind = conditions()[visit.condition], said["MA_LOAI_KCB"]
    day = iso_day(visit.left // DAY_MINUTES)
    common = {"MA_LK": said["MA_LK"], "MA_TTDV": said["MA_TTDV"], "NGAY_CT": day}
    found: Rows = []
    if condition.icd == HIV:
        found.append(_paper("XML6", _hiv(said, day, visit)))
    if care_kind == IN_BED:
        found.append(_paper("XML7", _discharge(visit, row, said, common, doctor)))
        found.append(_paper("XML8", _record_summary(said, common, content)))
    if visit.child is not None:
        found.append(_paper("XML9", _birth(visit, row, said, common)))
    if condition.icd == _ANTENATAL and row["object_code"] in _WORKING and visit.luck % 11 == 0:
        found.append(_paper("XML10", _pregnancy_leave(visit, row, said, common, doctor)))
    if condition.leave and care_kind in {EXAMINATION, COURSE} and row["object_code"] in _WORKING and visit.luck % 5 < 3:
        found.append(_paper("XML11", _leave(visit, row, said, common, doctor)))
    if visit.referred_to >= 0:
        found.append(_paper("XML13", _referral(visit, said, common, doctor, content)))
    if visit.again_on:
        slip = _from_summary("XML14", said) | common
        slip |= {
            "SO_GIAYHEN_KL": appointment_number(codes[visit.facility], visit.serial),
            "NGAY_HEN_KL": iso_day(visit.again_on),
            "MA_BAC_SI": doctor,
        }
        found.append(_paper("XML14", slip))
    if condition.icd == TUBERCULOSIS:
        found.append(_paper("XML15", _tuberculosis(said, day)))
    return found


def leave_days(visit: Visit) -> int:
    """Return how many days off a visit gives."""
    return max(1, min(LEAVE_DAYS_MAX, conditions()[visit.condition].leave + visit.luck % 3))


def _discharge(
    visit: Visit, row: dict[str, Any], said: dict[str, str], common: dict[str, str], doctor: str
) -> dict[str, str]:
    paper = _from_summary("XML7", said) | common
    paper |= {
        "SO_LUU_TRU": said["MA_HSBA"],
        "MA_YTE": said["MA_BN"],
        "MA_KHOA_RV": said["MA_KHOA"],
        "PP_DIEUTRI": said["PP_DIEU_TRI"],
        "MA_BS": doctor,
        "TEN_BS": _DOCTOR,
    }
    if conditions()[visit.condition].leave and row["object_code"] in _WORKING and not visit.died:
        first, days = visit.left // DAY_MINUTES, leave_days(visit)
        paper |= {
            "SO_NGAY_NGHI": str(days),
            "NGOAITRU_TUNGAY": iso_day(first),
            "NGOAITRU_DENNGAY": iso_day(first + days - 1),
        }
    return paper


def _record_summary(said: dict[str, str], common: dict[str, str], content: Content) -> dict[str, str]:
    results = "; ".join(content.summary) or "Không có xét nghiệm"
    return _from_summary("XML8", said) | common | {
        "QT_BENHLY": f"{said['LY_DO_VV']}. {content.progress[0]['DIEN_BIEN_LS'] if content.progress else ''}".strip(),
        "TOMTAT_KQ": results,
        "PP_DIEUTRI": said["PP_DIEU_TRI"],
    }  # fmt: skip


def _birth(visit: Visit, row: dict[str, Any], said: dict[str, str], common: dict[str, str]) -> dict[str, str]:
    child = visit.child
    if child is None:
        raise ValueError("a birth has a child")
    surgery = conditions()[visit.condition].icd == "O82"
    weight = 2_500 + visit.luck % 1_500
    return common | {
        "MA_BHXH_NND": row["si_code"],
        "MA_THE_NND": card_number(row),
        "HO_TEN_NND": said["HO_TEN"],
        "NGAYSINH_NND": said["NGAY_SINH"][:8],
        "MA_DANTOC_NND": said["MA_DANTOC"],
        "SO_CCCD_NND": row["pin"],
        "NGAYCAP_CCCD_NND": "20220615",
        "NOICAP_CCCD_NND": "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
        "NOI_CU_TRU_NND": said["DIA_CHI"],
        "MA_QUOCTICH": "000",
        "MATINH_CU_TRU": said["MATINH_CU_TRU"],
        "MAHUYEN_CU_TRU": said["MAHUYEN_CU_TRU"],
        "MAXA_CU_TRU": said["MAXA_CU_TRU"],
        "MA_THE_TAM": f"TE1{row['card_province']}{child.pin[-10:]}",
        "HO_TEN_CON": escape(child.name),
        "GIOI_TINH_CON": "1" if child.male else "2",
        "SO_CON": "1",
        "LAN_SINH": str(1 + visit.luck % 3),
        "SO_CON_SONG": str(1 + visit.luck % 3),
        "CAN_NANG_CON": str(weight),
        "NGAY_SINH_CON": moment(born_at(visit)),
        "NOI_SINH_CON": f"Cơ sở {said['MA_CSKCB']}",
        "TINH_TRANG_CON": "Khóc ngay, hồng hào",
        "SINHCON_PHAUTHUAT": "1" if surgery else "0",
        "SINHCON_DUOI32TUAN": "0",
        "GHI_CHU": "Sinh con phải phẫu thuật" if surgery else "Sinh thường",
        "NGUOI_DO_DE": "Hộ sinh trực",
        "NGUOI_GHI_PHIEU": "Hộ sinh trực",
        "SO": f"{visit.serial:06d}",
        "QUYEN_SO": "01/2025",
    }


def born_at(visit: Visit) -> int:
    """Return the minute of a birth: within hours of the mother's arrival, on the child's own day."""
    if visit.child is None:
        raise ValueError("a birth has a child")
    return min(visit.arrived + 90 + visit.luck % 600, visit.child.born * DAY_MINUTES + DAY_MINUTES - 1)


def _pregnancy_leave(
    visit: Visit, row: dict[str, Any], said: dict[str, str], common: dict[str, str], doctor: str
) -> dict[str, str]:
    first, days = visit.left // DAY_MINUTES, 7 + visit.luck % 20
    return common | {
        "SO_SERI": f"DT{visit.serial:09d}",
        "SO_CT": f"{visit.serial}/DT",
        "SO_NGAY": str(days),
        "DON_VI": escape(row["employer"] or "Đơn vị của người lao động"),
        "CHAN_DOAN_RV": said["CHAN_DOAN_RV"],
        "TU_NGAY": iso_day(first),
        "DEN_NGAY": iso_day(first + days),
        "TEN_BS": _DOCTOR,
        "MA_BS": doctor,
    }


def _leave(
    visit: Visit, row: dict[str, Any], said: dict[str, str], common: dict[str, str], doctor: str
) -> dict[str, str]:
    first, days = visit.left // DAY_MINUTES, leave_days(visit)
    return common | {
        "SO_CT": f"{visit.serial}/NV",
        "SO_SERI": f"NV{visit.serial:09d}",
        "SO_KCB": said["MA_HSBA"],
        "DON_VI": escape(row["employer"] or "Đơn vị của người lao động"),
        "MA_BHXH": row["si_code"],
        "MA_THE_BHYT": said["MA_THE_BHYT"],
        "CHAN_DOAN_RV": said["CHAN_DOAN_RV"],
        "PP_DIEUTRI": said["PP_DIEU_TRI"],
        "SO_NGAY_NGHI": str(days),
        "TU_NGAY": iso_day(first),
        "DEN_NGAY": iso_day(first + days - 1),
        "MA_BS": doctor,
        "MAU_SO": "CT07",
    }


def _referral(
    visit: Visit, said: dict[str, str], common: dict[str, str], doctor: str, content: Content
) -> dict[str, str]:
    return _from_summary("XML13", said) | {"MA_LK": common["MA_LK"], "MA_TTDV": common["MA_TTDV"]} | {
        "SO_HOSO": said["MA_HSBA"],
        "SO_CHUYENTUYEN": f"{visit.serial:08d}",
        "GIAY_CHUYEN_TUYEN": referral_number(said["MA_CSKCB"], visit.serial),
        "DAU_HIEU_LS": conditions()[visit.condition].course,
        "QT_BENHLY": said["LY_DO_VV"],
        "TOMTAT_KQ": "; ".join(content.summary) or "Không có xét nghiệm",
        "PP_DIEUTRI": said["PP_DIEU_TRI"],
        "TEN_DICH_VU": "Khám bệnh, xét nghiệm",
        "MA_LYDO_CT": "1",
        "HUONG_DIEU_TRI": "Chuyển tuyến trên điều trị",
        "PHUONGTIEN_VC": "Tự túc",
        "MA_BAC_SI": doctor,
    }  # fmt: skip


def _hiv(said: dict[str, str], day: str, visit: Visit) -> dict[str, str]:
    began = visit.arrived // DAY_MINUTES
    facility = said["MA_CSKCB"]
    return _from_summary("XML6", said) | {
        "NGAYKD_HIV": "20180301",
        "NOI_LAY_MAU_XN": facility,
        "NOI_XN_KD": facility,
        "NOI_BDDT_ARV": facility,
        "BDDT_ARV": "20180402",
        "MA_LYDO_DTRI": "3",
        "LOAI_DTRI_LAO": "0",
        "SANG_LOC_LAO": "2",
        "KQ_DTRI_LAO": "7",
        "MA_LOAI_BN": "1",
        "GIAI_DOAN_LAM_SANG": "1",
        "NHOM_DOI_TUONG": "11",
        "MA_TINH_TRANG_DK": "9",
        "MA_XU_TRI": "1",
        "NGAY_BAT_DAU_XU_TRI": iso_day(began),
        "NGAY_KET_THUC_XU_TRI": iso_day(began + 28),
        "MA_PHAC_DO_DIEU_TRI": "TDF+3TC+DTG",
        "SO_NGAY_CAP_THUOC_ARV": "28",
        "NGAY_CHUYEN_PHAC_DO": "20220110",
        "LY_DO_CHUYEN_PHAC_DO": "4",
    }  # fmt: skip


def _tuberculosis(said: dict[str, str], day: str) -> dict[str, str]:
    return _from_summary("XML15", said) | {
        "STT": "1",
        "PHANLOAI_LAO_VITRI": "1",
        "PHANLOAI_LAO_TS": "1",
        "PHANLOAI_LAO_HIV": "2",
        "PHANLOAI_LAO_VK": "1",
        "PHANLOAI_LAO_KT": "1",
        "LOAI_DTRI_LAO": "2",
        "NGAYBD_DTRI_LAO": f"{day[:4]}0102",
        "PHACDO_DTRI_LAO": "1",
        "KET_QUA_DTRI_LAO": "6",
        "BDDT_ARV": f"{day[:4]}0102",
        "NGAY_BAT_DAU_DT_CTX": f"{day[:4]}0102",
    }  # fmt: skip
