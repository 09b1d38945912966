"""Births and deaths by the ten thousand through offices, register and database as programs of their own, some of them killed; and a backlog drained."""
