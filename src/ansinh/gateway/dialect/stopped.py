"""Calls the agency stopped at midnight of 1 August 2024: they are told so, whatever they send, and nobody is looked up."""

from __future__ import annotations

from ansinh.gateway.dialect.answers import HEADERS, REFUSALS, card_refusal
from ansinh.gateway.routes import Answered, Headers

STOPPED = (
    "nhanLichSuKCB",
    "KQNhanLichSuKCB595",
    "NhanLichSuKCB2018",
    "KQNhanLichSuKCB2018",
    "KQNhanLichSuKCB2019",
)
# The protocol has no code for it; software takes 101 as trouble of the server's and shows the sentence.
_ANSWER = card_refusal("101", REFUSALS["410"])


async def tell_stopped(method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
    """Return 410 and the sentence that names the call to use."""
    return 410, HEADERS, _ANSWER
