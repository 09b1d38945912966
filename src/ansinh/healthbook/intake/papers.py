"""Papers as they go into the book: those inside an encounter file, and those sent alone (Circulars 22/2025 and 25/2025/TT-BYT)."""

from __future__ import annotations

from datetime import datetime

from ansinh.healthbook.formats.package import Episode, Package, Row
from ansinh.healthbook.intake.entries import Entry, NewPaper, Said, first, numbers_of
from ansinh.healthbook.intake.moments import at, day
from ansinh.healthbook.states import PaperKind, Sensitive

# Table → kind, fields its number is taken from, fields its day of issue is taken from.
_IN_ENCOUNTER = {
    "XML7": (PaperKind.DISCHARGE, ("SO_LUU_TRU",), ("NGAY_CT", "NGAY_RA")),
    "XML8": (PaperKind.SUMMARY, (), ("NGAY_CT", "NGAY_RA")),
    "XML9": (PaperKind.BIRTH, ("SO",), ("NGAY_CT", "NGAY_SINH_CON")),
    "XML10": (PaperKind.PREGNANCY_LEAVE, ("SO_CT", "SO_SERI"), ("NGAY_CT", "TU_NGAY")),
    "XML11": (PaperKind.LEAVE, ("SO_CT", "SO_SERI"), ("NGAY_CT", "TU_NGAY")),
    "XML13": (PaperKind.REFERRAL, ("GIAY_CHUYEN_TUYEN", "SO_CHUYENTUYEN", "SO_HOSO"), ("NGAY_RA", "NGAY_VAO")),
    "XML14": (PaperKind.APPOINTMENT, ("SO_GIAYHEN_KL",), ("NGAY_CT", "NGAY_RA")),
}
_AS_ONE = {"XML6": PaperKind.HIV_RECORD, "XML15": PaperKind.TB_TREATMENT}
_ALONE = {
    "CT03": (PaperKind.DISCHARGE, ("MA_YTE", "SO_LUU_TRU"), ("NGAY_CHUNG_TU", "NGAY_RA")),
    "CT04": (PaperKind.SUMMARY, ("MA_CT", "SO_SERI"), ("NGAY_CT", "NGAY_RA")),
    "CT06": (PaperKind.PREGNANCY_LEAVE, ("MA_CT", "SO_SERI"), ("NGAY_CT", "NGAY_VAO")),
    "CT07": (PaperKind.LEAVE, ("MA_CT", "SO_SERI"), ("NGAY_CHUNG_TU", "TU_NGAY")),
    "GIAYDIEUTRINOITRU": (PaperKind.INPATIENT, ("MA_YTE", "MA_CT"), ("NGAY_CT", "NGAY_RA")),
    "GIAYDIEUTRIVOSINH": (PaperKind.INFERTILITY, ("MA_YTE", "MA_CT"), ("NGAY_CT", "NGAY_RA")),
    "GIAYSUCKHOEME": (PaperKind.MOTHER_HEALTH, ("MA_YTE", "MA_CT"), ("NGAY_CT", "NGAY_RA")),
    "GIAYBAOTU": (PaperKind.DEATH, ("MA_GBT", "SO_BAOTU"), ("NGAY_CAPGIAYBT", "NGAY_TV")),
    "GIAYCHUNGSINH": (PaperKind.BIRTH, ("MA_GCS", "MA_CT", "SO"), ("NGAY_CT", "NGAY_SINH_CON")),
    "XML12": (PaperKind.ASSESSMENT, ("SO_BIEN_BAN",), ("NGAY_CHUNG_TU", "NGAY_HOP")),
}
_REPRODUCTIVE = {PaperKind.INFERTILITY}


def papers_of_encounter(episode: Episode, sensitive: str | None) -> list[NewPaper]:
    """Return the papers an encounter file carries; they are as sensitive as its diagnoses."""
    found: list[NewPaper] = []
    for table, (kind, numbers, days) in _IN_ENCOUNTER.items():
        found += [_paper(kind, row, numbers, days, sensitive) for row in episode.rows(table)]
    for table, kind in _AS_ONE.items():
        rows = episode.rows(table)
        if rows:
            label = Sensitive.HIV.value if table == "XML6" else sensitive
            found.append(NewPaper(kind.value, None, "", {"rows": list(rows)}, label))
    return found


def papers_alone(package: Package, digest: bytes, received_at: datetime, *, signed: bool) -> list[Entry]:
    """Return each paper of a package as an entry of its own. One without a number of its own is named after the digest of its file."""
    entries: list[Entry] = []
    for episode in package.episodes:
        for table, rows in episode.tables.items():
            if table not in _ALONE:
                continue
            kind, numbers, days = _ALONE[table]
            for row in rows:
                label = Sensitive.REPRODUCTIVE.value if kind in _REPRODUCTIVE else None
                paper = _paper(kind, row, numbers, days, label)
                place = len(entries) + 1
                key = f"{kind.value}:{paper.number or f'{digest.hex()[:24]}/{place}'}"
                issued = at(paper.issued) or received_at
                entry = Entry(key, _said(kind, row), issued, issued.year, papers=[paper], number=place, signed=signed)
                entries.append(entry)
    return entries


def _paper(
    kind: PaperKind, row: Row, numbers: tuple[str, ...], days: tuple[str, ...], sensitive: str | None
) -> NewPaper:
    issued = next((row[name] for name in days if day(row.get(name)) is not None), "")
    return NewPaper(kind.value, first(row, numbers) or None, issued, row, sensitive)


def _said(kind: PaperKind, row: Row) -> Said:
    """A birth certificate is about the mother, or who brings the child up (NND); the child is known to nobody yet."""
    if kind is PaperKind.BIRTH:
        numbers = numbers_of(pin=row.get("SO_CCCD_NND"), cards=row.get("MA_THE_NND"), si_code=row.get("MA_BHXH_NND"))
        return Said(numbers, first(row, ("HOTEN_NND", "HO_TEN_NND")), row.get("NGAYSINH_NND", ""))
    pin = first(row, ("SO_CCCD", "SO_GIAYTO"))
    numbers = numbers_of(pin=pin, cards=first(row, ("MA_THE", "MA_THE_BHYT")), si_code=row.get("MA_BHXH"))
    return Said(numbers, row.get("HO_TEN", ""), row.get("NGAY_SINH", ""), row.get("GIOI_TINH", ""))
