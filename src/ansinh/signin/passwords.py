"""Passwords of people who also have a second factor: at least 8 characters, no rules of composition, none that everybody tries first (NIST SP 800-63B)."""

from __future__ import annotations

import unicodedata
from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from ansinh.foundation.errors import InvalidInput

PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 128
# What guessers of this country try besides the world's twenty thousand commonest, which Django carries.
_OURS = ("matkhau", "benhvien", "baohiem", "ansinh", "anhyeuem", "emyeuanh", "vietnam", "123456", "abcd1234", "qwerty")


class Hasher(Argon2PasswordHasher):
    """Argon2id at the cost OWASP recommends for servers with many callers: 46 MiB, one pass, one lane."""

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1


def normal(password: str) -> str:
    """Return the password as it is hashed: one form, whatever keyboard wrote it."""
    return unicodedata.normalize("NFKC", password)


def require_usable(password: str, *names: str) -> None:
    """Refuse (`invalid_input`) a password too short, too long, commonly tried, or made of the names of its account."""
    plain = normal(password)
    if not PASSWORD_LENGTH_MIN <= len(plain) <= PASSWORD_LENGTH_MAX:
        raise InvalidInput(
            f"Mật khẩu cần từ {PASSWORD_LENGTH_MIN} đến {PASSWORD_LENGTH_MAX} ký tự.",
            f"The password needs {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters.",
            field="password",
        )
    lowered = plain.casefold()
    rest = lowered
    for word in (*_OURS, *(name.casefold() for name in names if len(name) >= 4)):
        rest = rest.replace(word, "")
    if len(rest) <= PASSWORD_LENGTH_MIN // 2 or len(set(lowered)) < 4 or _common(lowered):
        raise InvalidInput(
            "Mật khẩu này dễ đoán. Chọn vài từ không liên quan với nhau, hoặc để trình quản lý mật khẩu chọn.",
            "This password is easy to guess. Choose some words that have nothing to do with each other, or let a password manager choose.",
            field="password",
        )


def hashed(password: str) -> str:
    """Return the hash to keep."""
    return make_password(normal(password))


def matches(password: str, kept: str) -> bool:
    """Tell whether the password is the one kept; without one, do the same work and say no."""
    right = check_password(normal(password), kept or _nobodys())
    return right and bool(kept)


@cache
def _nobodys() -> str:
    return make_password("nobody has this")


@cache
def _validator() -> CommonPasswordValidator:
    return CommonPasswordValidator()


def _common(password: str) -> bool:
    try:
        _validator().validate(password)
    except ValidationError:
        return True
    return False
