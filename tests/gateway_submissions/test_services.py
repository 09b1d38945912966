"""The services hospitals' software calls: what they take, how they answer, what they refuse, and that the same bytes are kept once."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import zstandard

from tests.dialect.counter import FACILITY, OTHER_FACILITY
from tests.gateway_submissions.door import (
    ASSESSMENT,
    CHECK_IN,
    ENCOUNTER,
    OLD,
    OLD_ERRORS,
    OLD_ZIP,
    PAPERS,
    SINGLE,
    Door,
    checkin,
    digest,
    encounter,
)


def test_submit_encounter_is_kept_as_it_came(door: Door) -> None:
    content = encounter()
    told = door.send(content)
    assert set(told) == {"maKetQua", "maGiaoDich", "thoiGianTiepNhan", "thongDiep"}
    assert told["maKetQua"] == "200"
    assert told["thoiGianTiepNhan"].startswith("20250603")
    assert len(told["thoiGianTiepNhan"]) == 14
    assert told["maGiaoDich"].startswith(f"HS_KCB{FACILITY}_")
    ((kind, state, size, sha256, packed),) = door.kept(told["maGiaoDich"])
    assert (kind, state, size, sha256) == (3176, "received", len(content), digest(content))
    assert zstandard.ZstdDecompressor().decompress(packed) == content


@pytest.mark.parametrize("form", ["form", "json", "broken lines", "plus left as it is"])
def test_submit_in_the_ways_software_writes_it(door: Door, form: str) -> None:
    content = encounter(inner="+/+/" + "A" * 2_000)
    fields = door.fields(content)
    if form == "json":
        answer = door.http.post(f"{door.gateway.base}{ENCOUNTER}", json=fields, headers=door.credentials())
    elif form == "plus left as it is":
        body = "&".join(f"{name}={value}" for name, value in fields.items())
        answer = door.http.post(f"{door.gateway.base}{ENCOUNTER}", content=body, headers=door.credentials())
    else:
        if form == "broken lines":
            fields["fileHSBase64"] = base64.encodebytes(content).decode().replace("\n", "\r\n")
        answer = door.http.post(f"{door.gateway.base}{ENCOUNTER}", data=fields, headers=door.credentials())
    told = answer.json()
    assert told["maKetQua"] == "200", told
    assert door.kept(told["maGiaoDich"])[0][3] == digest(content)


def test_eight_parallel_identical_submissions_are_one_record(door: Door) -> None:
    content = encounter()
    door.credentials()
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: door.send(content), range(8)))
    assert {one["maKetQua"] for one in told} == {"200"}
    (receipt,) = {one["maGiaoDich"] for one in told}
    assert len({one["thoiGianTiepNhan"] for one in told}) == 1
    assert len(door.kept(receipt)) == 1
    assert door.rows("SELECT count(*) FROM healthbook_submission WHERE sha256 = %s", digest(content)) == [(1,)]


def test_same_bytes_of_another_kind_are_another_submission(door: Door) -> None:
    content = encounter()
    first, second = door.send(content), door.send(content, "/api/qd130/guiHoSoXmlQD130")
    assert first["maGiaoDich"] != second["maGiaoDich"]


@pytest.mark.parametrize("path", ["/api/qd130/checkInKcbQd130", CHECK_IN, "/api/qd130/checkInKcbQd3176"])
def test_check_in_is_taken(door: Door, path: str) -> None:
    told = door.send(checkin(), path, loaiHoSo="0")
    assert told["maKetQua"] == "200"
    assert door.kept(told["maGiaoDich"])[0][0] == 0


def test_assessment_is_taken(door: Door) -> None:
    content = b"<CHI_TIEU_GIAM_DINH_YKHOA><DSACH_GIAM_DINH_YKHOA/></CHI_TIEU_GIAM_DINH_YKHOA>"
    assert door.send(content, ASSESSMENT, loaiHoSo="12")["maKetQua"] == "200"


@pytest.mark.parametrize(
    ("root", "called", "path", "kind"),
    [("HSCHUNGTU", "39", PAPERS, 39), ("HSDLGBT", "60", SINGLE, 60), ("HSDLGCS", "61", SINGLE, 61)],
)
def test_electronic_papers_carry_credentials_in_the_body(
    door: Door, root: str, called: str, path: str, kind: int
) -> None:
    told = door.send_paper(encounter(root=root), called, path)
    assert set(told) == {"MaGD", "MaKetQua", "ThoiGianTiepNhan", "ThongDiep"}
    assert told["MaKetQua"] == "200"
    assert door.kept(told["MaGD"])[0][0] == kind
    if called == "39":
        assert told["MaGD"].startswith(f"HS_CHUNGTU{FACILITY}_")


def test_paper_of_a_wrong_token_is_told_401(door: Door) -> None:
    told = door.send_paper(encounter(root="HSDLGBT"), "60", token="x")
    assert (told["MaKetQua"], told["MaGD"]) == ("401", "")


def old_bodies(content: bytes) -> dict[str, bytes]:
    text = base64.b64encode(content).decode()
    return {
        "numbers": json.dumps(list(content)).encode(),
        "text": json.dumps(text).encode(),
        "object": json.dumps({"fileHS": text}).encode(),
        "object of numbers": json.dumps({"fileHS": list(content)}).encode(),
    }


@pytest.mark.parametrize("shape", list(old_bodies(b"")))
def test_old_service_takes_its_shapes(door: Door, shape: str) -> None:
    content = encounter()
    answer = door.http.post(f"{door.gateway.base}{OLD}", params=door.query(), content=old_bodies(content)[shape])
    told = answer.json()
    assert told["maKetQua"] == "200", told
    ((kind, _, _, sha256, _),) = door.kept(told["maGiaoDich"])
    assert (kind, sha256) == (3, digest(content))


def zipped(*members: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for place, member in enumerate(members):
            made.writestr(f"{place}.xml", member)
    return archive.getvalue()


def old(door: Door, content: bytes, path: str = OLD) -> dict[str, Any]:
    answer = door.http.post(f"{door.gateway.base}{path}", params=door.query(), content=old_bodies(content)["object"])
    told: dict[str, Any] = answer.json()
    return told


def test_old_zip_variant_is_unpacked(door: Door) -> None:
    content = encounter()
    told = old(door, zipped(content), OLD_ZIP)
    assert told["maKetQua"] == "200"
    assert door.kept(told["maGiaoDich"])[0][3] == digest(content)
    assert old(door, zipped(content, content), OLD_ZIP)["maKetQua"] == "123"
    assert old(door, content, OLD_ZIP)["maKetQua"] == "123"


def test_old_zip_bomb_is_refused(door: Door) -> None:
    bomb = zipped(b"<GIAMDINHHS>" + b" " * (30 << 20) + b"</GIAMDINHHS>")
    assert len(bomb) < 1 << 20
    assert old(door, bomb, OLD_ZIP)["maKetQua"] == "1001"


@pytest.mark.parametrize(
    ("made_on", "code"), [("20250601", "200"), ("20250531", "200"), ("20250430", "701"), ("20240603", "701")]
)
def test_old_service_takes_this_month_and_the_last_until_the_fifth(door: Door, made_on: str, code: str) -> None:
    told = old(door, encounter(made_on=made_on))
    assert (told["maKetQua"], bool(told["maGiaoDich"])) == (code, code == "200")


def test_old_errors_are_told_to_whoever_submitted(door: Door) -> None:
    receipt = old(door, encounter())["maGiaoDich"]
    answer = door.http.post(f"{door.gateway.base}{OLD_ERRORS}", params=door.query() | {"maGiaoDich": receipt})
    assert answer.json()["maKetQua"] == "200"
    assert answer.json()["dsLoi"] == []
    other = door.http.post(f"{door.gateway.base}{OLD_ERRORS}", params=door.query() | {"maGiaoDich": "HS_4210_x"})
    assert other.json()["maKetQua"] == "205"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"maCSKCB": OTHER_FACILITY, "maTinh": OTHER_FACILITY[:2]}, "403"),
        ({"maTinh": "79"}, "403"),
        ({"loaiHoSo": "0"}, "205"),
        ({"loaiHoSo": ""}, "205"),
        ({"fileHSBase64": ""}, "205"),
        ({"fileHSBase64": "không phải"}, "205"),
        ({"fileHSBase64": "PEdJQU1ESU5ISFM+"}, "205"),
        ({"fileHSBase64": "A"}, "205"),
        ({"username": "01005_BV"}, "401"),
    ],
)
def test_wrong_fields_are_told_by_code_and_nothing_is_kept(door: Door, changes: dict[str, str], code: str) -> None:
    before = door.rows("SELECT count(*) FROM healthbook_submission")
    told = door.send(encounter(), **changes)
    assert (told["maKetQua"], told["maGiaoDich"]) == (code, "")
    assert told["thongDiep"]
    assert door.rows("SELECT count(*) FROM healthbook_submission") == before


@pytest.mark.parametrize(
    "content",
    [
        b"<?xml version='1.0'?><!DOCTYPE GIAMDINHHS [<!ENTITY a 'b'>]><GIAMDINHHS></GIAMDINHHS>",
        b"<OTHER></OTHER>",
        b"not xml at all",
        encounter()[:-20],
        encounter(facility=OTHER_FACILITY),
        encounter(root="HSCHUNGTU"),
    ],
    ids=["doctype", "root", "text", "cut", "other facility", "papers"],
)
def test_files_that_cannot_be_it_are_refused(door: Door, content: bytes) -> None:
    assert door.send(content)["maKetQua"] == "205"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + encounter(),
        b"<!-- HIS 3.1 -->\r\n" + encounter()[38:],
        encounter().replace(b"GIAMDINHHS", b"n:GIAMDINHHS"),
    ],
)
def test_sloppy_files_are_taken(door: Door, content: bytes) -> None:
    assert door.send(content)["maKetQua"] == "200"


def test_without_credentials_nothing_is_kept(door: Door) -> None:
    answer = door.http.post(f"{door.gateway.base}{ENCOUNTER}", data=door.fields(encounter()))
    assert (answer.status_code, answer.json()["maKetQua"]) == (200, "401")


def test_file_of_the_full_length_is_taken_and_a_longer_one_is_told_1001(door: Door) -> None:
    full = 20 << 20
    frame = len(encounter(inner="x"))
    content = encounter(inner="AB" * ((full - frame) // 2))
    assert full - 2 <= len(content) <= full
    told = door.send(content)
    assert told["maKetQua"] == "200"
    assert door.kept(told["maGiaoDich"])[0][2] == len(content)
    assert door.send(content[:-20] + b" " * 20 + content[-20:])["maKetQua"] == "1001"


def test_far_too_long_a_body_is_refused_before_it_is_read(door: Door) -> None:
    answer = door.http.post(
        f"{door.gateway.base}{ENCOUNTER}",
        content=b"fileHSBase64=" + b"A" * (32 << 20),
        headers=door.credentials(),
    )
    assert answer.status_code == 413
    assert answer.json()["maKetQua"] == "1001"
