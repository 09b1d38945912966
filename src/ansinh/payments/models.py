"""Tables of the room, as queries see them; made by SQL (migrations/0001_payments.sql) because Django knows neither partitions nor grants.

Distribution column: `person_id`, the payee. Partition column: the benefit month for obligations, the month of payment for what hangs on an order.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Run(models.Model):
    """One act of paying: a set of benefit months, provinces and kinds, a legal act and a day. `work` is what is being computed on it, apart from its state."""

    run_id = models.IntegerField(primary_key=True)
    request_key = models.TextField()
    pay_month = models.IntegerField()
    pay_on = models.DateField()
    rhythm = models.TextField()
    months = ArrayField(models.IntegerField())
    provinces = ArrayField(models.TextField(), null=True)
    kinds = ArrayField(models.TextField(), null=True)
    act = models.TextField()
    state = models.TextField()
    work = models.TextField(null=True)
    work_error = models.TextField(null=True)
    created_by = models.TextField()
    made_by = models.TextField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        managed = False


class Chunk(models.Model):
    """A part of a long step, done in the transaction that did it."""

    pk = models.CompositePrimaryKey("subject", "subject_id", "step", "chunk")
    subject = models.TextField()
    subject_id = models.BigIntegerField()
    step = models.TextField()
    chunk = models.IntegerField()
    first = models.BigIntegerField()
    until = models.BigIntegerField()
    row_count = models.BigIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        managed = False


class RunSum(models.Model):
    """What a chunk of a run came to, in payees and đồng, by province, by kind of benefit or by partner, as it was built. Append-only."""

    pk = models.CompositePrimaryKey("run_id", "chunk", "dimension", "key")
    run_id = models.IntegerField()
    chunk = models.IntegerField()
    dimension = models.TextField()
    key = models.TextField()
    payees = models.BigIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        managed = False


class Obligation(models.Model):
    """What is owed: one entitlement, one component, one benefit month, one correction, in đồng. `order_id` names the live order that pays it."""

    pk = models.CompositePrimaryKey("month", "person_id", "entitlement_id", "component", "correction")
    month = models.IntegerField()
    person_id = models.BigIntegerField()
    entitlement_id = models.BigIntegerField()
    component = models.TextField()
    correction = models.IntegerField()
    amount = models.BigIntegerField()
    kind = models.TextField()
    order_id = models.BigIntegerField(null=True)
    pay_month = models.IntegerField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        managed = False


class Order(models.Model):
    """Money for one payee in one run, in đồng; `urban` and the places are frozen with it."""

    pk = models.CompositePrimaryKey("pay_month", "person_id", "run_id")
    pay_month = models.IntegerField()
    person_id = models.BigIntegerField()
    run_id = models.IntegerField()
    order_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    province = models.TextField()
    commune = models.TextField(null=True)
    urban = models.BooleanField()
    state = models.TextField()

    class Meta:
        managed = False


class Attempt(models.Model):
    """One try to pay an order to one frozen destination; only `ended` ever changes, and once."""

    pk = models.CompositePrimaryKey("pay_month", "order_id", "attempt_no", "person_id")
    pay_month = models.IntegerField()
    order_id = models.BigIntegerField()
    attempt_no = models.SmallIntegerField()
    person_id = models.BigIntegerField()
    run_id = models.IntegerField()
    batch_id = models.BigIntegerField()
    line = models.IntegerField()
    channel = models.TextField()
    partner = models.TextField()
    account = models.TextField(null=True)
    holder = models.TextField()
    amount = models.BigIntegerField()
    ended = models.SmallIntegerField(null=True)

    class Meta:
        managed = False


class Batch(models.Model):
    """Attempts that travel in one message to one bank (its BIN) or one province's post (`P` and the province); the message's id never changes between tries."""

    batch_id = models.BigIntegerField(primary_key=True)
    run_id = models.IntegerField()
    pay_month = models.IntegerField()
    round = models.SmallIntegerField()
    channel = models.TextField()
    partner = models.TextField()
    number = models.IntegerField()
    message_id = models.TextField()
    lines = models.IntegerField()
    amount = models.BigIntegerField()
    digest = models.BinaryField(null=True)
    seal_no = models.IntegerField(null=True)
    state = models.TextField()
    state_at = models.DateTimeField()
    tries = models.SmallIntegerField()
    tried_at = models.DateTimeField(null=True)
    not_known = models.SmallIntegerField()

    class Meta:
        managed = False


class BatchEvent(models.Model):
    """Something that happened to a batch: a try, an answer, a question, a stop. Append-only."""

    pk = models.CompositePrimaryKey("batch_id", "event_no")
    batch_id = models.BigIntegerField()
    event_no = models.BigIntegerField()
    event = models.TextField()
    try_no = models.SmallIntegerField()
    detail = models.TextField(null=True)
    happened_at = models.DateTimeField()

    class Meta:
        managed = False


class Seal(models.Model):
    """The chained digests of a round's batches: what is approved. Append-only."""

    pk = models.CompositePrimaryKey("run_id", "seal_no")
    run_id = models.IntegerField()
    seal_no = models.IntegerField()
    round = models.SmallIntegerField()
    seal = models.BinaryField()
    batches = models.IntegerField()
    lines = models.BigIntegerField()
    amount = models.BigIntegerField()
    made_by = models.TextField()
    sealed_by = models.TextField()
    sealed_at = models.DateTimeField()

    class Meta:
        managed = False


class Approval(models.Model):
    """An officer's signature over a seal: step 1 approves, step 2 authorises. Maker, first and second are three people, by constraints."""

    pk = models.CompositePrimaryKey("run_id", "seal_no", "step")
    run_id = models.IntegerField()
    seal_no = models.IntegerField()
    step = models.SmallIntegerField()
    officer = models.TextField()
    made_by = models.TextField()
    sealed_by = models.TextField()
    first_by = models.TextField(null=True)
    first_step = models.SmallIntegerField(null=True)
    signature = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        managed = False


