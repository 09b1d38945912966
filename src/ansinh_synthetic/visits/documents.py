"""Electronic documents that go on their own: discharge or leave papers in a package, death notices, birth certificates.

Circulars 22/2025 and 25/2025 of the ministry.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from ansinh_synthetic.visits.catalogue import conditions
from ansinh_synthetic.visits.choosing import DAY_MINUTES, Visit
from ansinh_synthetic.visits.counter import card_number, iso_day, moment
from ansinh_synthetic.visits.papers import born_at, leave_days
from ansinh_synthetic.visits.rendering import episode_of
from ansinh_synthetic.visits.staff import head
from ansinh_synthetic.visits.templates import HEAD, item

_PACKAGE = (
    HEAD
    + '<HSCHUNGTU><THONGTINDONVI><MACSKCB>%s</MACSKCB></THONGTINDONVI><THONGTINHOSO Id="HS1"><NGAYLAP>%s</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO>'
    "<DANHSACHHOSO><HOSO><FILEHOSO><LOAIHOSO>%s</LOAIHOSO><NOIDUNGFILE>%s</NOIDUNGFILE></FILEHOSO></HOSO></DANHSACHHOSO></THONGTINHOSO>"
    "<CHUKYDONVI/></HSCHUNGTU>"
)
_PLACE = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"


@cache
def _template(code: str, names: tuple[str, ...]) -> str:
    return item(code, {}, set(names))


def _fill(code: str, values: dict[str, str]) -> str:
    return _template(code, tuple(values)) % values


def _who(row: dict[str, Any]) -> dict[str, str]:
    born = f"{row['birth_year']}{row['birth_month'] or 0:02d}{row['birth_day'] or 0:02d}"
    return {
        "MA_BHXH": row["si_code"],
        "MA_THE": card_number(row),
        "HO_TEN": escape(row["full_name"]),
        "NGAY_SINH": born,
    }


def paper(visit: Visit, row: dict[str, Any], facility: str, *, in_bed: bool) -> bytes:
    """Return the package with the discharge paper (CT03) of a stay, or with the leave paper (CT07) of another visit."""
    condition, day = conditions()[visit.condition], iso_day(visit.left // DAY_MINUTES)
    diagnosis = {"BENHICD10_ID": condition.icd, "TENBENHNICD10": condition.name}
    if in_bed:
        code, values = "CT03", _who(row) | diagnosis | {
            "SO_LUU_TRU": f"{day[2:4]}.{visit.serial:08d}",
            "MA_YTE": episode_of(facility, visit),
            "MA_KHOA": condition.department,
            "GIOI_TINH": "1" if row["sex"] == "M" else "2",
            "NGHE_NGHIEP": "Lao động",
            "DIA_CHI": f"{row['commune']}, {row['province']}",
            "NGAY_VAO": moment(visit.arrived),
            "NGAY_RA": moment(visit.left),
            "CHAN_DOAN": condition.name,
            "PP_DIEUTRI": "Điều trị nội khoa",
            "THU_TRUONG_DVI": "Giám đốc",
            "MA_CCHN_TRUONGKHOA": head(visit.facility),
            "TEN_TRUONGKHOA": "Trưởng khoa",
            "NGAY_CHUNG_TU": day,
            "LOAI_GIAYTO": "1",
            "SO_CCCD": row["pin"],
        }  # fmt: skip
    else:
        first, days = visit.left // DAY_MINUTES, leave_days(visit)
        code, values = "CT07", _who(row) | {
            "MA_CT": f"NV{visit.serial:09d}",
            "MAU_SO": "CT07",
            "SO_SERI": f"NV{visit.serial:09d}",
            "SO_KCB": f"{day[2:4]}.{visit.serial:08d}",
            "GIOI_TINH": "1" if row["sex"] == "M" else "2",
            "DON_VI": escape(row["employer"] or "Đơn vị của người lao động"),
            "CHANDOAN_DIEUTRI": condition.name,
            "TU_NGAY": iso_day(first),
            "DEN_NGAY": iso_day(first + days - 1),
            "MA_CCHN": head(visit.facility),
            "TEN_NGUOI_HANH_NGHE": "Bác sĩ điều trị",
            "NGAY_CHUNG_TU": day,
            "TEKT": "0",
            "LOAI_GIAYTO": "1",
            "SO_CCCD": row["pin"],
            "BENH_ICD10_ID": condition.icd,
            "BENH_ICD10_TEN": condition.name,
        }  # fmt: skip
    inside = b64encode((HEAD + _fill(code, values)).encode()).decode("ascii")
    return (_PACKAGE % (facility, day, code, inside)).encode()


def death_notice(visit: Visit, row: dict[str, Any], facility: str) -> bytes:
    """Return the notice of a death in hospital (GIAYBAOTU)."""
    condition, day = conditions()[visit.condition], iso_day(visit.left // DAY_MINUTES)
    values = _who(row) | {
        "MA_GBT": f"{facility}.GBT.{visit.serial:09d}",
        "MA_BN": f"{int(row['record_no']):010d}",
        "MA_HSBA": f"{day[2:4]}.{visit.serial:08d}",
        "GIOI_TINH": "1" if row["sex"] == "M" else "2",
        "MATINH_THUONGTRU": row["province"],
        "MAXA_THUONGTRU": row["commune"],
        "LOAI_GIAYTO": "1",
        "SO_GIAYTO": row["pin"],
        "NOI_CAP": _PLACE,
        "NGAYGIO_VV": moment(visit.arrived),
        "NGAY_TV": moment(visit.left),
        "TINH_TRANG_TV": "Tử vong tại cơ sở khám bệnh, chữa bệnh",
        "NGUYENNHAN_TV": condition.name,
        "NGUOI_GHIGIAY": "Bác sĩ điều trị",
        "TTRUONG_DVI": "Giám đốc",
        "SO_BAOTU": f"{visit.serial}",
        "QUYEN_SO": "01/2025",
        "NGAY_CAPGIAYBT": day,
        "MACSKCB": facility,
        "BENH_ICD10_ID": condition.icd,
        "BENH_ICD10_TEN": condition.name,
    }  # fmt: skip
    return _alone("HSDLGBT", "GIAYBAOTU", values)


def birth_certificate(visit: Visit, row: dict[str, Any], facility: str) -> bytes:
    """Return the certificate of a birth in hospital (GIAYCHUNGSINH)."""
    child = visit.child
    if child is None:
        raise ValueError("a birth has a child")
    who = _who(row)
    surgery = conditions()[visit.condition].icd == "O82"
    values = {
        "MA_GCS": f"{facility}.GCS.{visit.serial:09d}",
        "MA_BN": f"{int(row['record_no']):010d}",
        "MA_BHXH_NND": who["MA_BHXH"],
        "MA_THE_NND": who["MA_THE"],
        "HOTEN_NND": who["HO_TEN"],
        "NGAYSINH_NND": who["NGAY_SINH"],
        "LOAI_GIAYTO_NND": "1",
        "SO_CCCD_NND": row["pin"],
        "NOICAP_CCCD_NND": _PLACE,
        "MATINH_CU_TRU": row["province"],
        "MAXA_CU_TRU": row["commune"],
        "TEN_CON": escape(child.name),
        "GIOI_TINH_CON": "1" if child.male else "2",
        "SO_CON": "1",
        "LAN_SINH": str(1 + visit.luck % 3),
        "SO_CON_SONG": str(1 + visit.luck % 3),
        "CAN_NANG_CON": str(2_500 + visit.luck % 1_500),
        "NGAY_SINH_CON": f"{moment(born_at(visit))}00",
        "NOI_SINH_CON": f"Cơ sở {facility}",
        "TINH_TRANG_CON": "Khóc ngay, hồng hào",
        "SINHCON_PHAUTHUAT": "1" if surgery else "0",
        "SINHCON_DUOI32TUAN": "0",
        "NGUOI_DO_DE": "Hộ sinh trực",
        "NGUOI_GHI_PHIEU": "Hộ sinh trực",
        "MA_TTDV": head(visit.facility),
        "NGAY_CT": iso_day(visit.left // DAY_MINUTES),
        "SO": f"{visit.serial:06d}",
        "QUYEN_SO": "01/2025",
        "CAP_LAN_DAU": "1",
    }
    return _alone("HSDLGCS", "GIAYCHUNGSINH", values)


def _alone(root: str, code: str, values: dict[str, str]) -> bytes:
    inside = _fill(code, values).replace(f"<{code}>", f'<{code} Id="{values.get("MA_GBT") or values["MA_GCS"]}">', 1)
    return f"{HEAD}<{root}>{inside}<CHUKYDONVI/></{root}>".encode()
