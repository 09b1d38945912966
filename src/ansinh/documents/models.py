"""Tables of the room. Papers are distributed by `person_id` and partitioned by month of issue; received files are distributed by their digest."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Paper(models.Model):
    """Bytes issued to a person under a number, with their digest and a detached signature over them."""

    pk = models.CompositePrimaryKey("person_id", "issued_at", "number")
    person_id = models.BigIntegerField()
    issued_at = models.DateTimeField()
    number = models.TextField()
    kind = models.TextField()
    media_type = models.TextField()
    sha256 = models.TextField()
    content = models.BinaryField()
    signature = models.TextField()
    issued_by = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="documents_paper_digest_whole")
        ]
        indexes = [models.Index(fields=["person_id", "kind", "sha256"], name="documents_paper_of_kind")]


class Incoming(models.Model):
    """A file received, as it came."""

    sha256 = models.TextField(primary_key=True)
    media_type = models.TextField()
    content = models.BinaryField()
    received_at = models.DateTimeField()
    received_from = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="documents_incoming_digest_whole")
        ]
