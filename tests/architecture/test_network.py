"""Tests reach nothing beyond this machine."""

from __future__ import annotations

import socket

import pytest

from tests.support.loopback import BeyondLoopback, is_local


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_connecting_to_another_machine_is_refused(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as plug, pytest.raises(BeyondLoopback):
        plug.connect((host, 80))


def test_looking_a_name_up_is_refused() -> None:
    with pytest.raises(BeyondLoopback):
        socket.getaddrinfo("example.invalid", 80)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "0.0.0.0", b"127.0.0.1", None])
def test_this_machine_is_permitted(host: str | bytes | None) -> None:
    assert is_local(host)
