"""Tables of the room, made by migrations and written by statements: changes are noted by triggers. Distribution column: `person_id`; receivers stand whole."""

from __future__ import annotations

from django.db import models


class EidReceiver(models.Model):
    """Where an app wants to be told of changes."""

    client_no = models.IntegerField(primary_key=True)
    url = models.TextField()
    since = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "eid_receiver"


class EidWatch(models.Model):
    """A citizen an app is told about, under a random name of its own."""

    pk = models.CompositePrimaryKey("person_id", "client_no")
    person_id = models.BigIntegerField()
    client_no = models.IntegerField()
    watch = models.UUIDField()
    since = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "eid_watch"


class EidChange(models.Model):
    """Something of a watched citizen's that changed, until the app has heard of it or is given up."""

    pk = models.CompositePrimaryKey("person_id", "change_no")
    person_id = models.BigIntegerField()
    change_no = models.BigIntegerField()
    client_no = models.IntegerField()
    watch = models.UUIDField()
    what = models.TextField()
    noted_at = models.DateTimeField()
    tries = models.SmallIntegerField()
    next_try_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    trouble = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "eid_change"
