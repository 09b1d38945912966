"""What the database room refuses, each with a stable code and one sentence in each language."""

from __future__ import annotations

from ansinh.foundation.errors import Refusal


class DatabaseRefusal(Refusal):
    """The database cannot be served as asked; the sentence says what happened and what to do."""

    def __init__(self, code: str, english: str, vietnamese: str) -> None:
        super().__init__(vietnamese, english)
        self.code = code