class SentBack(models.Model):
    """A sealed run sent back to its maker, with the reason; `taken_up_at` is when the maker had it checked anew."""

    pk = models.CompositePrimaryKey("run_id", "seal_no")
    run_id = models.IntegerField()
    seal_no = models.IntegerField()
    officer = models.TextField()
    reason = models.TextField()
    sent_back_at = models.DateTimeField()
    taken_up_at = models.DateTimeField(null=True)

    class Meta:
        managed = False


class Funding(models.Model):
    """Money set aside at a bank, or for the post, for what a seal sends there. Append-only."""

    pk = models.CompositePrimaryKey("run_id", "seal_no", "partner")
    run_id = models.IntegerField()
    seal_no = models.IntegerField()
    partner = models.TextField()
    needed = models.BigIntegerField()
    available = models.BigIntegerField()
    earmarked_by = models.TextField()
    earmarked_at = models.DateTimeField()

    class Meta:
        managed = False


class Message(models.Model):
    """Exact bytes sent or received, deflated, with the digest of the bytes themselves. Append-only."""

    message_no = models.BigIntegerField(primary_key=True)
    direction = models.TextField()
    partner = models.TextField()
    message_id = models.TextField()
    batch_id = models.BigIntegerField(null=True)
    version = models.SmallIntegerField()
    sha256 = models.BinaryField()
    size_bytes = models.BigIntegerField()
    lines = models.IntegerField()
    amount = models.BigIntegerField(null=True)
    body = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        managed = False


class Answer(models.Model):
    """A line of an answer as read, until it is matched."""

    pk = models.CompositePrimaryKey("message_no", "line")
    message_no = models.BigIntegerField()
    line = models.IntegerField()
    end_to_end_id = models.TextField(null=True)
    kind = models.SmallIntegerField()
    reason = models.TextField(null=True)
    amount = models.BigIntegerField(null=True)
    bank_reference = models.TextField()
    happened_at = models.DateTimeField()

    class Meta:
        managed = False


class Event(models.Model):
    """Something that happened to an attempt; append-only. `effect` says whether it counts."""

    pk = models.CompositePrimaryKey("pay_month", "order_id", "attempt_no", "kind", "bank_reference", "person_id")
    pay_month = models.IntegerField()
    order_id = models.BigIntegerField()
    attempt_no = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    bank_reference = models.TextField()
    person_id = models.BigIntegerField()
    effect = models.SmallIntegerField()
    reason = models.TextField(null=True)
    amount = models.BigIntegerField()
    message_no = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        managed = False


class Posting(models.Model):
    """One ledger line in đồng; the lines of an entry (attempt and kind) sum to zero. Append-only."""

    pk = models.CompositePrimaryKey("pay_month", "order_id", "attempt_no", "kind", "account", "person_id")
    pay_month = models.IntegerField()
    order_id = models.BigIntegerField()
    attempt_no = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    account = models.IntegerField()
    person_id = models.BigIntegerField()
    run_id = models.IntegerField()
    amount = models.BigIntegerField()
    posted_at = models.DateTimeField()

    class Meta:
        managed = False


class Account(models.Model):
    """Where a payee is paid, in half-open months; confirmed by a one-time code."""

    pk = models.CompositePrimaryKey("person_id", "account_id")
    person_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    bank = models.TextField()
    account = models.TextField()
    holder = models.TextField()
    checked_name = models.TextField(null=True)
    relation = models.TextField()
    from_month = models.IntegerField()
    until_month = models.IntegerField(null=True)
    filed_at = models.DateTimeField()
    filed_by = models.TextField()
    code_digest = models.BinaryField(null=True)
    code_until = models.DateTimeField(null=True)
    code_misses = models.SmallIntegerField()
    confirmed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.TextField(null=True)
    source = models.TextField(null=True)

    class Meta:
        managed = False


class Load(models.Model):
    """A file of accounts taken in, so that it is never taken in twice."""

    source = models.TextField(primary_key=True)
    row_count = models.BigIntegerField()
    loaded_at = models.DateTimeField()

    class Meta:
        managed = False


class Finding(models.Model):
    """What a run's checks found about a payee, and whether the order was withheld for it."""

    pk = models.CompositePrimaryKey("person_id", "run_id", "kind")
    person_id = models.BigIntegerField()
    run_id = models.IntegerField()
    kind = models.TextField()
    order_id = models.BigIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    amount_before = models.BigIntegerField(null=True)
    detail = models.TextField(null=True)
    withheld = models.BooleanField()
    found_at = models.DateTimeField()

    class Meta:
        managed = False


class Case(models.Model):
    """What no rule may decide: a person does."""

    pk = models.CompositePrimaryKey("person_id", "case_id")
    person_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    kind = models.TextField()
    run_id = models.IntegerField(null=True)
    pay_month = models.IntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    attempt_no = models.SmallIntegerField(null=True)
    message_no = models.BigIntegerField(null=True)
    line = models.IntegerField(null=True)
    detail = models.TextField()
    amount = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(null=True)
    outcome = models.TextField(null=True)

    class Meta:
        managed = False


class Indicator(models.Model):
    """A figure published with a closed run, tied to its seal."""

    pk = models.CompositePrimaryKey("run_id", "seal_no", "key", "province")
    run_id = models.IntegerField()
    seal_no = models.IntegerField()
    key = models.TextField()
    province = models.TextField()
    counted = models.BigIntegerField()
    total = models.BigIntegerField()
    counted_at = models.DateTimeField()
    version = models.TextField(default="")

    class Meta:
        managed = False
