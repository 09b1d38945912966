"""Every address of the people's screens says who may see it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Addresses that anybody may see, and why. Everything else carries `__permission__`, set by the decorator that asks for it.
OPEN = {
    "registry/notify": "asks for the register's signature instead of a permission",
    "livez": "tells a supervisor that the process answers",
    **dict.fromkeys(
        (
            f".well-known/{one}/credentials"
            for one in ("openid-credential-issuer", "oauth-authorization-server", "jwt-vc-issuer")
        ),
        "what wallets and verifiers read of the issuer",
    ),
    "credentials/types/<slug:kind>": "names types of credentials, and nobody",
    "credentials/status": "says which lists there are",
    "credentials/status/<int:list_no>": "says which places of a list are withdrawn, and of nobody whose",
    "credentials/offers/<str:reference>": "asks for the offer's random name",
    "credentials/par": "asks for a registered wallet, and keeps nothing",
    "credentials/token": "asks for a code, and the digits of another screen or the secret of the wallet",
    "credentials/nonce": "gives random numbers",
    "credentials/credential": "asks for a token and the proof of a key",
    "credentials/notification": "asks for the random name of an issue",
    "sign-in/callback": "whoever comes back from the e-ID is known by what it proves",
    "sign-in/ended": "asks for the e-ID's signature instead of a permission",
    "sign-in/jwks": "public keys of ours",
    **{
        f"{before}{address}": why
        for before in ("", "en/")
        for address, why in {
            "sign-in": "whoever signs in is not known yet",
            "sign-out": "ends the caller's own session, whoever they are",
            "signed-out": "says that nothing is left",
        }.items()
    },
    **{
        f"{root}{address}": why
        for root in ("", "en/")
        for address, why in {
            "": "welcomes whoever is not signed in, and shows others their own",
            "display": "asks for colours and letters, and knows nobody",
            "menu": "lists what pages there are",
            "figures": "the figures of the agency, which name nobody",
            "gallery": "the parts of a page, in words about nobody",
            "help": "says how to reach a person",
            "manifest.webmanifest": "tells a telephone how to install the portal",
            "service-worker.js": "keeps the shell in a browser, and nothing else",
            "offline": "says that there is no line",
        }.items()
    },
    **{
        f"{root}{address}": why
        for root in ("workbench/", "workbench/en/")
        for address, why in {
            "sign-in": "whoever signs in is not known yet",
            "enrol": "asks for a one-time code instead of a permission",
            "enrolled": "says that an account is active, not whose",
            "sign-out": "ends the caller's own session, whoever they are",
            "signed-out": "says that nothing is left",
        }.items()
    },
    **{
        f"{root}{address}": why
        for root in ("desk/", "en/desk/")
        for address, why in {
            "sign-in": "whoever signs in is not known yet",
            "enrol": "asks for a one-time code instead of a permission",
            "enrolled": "says that an account is active, not whose",
            "sign-out": "ends the caller's own session, whoever they are",
            "signed-out": "says that nothing is left",
        }.items()
    },
}


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, f"{before}{pattern.pattern}")
        else:
            yield f"{before}{pattern.pattern}", pattern


def test_every_route_has_a_permission_or_is_open_on_purpose() -> None:
    routes = dict(_routes(get_resolver().url_patterns))
    bare = sorted(
        route
        for route, pattern in routes.items()
        if route not in OPEN and not hasattr(pattern.callback, "__permission__")
    )
    assert not bare, f"{bare} say not who may see them. Cure: ask for a permission, or write in OPEN why anybody may."
    assert not OPEN.keys() - routes.keys(), f"Cure: remove {sorted(OPEN.keys() - routes.keys())} from OPEN."


def test_no_route_carries_a_persons_number() -> None:
    numbers = ("pin", "si_code", "card_number", "number", "key")
    wrong = [
        route
        for route, pattern in _routes(get_resolver().url_patterns)
        if any(name in pattern.pattern.converters for name in numbers)
    ]
    assert not wrong, f"{wrong} carry a person's number, which ends in logs. Cure: send it in the body of a POST."
