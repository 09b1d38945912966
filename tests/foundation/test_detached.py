"""Signatures beside bytes hold over those bytes, under the keys given, for their kind; and nothing else passes."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from ansinh.access.keys import new_key
from ansinh.access.signed_messages import opened, sealed
from ansinh.foundation.detached import BadSignature, proven, require, sign

KIND = "test+jws"
KEY = new_key()
KEYS = {str(KEY.kid): KEY}


@given(st.binary(max_size=200))
def test_what_was_signed_is_proven(content: bytes) -> None:
    assert proven(content, sign(content, KEY, KIND), KEYS, KIND)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_other_bytes_are_not(content: bytes, other: bytes) -> None:
    assert proven(other, sign(content, KEY, KIND), KEYS, KIND) == (other == content)


@given(st.binary(min_size=1, max_size=80))
def test_a_signature_that_carries_its_own_bytes_is_none(signed: bytes) -> None:
    whole = jws.serialize_compact({"alg": "ES256", "kid": KEY.kid, "typ": KIND}, signed, KEY, ["ES256"])
    assert not proven(b"something else", whole, KEYS, KIND)
    assert not proven(signed, whole, KEYS, KIND)


def test_a_message_with_an_old_digest_inside_its_signature_is_refused() -> None:
    envelope = sealed(b'{"a":1}', b'{"b":2}', KEY)
    detached = envelope.partition(b'"signature":"')[2].partition(b'"')[0]
    head, _, tail = detached.partition(b"..")
    digest = hashlib.sha256(b'{"a":1}{"b":2}').digest()
    inlined = head + b"." + urlsafe_b64encode(digest).rstrip(b"=") + b"." + tail
    assert bytes(opened(envelope, KEYS).message) == b'{"b":2}'
    with pytest.raises(BadSignature):
        opened(envelope.replace(detached, inlined).replace(b'{"b":2}', b'{"b":3}'), KEYS)


@pytest.mark.parametrize("signature", ["", "..", ".", "a..b", "x.y.z", "é..é", "a...b", "a..b..c"])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(BadSignature):
        require(b"x", signature, KEYS, KIND)


def test_another_key_or_kind_is_refused() -> None:
    signature = sign(b"x", KEY, KIND)
    assert not proven(b"x", signature, {}, KIND)
    assert not proven(b"x", signature, {str(KEY.kid): ECKey.generate_key("P-256")}, KIND)
    assert not proven(b"x", signature, KEYS, "other+jws")
