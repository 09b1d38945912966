"""A hospital's older software at its counter: signs in, keeps its tokens, looks patients up, and signs in afresh once when it is told 401.

Written from the letter's description of the services alone, as a hospital's developer would; it knows nothing of who answers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from urllib.parse import urlencode

import httpx

ANSWER_SECONDS_MAX = 30.0
# Codes after which the software lets the patient in with the card; with 003 and 004 it is the new card.
USABLE = frozenset({"000", "003", "004"})
NEW_CARD = frozenset({"003", "004"})
PAPERS_NEEDED = frozenset({"001", "002"})


class Body(Enum):
    """How a vendor's software writes a request."""

    JSON = "application/json; charset=utf-8"
    FORM = "application/x-www-form-urlencoded"


class SignInRefused(Exception):
    """The service gave no token; `code` is its maKetQua."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code


@dataclass(frozen=True)
class Patient:
    """What the clerk typed or scanned."""

    number: str
    name: str
    born: str


@dataclass(frozen=True)
class Officer:
    """Who sits at the counter."""

    name: str
    citizen_id: str


@dataclass(frozen=True)
class Tokens:
    """A session with the service, and until when it lasts."""

    access_token: str
    id_token: str
    expires_at: datetime


@dataclass
class HospitalSoftware:
    """One installation at one facility. `sign_ins` counts how often it had to ask for tokens."""

    base: str
    facility: str
    password: str
    officer: Officer
    body: Body = Body.JSON
    upper_case: bool = True
    tokens: Tokens | None = None
    sign_ins: int = 0
    _http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=ANSWER_SECONDS_MAX, trust_env=False))

    @property
    def username(self) -> str:
        """Return the account of the facility."""
        return f"{self.facility}_BV"

    @property
    def password_md5(self) -> str:
        """Return the password as it is sent."""
        digest = hashlib.md5(self.password.encode(), usedforsecurity=False).hexdigest()
        return digest.upper() if self.upper_case else digest

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def sign_in(self) -> Tokens:
        """Ask for tokens, whatever is still kept; raises SignInRefused."""
        self.sign_ins += 1
        told = self._send("/api/token/take", {"username": self.username, "password": self.password_md5})
        if told["maKetQua"] != "200":
            raise SignInRefused(told["maKetQua"], told.get("ghiChu") or "")
        session = told["APIKey"]
        expires_at = datetime.fromisoformat(session["expires_in"].replace("Z", "+00:00"))
        self.tokens = Tokens(session["access_token"], session["id_token"], expires_at)
        return self.tokens

    def look_up(self, patient: Patient) -> dict[str, Any]:
        """Ask about a card: KQNhanLichSuKCB2024."""
        return self._signed("/api/egw/KQNhanLichSuKCB2024", patient)

    def visits(self, patient: Patient) -> dict[str, Any]:
        """Ask about visits: Lskcb2025."""
        return self._signed("/api/egw/Lskcb2025", patient)

    def co_payments(self, patient: Patient) -> dict[str, Any]:
        """Ask how much the patient paid this year: TraCuuTienMCCT; its credentials stand in headers."""

        def send(tokens: Tokens) -> dict[str, Any]:
            headers = {
                "accessToken": tokens.access_token,
                "tokenId": tokens.id_token,
                "passwordHash": self.password_md5,
            }
            fields = {
                "username": self.username,
                "maThe": patient.number,
                "hoTen": patient.name,
                "ngaySinh": patient.born,
            }
            return self._send("/api/TraCuuCCT/TraCuuTienMCCT", fields, headers)

        return self._twice(send, "MaKetQua")

    def may_use(self, told: dict[str, Any]) -> str | None:
        """Return the number of the card to use after a look-up; None when there is none without papers."""
        if told["maKetQua"] not in USABLE:
            return None
        number: str = told["maTheMoi"] if told["maKetQua"] in NEW_CARD and told["maTheMoi"] else told["maThe"]
        return number

    def _signed(self, path: str, patient: Patient) -> dict[str, Any]:
        fields = {
            "maThe": patient.number,
            "hoTen": patient.name,
            "ngaySinh": patient.born,
            "hoTenCb": self.officer.name,
            "cccdCb": self.officer.citizen_id,
        }

        def send(tokens: Tokens) -> dict[str, Any]:
            credentials = {
                "token": tokens.access_token,
                "id_token": tokens.id_token,
                "username": self.username,
                "password": self.password_md5,
            }
            return self._send(f"{path}?{urlencode(credentials)}", fields)

        return self._twice(send, "maKetQua")

    def _twice(self, send: Any, code: str) -> dict[str, Any]:
        """Send with the tokens kept; told 401, sign in once and send once more."""
        tokens = self.tokens
        if tokens is None or tokens.expires_at <= datetime.now(UTC):
            tokens = self.sign_in()
        told: dict[str, Any] = send(tokens)
        if told[code] == "401":
            told = send(self.sign_in())
        return told

    def _send(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> dict[str, Any]:
        sent = {"content-type": self.body.value, **(headers or {})}
        if self.body is Body.JSON:
            response = self._http.post(f"{self.base}{path}", json=fields, headers=sent)
        else:
            response = self._http.post(f"{self.base}{path}", content=urlencode(fields), headers=sent)
        told: dict[str, Any] = response.json()
        return told
