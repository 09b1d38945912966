"""Proving a card at a hospital whose network is down: with the issuer's keys and status lists fetched before, each answer saying how old they are.

A folder holds `issuer.json` (the issuer and its keys), `lists.json` (the newest list of each address), and `looks.jsonl`: what was shown meanwhile, to be
looked up properly when the network is back. No Django here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from joserfc.jwk import ECKey

from ansinh.access.keys import write_private
from ansinh.credentials.sd_jwt import NotProven, Proven, proven
from ansinh.credentials.status_lists import NotAList, StatusList, read_list

_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
_LISTS_MAX = 1_000
_LOOKS_MAX = 100_000
# What a clerk reads of each verdict, in both languages.
SAID = {
    "good": ("Thẻ đúng, đang còn hiệu lực", "The card is genuine and in force"),
    "withdrawn": (
        "Thẻ đã bị thu hồi hoặc thay đổi: hỏi cơ quan BHXH",
        "The card was withdrawn or changed: ask the agency",
    ),
    "unlisted": (
        "Chữ ký đúng, nhưng chưa tải danh sách trạng thái",
        "The signature holds, but no status list was fetched",
    ),
    "card_over": ("Thẻ đã hết hạn", "The card's days are over"),
    "card_not_yet": ("Thẻ chưa có hiệu lực", "The card is not yet valid"),
    "expired": ("Mã đã hết hạn: mở lại thẻ trong ứng dụng", "The code has expired: open the card in the app again"),
    "not_yet": ("Mã chưa có hiệu lực: kiểm tra đồng hồ", "The code is not valid yet: check the clock"),
    "unknown_key": (
        "Ký bằng khóa lạ: tải lại khóa, hoặc là thẻ giả",
        "Signed by an unknown key: fetch the keys again, or it is forged",
    ),
    "bad_signature": ("Chữ ký sai: thẻ giả", "The signature is wrong: forged"),
    "other_issuer": ("Thẻ của nơi khác cấp", "Issued by somebody else"),
    "not_a_card": ("Không phải thẻ bảo hiểm y tế", "Not a health-insurance card"),
    "not_a_credential": ("Không phải mã thẻ", "Not the code of a card"),
}


class NotFetched(Exception):
    """What is needed to prove anything was never fetched, or cannot be read."""


@dataclass(frozen=True)
class Verdict:
    """What a code proves: `good`, or why not; what it says; how old the list is that says so (None: there is none), and whether it may be relied on."""

    verdict: str
    says: dict[str, Any]
    list_age: timedelta | None
    list_over: bool

    @property
    def good(self) -> bool:
        """Tell whether the card may be taken for good, as far as can be known here."""
        return self.verdict == "good"


class Kept:
    """What a facility keeps to prove cards without a network."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fetch(self, issuer: str, now: datetime, *, via: httpx.Client | None = None) -> int:
        """Fetch the issuer's keys and its status lists; returns how many lists. Raises NotFetched, and what was kept stays."""
        client = via or httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False)
        self._folder.mkdir(parents=True, exist_ok=True)
        origin, _, path = issuer.partition("://")[2].partition("/")
        scheme = issuer.partition("://")[0]
        try:
            answer = client.get(f"{scheme}://{origin}/.well-known/jwt-vc-issuer/{path}")
            told = answer.raise_for_status().json()
            if told.get("issuer") != issuer:
                raise NotFetched("the keys of another issuer")
            keys = _keys(told["jwks"])
            lists: dict[str, str] = {}
            for uri in client.get(f"{issuer}/status").raise_for_status().json()["status_lists"][:_LISTS_MAX]:
                if not str(uri).startswith(f"{issuer}/status/"):
                    raise NotFetched("a list of somebody else's")
                answer = client.get(uri).raise_for_status()
                read_list(answer.text, uri, keys)
                lists[uri] = answer.text
        except (httpx.HTTPError, KeyError, TypeError, ValueError, NotAList) as error:
            raise NotFetched(f"{issuer}: {type(error).__name__}") from error
        write_private(self._folder / "issuer.json", json.dumps(told))
        write_private(self._folder / "lists.json", json.dumps({"fetched_at": now.isoformat(), "lists": lists}))
        return len(lists)

    def fetched_at(self) -> datetime | None:
        """Return when lists were fetched last, or None when they never were."""
        try:
            told = json.loads((self._folder / "lists.json").read_text(encoding="utf-8"))
            return datetime.fromisoformat(told["fetched_at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def verify(self, text: str, now: datetime, today: date) -> Verdict:
        """Return what a scanned text proves at a moment, on a day of the agency's; raises NotFetched.

        Verdicts: good; not_a_credential, unknown_key, bad_signature, expired, not_yet (the code); other_issuer; not_a_card; withdrawn; unlisted (no list was
        fetched that says); card_over, card_not_yet (the card's own days).
        """
        issuer, keys = self._issuer()
        try:
            found = proven(text.strip(), keys, now)
        except NotProven as no:
            return Verdict(no.code, {}, None, list_over=False)
        if found.always.get("iss") != issuer or not found.list_uri.startswith(f"{issuer}/status/"):
            return Verdict("other_issuer", {}, None, list_over=False)
        listed = self._list(found.list_uri, keys)
        age = None if listed is None else max(now - listed.signed_at, timedelta(0))
        over = listed is not None and now >= listed.until
        return Verdict(_judged(found, issuer, listed, today), dict(found.disclosed), age, over)

    def keep_look(self, verdict: Verdict, now: datetime, officer: str) -> None:
        """Write down that a card was shown, to be looked up when the network is back; the file is its owner's alone."""
        file = self._folder / "looks.jsonl"
        if not file.exists():
            write_private(file, "")
        line = {"at": now.astimezone(UTC).isoformat(), "officer": officer, "verdict": verdict.verdict}
        with file.open("a", encoding="utf-8") as looks:
            looks.write(json.dumps(line | {"card_number": verdict.says.get("card_number")}) + "\n")

    def send_looks(self, gateway: str, token: str, *, via: httpx.Client | None = None) -> tuple[int, int]:
        """Look up at the gateway every card that was shown meanwhile; returns how many were sent and how many wait still, as when the network goes again."""
        client = via or httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False)
        file = self._folder / "looks.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines()[:_LOOKS_MAX] if file.exists() else []
        done = 0
        for line in lines:
            look = json.loads(line)
            if look["card_number"]:
                body = {"key": look["card_number"], "purpose": "treatment", "officer": look["officer"]}
                try:
                    answer = client.post(
                        f"{gateway}/v1/standing", json=body, headers={"authorization": f"Bearer {token}"}
                    )
                except httpx.HTTPError:
                    break
                if answer.status_code != 200:
                    break
            done += 1
        if lines:
            write_private(file, "".join(f"{line}\n" for line in lines[done:]))
        return done, len(lines) - done

    def _issuer(self) -> tuple[str, dict[str, ECKey]]:
        try:
            told = json.loads((self._folder / "issuer.json").read_text(encoding="utf-8"))
            return str(told["issuer"]), _keys(told["jwks"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotFetched("the issuer's keys were never fetched") from error

    def _list(self, uri: str, keys: dict[str, ECKey]) -> StatusList | None:
        try:
            return read_list(
                json.loads((self._folder / "lists.json").read_text(encoding="utf-8"))["lists"][uri], uri, keys
            )
        except (OSError, ValueError, KeyError, TypeError, NotAList):
            return None


def _judged(found: Proven, issuer: str, listed: StatusList | None, today: date) -> str:
    if found.kind != f"{issuer}/types/health_card":
        return "not_a_card"
    if listed is None:
        return "unlisted"
    if listed.withdrawn(found.place):
        return "withdrawn"
    try:
        begins, ends = (date.fromisoformat(str(found.disclosed[name])) for name in ("valid_from", "valid_until"))
    except (KeyError, ValueError):
        return "not_a_card"
    if today >= ends:
        return "card_over"
    return "good" if today >= begins else "card_not_yet"


def _keys(told: dict[str, Any]) -> dict[str, ECKey]:
    return {str(one["kid"]): ECKey.import_key(one) for one in told["keys"]}
