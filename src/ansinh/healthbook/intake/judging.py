"""Bytes to entries: read, judge, and sort what a submission holds. Pure but for the facilities known; a file it cannot bear is parked, never the chunk."""

from __future__ import annotations

import json
from collections.abc import Container

from ansinh.foundation.clock import legal_day
from ansinh.healthbook.formats.bundle_reading import read_bundle
from ansinh.healthbook.formats.course import FIRST_YEAR
from ansinh.healthbook.formats.line_errors import LineError
from ansinh.healthbook.formats.package import Known, Package
from ansinh.healthbook.formats.reading import read_package
from ansinh.healthbook.formats.signatures import prove
from ansinh.healthbook.formats.validating import validate
from ansinh.healthbook.intake.encounters import checkin, encounter
from ansinh.healthbook.intake.entries import Entry, Submitted
from ansinh.healthbook.intake.papers import papers_alone
from ansinh.healthbook.intake.signers import NOBODY, Signers
from ansinh.healthbook.states import ENCOUNTERS, SubmissionKind, SubmissionState

ERRORS_TOLD_MAX = 200
SIGNED = {SubmissionKind.PAPERS, SubmissionKind.DEATH_NOTICE, SubmissionKind.BIRTH_CERTIFICATE}


def judge(submitted: Submitted, raw: bytes, facilities: Container[str] | None, signers: Signers = NOBODY) -> None:
    """Fill in entries and errors; a submission with an error that rejects has no entries."""
    kind = SubmissionKind(submitted.kind)
    if kind is SubmissionKind.WITHDRAWAL:
        submitted.withdraws = submitted.episode = str(json.loads(raw)["episode"])
        return
    received_on = legal_day(submitted.received_at)
    package, errors = _validated(kind, raw, Known(submitted.facility, facilities, f"{received_on:%Y%m%d}"))
    # Papers sent alone are signed; the proof is over these very bytes. Without a registered certificate it is told, not refused.
    proof: list[LineError] = []
    if kind in SIGNED and package.readable:
        at = submitted.received_at
        proof = prove(raw, signers.in_force(at), at, signers.withdrawn(at))
    errors += proof
    submitted.errors = [_told(error) for error in errors[:ERRORS_TOLD_MAX]]
    if package.episodes:
        submitted.episode = package.episodes[0].key or None
    if any(error.rejects for error in errors):
        submitted.state = SubmissionState.REJECTED
        return
    found: list[Entry | None]
    if kind in ENCOUNTERS:
        found = [encounter(episode) for episode in package.episodes]
    elif kind is SubmissionKind.CHECK_IN:
        found = [checkin(episode) for episode in package.episodes]
    else:
        found = [
            *papers_alone(package, submitted.sha256, submitted.received_at, signed=package.signature and not proof)
        ]
    submitted.entries = [entry for entry in found if entry is not None]
    if any(not int(FIRST_YEAR) <= entry.year <= received_on.year + 1 for entry in submitted.entries):
        # Validation tells each moment in its field; this stands guard over papers dated by another day.
        submitted.entries, submitted.state = [], SubmissionState.REJECTED
        submitted.errors.append(refusal("no_such_time"))
        return
    for number, entry in enumerate(submitted.entries, start=1):
        entry.number = number
    if submitted.entries and submitted.episode is None:
        submitted.episode = submitted.entries[0].episode
    if not submitted.entries:
        # Validation tells a missing summary or moment; this stands guard over what it may come to forgive.
        submitted.errors.append(refusal("nothing_usable"))


def _validated(kind: SubmissionKind, raw: bytes, known: Known) -> tuple[Package, list[LineError]]:
    """Read and judge: a bundle by the same rules as tables, its errors told where they stand in the bundle."""
    if kind is SubmissionKind.BUNDLE:
        bundled = read_bundle(raw)
        return bundled.package, bundled.origins.told(validate(bundled.package, known))
    package = read_package(raw, kind)
    return package, validate(package, known)


def refusal(code: str, **values: str) -> dict[str, str | int]:
    """Return an error of the submission as a whole, as receipts carry it."""
    vi, en = _SENTENCES[code]
    return {
        "episode": 1,
        "table": "",
        "row": 0,
        "field": "",
        "code": code,
        "severity": "reject",
        "vi": vi.format_map(values),
        "en": en.format_map(values),
    }


_SENTENCES = {
    "nothing_usable": (
        "Tệp không có lượt khám hay giấy tờ nào dùng được. Kiểm tra các bảng trong tệp rồi gửi lại.",
        "The file holds no visit and no paper that can be used. Check its tables and send it again.",
    ),
    "no_such_time": (
        "Ngày của hồ sơ hay giấy tờ không nằm trong thời gian sổ sức khỏe nhận. Kiểm tra các ngày trong tệp rồi gửi lại.",
        "The day of a visit or paper is not within the time the health book takes in. Check the days in the file and send it again.",
    ),
    "unknown_episode": (
        "Cơ sở chưa gửi lượt khám nào với mã này. Kiểm tra mã lượt khám (MA_LK).",
        "The facility has submitted no visit of this number. Check MA_LK.",
    ),
    "dismissed": (
        "Cơ quan BHXH không xác định được người bệnh. Kiểm tra họ tên, ngày sinh và số định danh rồi gửi lại.",
        "The agency could not find out who the patient is. Check name, birth date and numbers, and send it again.",
    ),
}


def _told(error: LineError) -> dict[str, str | int]:
    return error.plain()
