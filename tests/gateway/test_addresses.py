"""The routing table: exact addresses, and addresses that stand for everything beneath them."""

from __future__ import annotations

from ansinh.gateway.routes import GET, Addresses, Answered, Call, Headers, Route, route_beneath


def test_exact_addresses_come_before_what_stands_beneath_and_the_longest_wins() -> None:
    seen: list[str] = []

    async def exact(method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        return 200, (), b""

    def beneath(place: str) -> Call:
        seen.append(place)
        return exact

    addresses = Addresses(
        {
            "/a/*": route_beneath(lambda rest: beneath(f"a:{rest}"), GET),
            "/a/b/*": route_beneath(lambda rest: beneath(f"b:{rest}"), GET),
            "/a/exact": Route(exact, GET),
        }
    )
    for path, expected in {"/a/exact": None, "/a/x/y": "a:x/y", "/a/b/c": "b:c", "/a/": "a:"}.items():
        seen.clear()
        assert addresses.route(path) is not None
        assert seen == ([] if expected is None else [expected])
    assert addresses.route("/a") is None
    assert addresses.route("/b/x") is None
    assert addresses.route("/a/*") is not None, "a star is a name like any other"
