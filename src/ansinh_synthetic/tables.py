"""The tables a nation is handed over in, as Arrow schemas; contracts/nation/tables.json says what each column means."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

_TYPES: dict[str, Any] = {
    "text": pa.string(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "bool": pa.bool_(),
}


def _schema(columns: str) -> Any:
    fields = []
    for column in columns.split():
        name, kind = column.split(":")
        fields.append(pa.field(name, _TYPES[kind.rstrip("?")], nullable=kind.endswith("?")))
    return pa.schema(fields)


SCHEMAS: dict[str, Any] = {
    "register/person": _schema(
        "pin:text old_number:text? full_name:text sex:text birth_year:int16 birth_month:int16? birth_day:int16? "
        "born_in_province:text commune:text province:text household:int64 father_pin:text? mother_pin:text? "
        "spouse_pin:text? ethnicity:text registered_on:date died_on:date?"
    ),
    "agency/facility": _schema("code:text name:text level:text province:text commune:text"),
    "agency/employer": _schema(
        "employer_no:int64 code:text name:text kind:text province:text commune:text region:int16"
    ),
    "agency/insured": _schema(
        "record_no:int64 si_code:text full_name:text sex:text? birth_year:int16? birth_month:int16? birth_day:int16? "
        "id_number:text? commune:text? province:text household:int64? excluded:text? recorded_on:date"
    ),
    "agency/span": _schema(
        "record_no:int64 employer_no:int64? scheme:text unemployment:bool from_month:int32 until_month:int32? "
        "wage:int64"
    ),
    "agency/coverage": _schema(
        "record_no:int64 object_code:text area:text? facility:text card_province:text valid_from:date valid_until:date "
        "continuous_since:date?"
    ),
    "agency/payee": _schema(
        "record_no:int64 kind:text amount:int64 from_month:int32 until_month:int32? urban:bool bank:text? "
        "account:text? account_since:int32?"
    ),
    "agency/lookup": _schema("asked_at:timestamp facility:text officer:text key_kind:text record_no:int64? found:bool"),
    "agency/book_reading": _schema("asked_at:timestamp record_no:int64? found:bool"),
    "agency/sign_in": _schema("entered_at:timestamp record_no:int64 app:bool"),
    "agency/visit_reading": _schema("asked_at:timestamp record_no:int64? found:bool"),
    "agency/referral_reading": _schema("asked_at:timestamp record_no:int64? found:bool"),
    "agency/appointment_reading": _schema("asked_at:timestamp record_no:int64? found:bool"),
    "agency/submission": _schema("sent_at:timestamp facility:text kind:text accepted:bool delay_hours:int32?"),
    "agency/service": _schema(
        "kind:text province:text received_at:timestamp settled_at:timestamp due_on:date days:int16"
    ),
    "agency/card_event": _schema("record_no:int64 event:text state:text effect_on:date object_code:text?"),
    "agency/copayment": _schema(
        "record_no:int64 facility:text visit:text admitted_on:date paid_on:date amount:int64 counted:bool"
    ),
    "agency/newborn": _schema(
        "pin:text full_name:text sex:text birth_year:int16 birth_month:int16 birth_day:int16 commune:text province:text "
        "registered_on:date"
    ),
    "truth/link": _schema("record_no:int64 pin:text? damage:text"),
}


def table_of(name: str, columns: dict[str, Any]) -> Any:
    """Make an Arrow table of the contract's types from columns given in any order."""
    schema = SCHEMAS[name]
    if set(columns) != set(schema.names):
        raise ValueError(f"{name}: expected columns {schema.names}, got {sorted(columns)}")
    arrays = []
    for field in schema:
        column = columns[field.name]
        if not isinstance(column, pa.Array | pa.ChunkedArray):
            column = pa.array(column)
        arrays.append(column.cast(field.type) if column.type != field.type else column)
    return pa.table(arrays, schema=schema)
