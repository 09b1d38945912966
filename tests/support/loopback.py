"""No test talks to anything but this machine. The interpreter asks this hook before it connects a socket or looks a name up."""

from __future__ import annotations

import ipaddress
import sys

LOCAL_NAMES = {"", "localhost", "ip6-localhost"}


class BeyondLoopback(OSError):
    """A test tried to reach another machine."""


def is_local(host: object) -> bool:
    """Tell whether a host is this machine, by its own loopback addresses or as the wildcard that servers listen on."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if text is None or (isinstance(text, str) and text.lower() in LOCAL_NAMES):
        return True
    try:
        address = ipaddress.ip_address(str(text).split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_others(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not is_local(host):
        raise BeyondLoopback(f"a test reached for {host}. Cure: talk to a sandbox partner on 127.0.0.1.")


sys.addaudithook(_refuse_others)
