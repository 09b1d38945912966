"""Where sessions are kept: our own table, so that an account's sessions can be found and ended at once. Django's engine does the rest."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as TableStore

from ansinh.signin.models import Session

ACCOUNT = "account"
"""Under this name a session holds the account that signed in."""


class SessionStore(TableStore):
    """Sessions in `signin_session`, each row naming its account."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table's model."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for the session's content."""
        made = super().create_model_instance(data)
        assert isinstance(made, Session)
        made.account_id = data.get(ACCOUNT)
        return made
