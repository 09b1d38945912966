"""Workers as they were last seen. The engine's own tables lie in the schema `durable`; Django does not know them."""

from __future__ import annotations

from django.db import models


class Executor(models.Model):
    """An executor, a worker process by its stable name; one not seen for a while has lost its work to the others. No distribution column: there are a few."""

    name = models.TextField(primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
