"""Telling an app of a change: one signed POST, over number, moment and body, so that neither can be swapped nor sent again later."""

from __future__ import annotations

import json
from datetime import datetime

import httpx
from joserfc.jwk import ECKey

from ansinh.eid.operations import Change
from ansinh.foundation.detached import sign

SIGNATURE_TYPE = "ansinh-push+jws"
TIMEOUT = httpx.Timeout(10.0, connect=3.0)


def new_line() -> httpx.Client:
    """Return a connection for one pass; nothing is followed elsewhere."""
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)


def tell(line: httpx.Client, change: Change, key: ECKey, now: datetime) -> str | None:
    """Tell an app that something changed; returns nothing when it heard, else the kind of trouble in one word."""
    body = json.dumps({"watch": change.watch, "changed": change.what, "noted_at": change.noted_at.isoformat()}).encode()
    number, moment = str(change.change_no), str(int(now.timestamp()))
    headers = {
        "content-type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": moment,
        "ansinh-signature": sign(signed_content(number, moment, body), key, SIGNATURE_TYPE),
    }
    try:
        with line.stream("POST", change.url, content=body, headers=headers) as answer:
            return None if answer.status_code in {200, 202, 204} else f"status_{answer.status_code}"
    except httpx.HTTPError as trouble:
        return type(trouble).__name__


def signed_content(number: str, moment: str, body: bytes) -> bytes:
    """Return what a push's signature is over."""
    return b".".join([number.encode("ascii"), moment.encode("ascii"), body])
