"""What each layer of a look-up costs: the gateway under the same load, its layers switched on one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import psycopg

from ansinh.cli.benchmarks.standing import gateway_under_load, measured
from ansinh.database.urls import DatabaseUrls

# The number of a layer to the gateway, and what it is called.
LAYERS = {1: "HTTP", 2: "token, limits, question", 3: "batch", 4: "look-up", 5: "audit rows", 6: "chain"}
CONNECTIONS = 128
_FUNCTION = re.compile(r"CREATE FUNCTION published\.standing_v1.*?END \$\$;", re.DOTALL)
_RECORDED = re.compile(r"\), recorded AS \(.*?\n    \)(?=\n    SELECT result)", re.DOTALL)
_CHAINED = re.compile(r", grown AS \(.*?\n    \)(?=\n    SELECT result)", re.DOTALL)


def measure_layers(urls: DatabaseUrls, cards: int, seconds: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return a level for each number of layers, from HTTP alone to the whole gateway."""
    publish_lesser(urls)
    found = []
    for number, name in LAYERS.items():
        with gateway_under_load(urls, cards, ["-m", "ansinh.gateway.layers", str(number)]) as served:
            say(f"up to layer {number}, {name}:")
            found.append({"layer": name, **measured(served, CONNECTIONS, seconds, say)})
    return found


def publish_lesser(urls: DatabaseUrls) -> None:
    """Publish, in the benchmark's database only, the gateway's function without audit, and without chain: made from its own text."""
    whole = _text().replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    unchained, chained = _CHAINED.subn("", whole)
    unaudited, audited = _RECORDED.subn(")", unchained)
    assert chained == audited == 1, "the text of standing_v1 has another shape than this benchmark knows"
    lesser = {"bench_audit_v1": unchained, "bench_look_up_v1": unaudited}
    with psycopg.connect(urls.owner) as owner:
        for name, statement in lesser.items():
            owner.execute(statement.replace("published.standing_v1", f"published.{name}"))
            owner.execute(f"REVOKE ALL ON FUNCTION published.{name} FROM PUBLIC")
            owner.execute(f"GRANT EXECUTE ON FUNCTION published.{name} TO ansinh_gateway")


def _text() -> str:
    """Return the newest text of the function."""
    texts = [
        one.read_text(encoding="utf-8")
        for one in sorted(files("ansinh.cards.migrations").iterdir(), key=lambda one: one.name)
        if one.name.endswith(".sql")
    ]
    return [found[0] for text in texts if (found := _FUNCTION.search(text))][-1]
