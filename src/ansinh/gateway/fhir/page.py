"""A summary document as a page to read: its narratives as they came, sanitised, under the person's name. Standalone, without scripts, links or pictures."""

from __future__ import annotations

from html import escape
from typing import Any

from ansinh.gateway.fhir import codes
from ansinh.gateway.fhir.narratives import sanitised

HTML = "html"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGE_HEADERS = (
    ("content-type", "text/html; charset=utf-8"),
    ("content-security-policy", _POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
)
_STYLE = """
:root { color-scheme: light; font-family: system-ui, 'Noto Sans', sans-serif; line-height: 1.5; }
body { margin: 0 auto; max-width: 56rem; padding: 1.5rem; color: #1a1a1a; background: #fff; }
header { border-bottom: 3px solid #0b5394; margin-bottom: 1rem; padding-bottom: .75rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 1.5rem 0 .4rem; color: #0b5394; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0 0; } dt { color: #555; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid #ddd; }
th, td { vertical-align: top; }
th { font-weight: 600; color: #333; } footer { margin-top: 2rem; color: #555; font-size: .85rem; }
.none { color: #8a4b00; } .none p { margin: .2rem 0; }
table + p { color: #555; font-size: .85rem; margin: .3rem 0 0; }
section > div { overflow-x: auto; } h1, dd, footer { overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  body { padding: 1rem; } dl { display: block; } dt { margin-top: .4rem; font-size: .85rem; }
  table { font-size: .8rem; } th, td { padding-right: .4rem; overflow-wrap: break-word; }
}
@media print { body { padding: 0; max-width: none; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
"""
_NUMBERS = {codes.PIN: "Số định danh / Personal number", codes.SI_CODE: "Mã số BHXH / Social-insurance code"}
_GENDERS = {"male": "Nam / Male", "female": "Nữ / Female"}


def page(document: dict[str, Any]) -> str:
    """Return the HTML of a document Bundle: of ours, or of somebody else's, whose narratives are cleaned before they are shown."""
    resources = [entry["resource"] for entry in document["entry"]]
    composition = resources[0]
    person = next(one for one in resources if one["resourceType"] == "Patient")
    sections = "".join(_section(one) for one in composition.get("section", []))
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(composition['title'])}</title><style>{_STYLE}</style></head><body>"
        f"<header><h1>{escape(person['name'][0]['text'])}</h1>{_facts(person)}</header>"
        f"<main><div>{sanitised(composition['text']['div']) if 'text' in composition else ''}</div>{sections}</main>"
        f"<footer>{escape(composition['title'])} · {escape(_when(document['timestamp']))}</footer></body></html>"
    )


def _facts(person: dict[str, Any]) -> str:
    facts = [
        ("Ngày sinh / Born", _when(person.get("birthDate", ""))),
        ("Giới tính / Sex", _GENDERS.get(person.get("gender", ""), "Không rõ / Unknown")),
        ("Mất ngày / Died", _when(person.get("deceasedDateTime", ""))),
        ("Địa chỉ / Address", (person.get("address") or [{}])[0].get("text", "")),
        *((_NUMBERS.get(one.get("system", ""), "Số / Number"), one["value"]) for one in person.get("identifier", [])),
    ]
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in facts if said) + "</dl>"


def _section(section: dict[str, Any]) -> str:
    none = ' class="none"' if "emptyReason" in section else ""
    return f"<section><h2>{escape(section.get('title', ''))}</h2><div{none}>{sanitised(section['text']['div'])}</div></section>"


def _when(said: str) -> str:
    """Return a date or moment as Vietnamese readers write it."""
    on, _, at = said.partition("T")
    written = "/".join(reversed(on.split("-")))
    return f"{at[:5]} {written}" if at else written
