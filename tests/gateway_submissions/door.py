"""A running gateway, a hospital's older software in front of it, and files such a hospital sends."""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from ansinh.access.tokens import SUBMISSION_WRITE
from ansinh_sandbox.his import HospitalSoftware
from tests.dialect.counter import FACILITY, OFFICER, PASSWORD, add_facilities
from tests.gateway.running import RunningGateway, running_gateway
from tests.support.database import OwnDatabase

ENCOUNTER = "/api/qd130/guiHoSoXmlQD3176"
CHECK_IN = "/api/qd130/checkInKcbQd4750"
ASSESSMENT = "/api/qd130/guiDuLieuGdykQd130"
PAPERS = "/api/chungtugw/GuiHoSoChungTu2025"
SINGLE = "/api/hososuckhoe/guiGiayToDienTu"
OLD = "/api/egw/guiHoSoGiamDinh4210"
OLD_ZIP = "/api/egw/SendFileHoSoGiamDinh_zip4210"
OLD_ERRORS = "/api/egw/nhanChiTietLoiHS4210"

_numbers = itertools.count(1)


def encounter(facility: str = FACILITY, root: str = "GIAMDINHHS", made_on: str = "20250603", inner: str = "") -> bytes:
    """Return an envelope of its own: no two are alike."""
    return (
        f"<?xml version='1.0' encoding='utf-8'?><{root}><THONGTINDONVI><MACSKCB>{facility}</MACSKCB></THONGTINDONVI>"
        f"<THONGTINHOSO><NGAYLAP>{made_on}</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO><HOSO><FILEHOSO><LOAIHOSO>XML1</LOAIHOSO>"
        f"<NOIDUNGFILE>{inner or base64.b64encode(b'<TONG_HOP><MA_LK>%d</MA_LK></TONG_HOP>' % next(_numbers)).decode()}</NOIDUNGFILE>"
        f"</FILEHOSO></HOSO></DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></{root}>"
    ).encode()


def checkin() -> bytes:
    """Return a check-in message of its own."""
    return (
        f"<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB><TRANG_THAI_KCB><MA_LK>{next(_numbers)}</MA_LK></TRANG_THAI_KCB></DSACH_TRANG_THAI_KCB>"
        "</CHI_TIEU_TRANG_THAI_KCB>"
    ).encode()


@dataclass
class Door:
    """A running gateway with one facility's software in front of it."""

    gateway: RunningGateway
    database: OwnDatabase
    software: HospitalSoftware
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, trust_env=False))

    def credentials(self) -> dict[str, str]:
        """Return the headers a submission carries."""
        tokens = self.software.tokens or self.software.sign_in()
        return {
            "accessToken": tokens.access_token,
            "tokenId": tokens.id_token,
            "passwordHash": self.software.password_md5,
        }

    def fields(self, content: bytes, **changes: Any) -> dict[str, Any]:
        """Return the fields of a submission whose credentials stand in headers."""
        return {
            "username": f"{FACILITY}_BV",
            "loaiHoSo": "130",
            "maTinh": FACILITY[:2],
            "maCSKCB": FACILITY,
            "fileHSBase64": base64.b64encode(content).decode(),
        } | changes

    def send(self, content: bytes, path: str = ENCOUNTER, **changes: Any) -> dict[str, str]:
        """Submit by a form with credentials in headers, and return the answer."""
        answer = self.http.post(
            f"{self.gateway.base}{path}", data=self.fields(content, **changes), headers=self.credentials()
        )
        assert answer.status_code == 200, answer.text
        told: dict[str, str] = answer.json()
        return told

    def send_paper(self, content: bytes, called: str, path: str = SINGLE, **changes: Any) -> dict[str, str]:
        """Submit an electronic paper: credentials stand in the body."""
        tokens = self.software.tokens or self.software.sign_in()
        said = {
            "maCskcb": FACILITY,
            "token": tokens.access_token,
            "id_token": tokens.id_token,
            "username": f"{FACILITY}_BV",
            "password": self.software.password_md5,
            "loaiHs": called,
            "fileBase64Str": base64.b64encode(content).decode(),
        } | changes
        answer = self.http.post(f"{self.gateway.base}{path}", json=said)
        assert answer.status_code == 200, answer.text
        told: dict[str, str] = answer.json()
        return told

    def query(self) -> dict[str, str]:
        """Return the credentials as the service of 2017 carries them."""
        tokens = self.software.tokens or self.software.sign_in()
        return {
            "token": tokens.access_token,
            "id_token": tokens.id_token,
            "username": f"{FACILITY}_BV",
            "password": self.software.password_md5,
            "loaiHoSo": "3",
            "maTinh": FACILITY[:2],
            "maCSKCB": FACILITY,
        }

    def token(self, facility: str = FACILITY) -> dict[str, str]:
        """Return the headers of the native door."""
        token = self.gateway.token(facility, scopes=frozenset([SUBMISSION_WRITE]))
        return {"authorization": f"Bearer {token}", "content-type": "application/xml"}

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return rows of the database as its owner sees them."""
        with psycopg.connect(self.database.urls.owner) as connection:
            return connection.execute(query, values).fetchall()

    def kept(self, receipt: str) -> list[tuple[Any, ...]]:
        """Return what is kept under a receipt: kind, state, length, digest, compressed bytes."""
        return self.rows(
            "SELECT kind, state, size, sha256, content FROM healthbook_submission WHERE receipt = %s", receipt
        )


def digest(content: bytes) -> bytes:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).digest()


@contextmanager
def open_door(database: OwnDatabase, folder: Path, *, workers: int = 1) -> Iterator[Door]:
    """Run a gateway for the block."""
    add_facilities(database)
    with running_gateway(database, folder, workers=workers) as gateway:
        software = HospitalSoftware(gateway.base, FACILITY, PASSWORD, OFFICER)
        door = Door(gateway, database, software)
        try:
            yield door
        finally:
            software.close()
            door.http.close()
