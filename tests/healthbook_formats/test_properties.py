"""What holds for any bytes, any values and any amounts."""

from __future__ import annotations

import random
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ansinh.healthbook.formats.diagnoses import is_diagnosis, written
from ansinh.healthbook.formats.encodings import UnreadableEncoding, settled
from ansinh.healthbook.formats.package import Known
from ansinh.healthbook.formats.reading import read_package
from ansinh.healthbook.formats.validating import validate
from ansinh.healthbook.states import SubmissionKind
from tests.healthbook_formats.bad_values import HOSPITAL_TABLES, described
from tests.healthbook_formats.good_files import GOOD, Row, Tables, alone, encounter, good_tables
from tests.healthbook_formats.judged import KNOWN, errors_of, told_of

_GOOD_FILE = encounter(good_tables("XML7", "XML13", "XML14"))
_KINDS = st.sampled_from([None, *SubmissionKind])
_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệóòỏõọốồổỗộớờởỡợúùủũụứừửữựíìỉĩịýỳỷỹỵ "
_VIETNAMESE = st.text(alphabet=_LETTERS + _LETTERS.upper(), min_size=1, max_size=60)
# Text that XML can hold at all.
_TEXT = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=80)
_CENT = Decimal("0.01")


@given(st.binary(max_size=300), _KINDS)
def test_any_bytes_are_refused_without_an_exception(raw: bytes, kind: SubmissionKind | None) -> None:
    errors = validate(read_package(raw, kind), KNOWN)
    assert any(error.rejects for error in errors)


@settings(max_examples=150)
@given(st.integers(0, len(_GOOD_FILE) - 1), st.binary(max_size=4), st.integers(0, 40))
def test_any_damage_is_told_or_harmless(place: int, put: bytes, cut: int) -> None:
    damaged = _GOOD_FILE[:place] + put + _GOOD_FILE[place + cut :]
    for error in validate(read_package(damaged, SubmissionKind.ENCOUNTER_4750), KNOWN):
        assert error.vi
        assert error.en


@settings(max_examples=60)
@given(st.sampled_from(HOSPITAL_TABLES), st.data())
def test_any_value_in_any_field_is_told_there_or_taken(table: str, data: st.DataObject) -> None:
    fields = [field["name"] for field in described(table)["fields"]]
    name = data.draw(st.sampled_from(fields))
    value = data.draw(_TEXT | st.from_regex(r"[0-9.;/-]{0,20}", fullmatch=True))
    if table in {"XML0", "XML12"}:
        kind = SubmissionKind.CHECK_IN if table == "XML0" else SubmissionKind.ASSESSMENT
        errors = errors_of(alone(table, [GOOD[table] | {name: value}]), kind)
    else:
        tables = good_tables(table)
        tables[table][0][name] = value
        errors = errors_of(encounter(tables))
    for error in errors:
        assert "{" not in error.vi
        assert len(error.en) < 700
        assert error.code != "wrong_structure"


@given(_VIETNAMESE, st.sampled_from(["NFC", "NFD", "NFKD"]))
def test_vietnamese_text_comes_in_as_the_same_letters(text: str, form: str) -> None:
    tables = good_tables()
    tables["XML5"][0]["DIEN_BIEN_LS"] = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    package = read_package(encounter(tables), SubmissionKind.ENCOUNTER_4750)
    assert package.episodes[0].rows("XML5")[0].get("DIEN_BIEN_LS", "") == text.strip()


@given(_VIETNAMESE)
def test_settled_text_stays_as_it_is(text: str) -> None:
    once = settled(unicodedata.normalize("NFD", text).encode())
    again = settled(once.content)
    assert (again.content, again.text, again.notes) == (once.content, once.text, [])
    assert once.content.decode("utf-8") == once.text


@given(st.binary(max_size=200))
def test_settled_bytes_are_utf8_or_refused(raw: bytes) -> None:
    try:
        found = settled(raw)
    except UnreadableEncoding:
        return
    assert unicodedata.is_normalized("NFC", found.text)
    assert found.content.decode("utf-8") == found.text


@settings(max_examples=25)
@given(st.randoms(use_true_random=False))
def test_order_of_elements_and_tables_does_not_matter(chance: random.Random) -> None:
    tables = good_tables("XML7", "XML14")
    for rows in tables.values():
        for row in rows:
            items = list(row.items())
            chance.shuffle(items)
            row.clear()
            row.update(items)
    codes = list(tables)
    chance.shuffle(codes)
    assert not told_of({code: tables[code] for code in codes})


_MONEY = st.decimals(min_value=0, max_value=50_000_000, places=3, allow_nan=False, allow_infinity=False)
_QUANTITY = st.decimals(min_value=0, max_value=9_000, places=3, allow_nan=False, allow_infinity=False)
_SHARE = st.integers(0, 100)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _priced(row: Row, quantity: Decimal, price: Decimal, share: int, benefit: int) -> None:
    """Fill in the amounts of a drug line the way a careful hospital works them out."""
    at_hospital = _rounded(quantity * price)
    insured = _rounded(quantity * price * share / 100)
    fund = _rounded(insured * benefit / 100)
    row |= {
        "SO_LUONG": str(quantity),
        "DON_GIA": str(price),
        "TYLE_TT_BH": str(share),
        "MUC_HUONG": str(benefit),
        "THANH_TIEN_BV": str(at_hospital),
        "THANH_TIEN_BH": str(insured),
        "T_BHTT": str(fund),
        "T_BNCCT": str(insured - fund),
        "T_BNTT": str(at_hospital - insured),
    }


def _summed(tables: Tables) -> None:
    lines = [*tables["XML2"], *tables["XML3"]]

    def total(name: str, of: list[Row]) -> str:
        return str(sum((Decimal(row[name]) for row in of), Decimal(0)))

    tables["XML1"][0] |= {
        "T_THUOC": total("THANH_TIEN_BV", tables["XML2"]),
        "T_TONGCHI_BV": total("THANH_TIEN_BV", lines),
        "T_TONGCHI_BH": total("THANH_TIEN_BH", lines),
        "T_BNTT": total("T_BNTT", lines),
        "T_BNCCT": total("T_BNCCT", lines),
        "T_BHTT": total("T_BHTT", lines),
        "T_BHTT_GDV": total("T_BHTT", lines),
    }


@given(st.lists(st.tuples(_QUANTITY, _MONEY, _SHARE, _SHARE), min_size=1, max_size=12))
def test_amounts_worked_out_with_care_are_never_told(lines: list[tuple[Decimal, Decimal, int, int]]) -> None:
    tables = good_tables()
    first = tables["XML2"][0]
    tables["XML2"] = []
    for number, (quantity, price, share, benefit) in enumerate(lines, start=1):
        row = first | {"STT": str(number)}
        _priced(row, quantity, price, share, benefit)
        tables["XML2"].append(row)
    _summed(tables)
    assert not told_of(tables)


@given(
    st.sampled_from(["THANH_TIEN_BV", "THANH_TIEN_BH", "T_BHTT", "T_BNCCT", "T_BNTT", "T_NGUONKHAC"]),
    st.sampled_from(["XML2", "XML3"]),
    st.integers(1, 10**9),
)
def test_amount_off_by_a_dong_or_more_is_told_once(name: str, table: str, off: int) -> None:
    tables = good_tables()
    row = tables[table][0]
    row[name] = str(Decimal(row[name]) + off)
    assert told_of(tables) == [(table, 1, name, "wrong_amount")]


_NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)
_DAY_MINUTES = 60 * 24


@given(st.integers(0, 150 * _DAY_MINUTES), st.integers(0, 90 * _DAY_MINUTES), st.integers(0, 5 * _DAY_MINUTES))
def test_stay_of_any_length_has_its_days(after: int, minutes: int, before_paying: int) -> None:
    arrived = _NEW_YEAR + timedelta(minutes=after)
    left = arrived + timedelta(minutes=minutes)
    tables = good_tables()
    for code in ("XML2", "XML3", "XML4", "XML5"):
        for row in tables[code]:
            row |= {name: f"{arrived:%Y%m%d%H%M}" for name in row if name.startswith(("NGAY_", "THOI_DIEM"))}
    tables["XML1"][0] |= {
        "NGAY_VAO": f"{arrived:%Y%m%d%H%M}",
        "NGAY_VAO_NOI_TRU": f"{arrived:%Y%m%d%H%M}",
        "NGAY_RA": f"{left:%Y%m%d%H%M}",
        "NGAY_TTOAN": f"{left + timedelta(minutes=before_paying):%Y%m%d%H%M}",
        "SO_NGAY_DTRI": str((left.date() - arrived.date()).days + 1),
        "MAHUYEN_CU_TRU": "001",
    }
    assert not told_of(tables)


@given(st.from_regex(r"[A-Z][0-9]{2}(\.[0-9]{1,2})?", fullmatch=True))
def test_diagnosis_is_the_same_with_and_without_its_point(code: str) -> None:
    assert is_diagnosis(code) == is_diagnosis(code.replace(".", "")) == is_diagnosis(code.lower() + "†")
    assert written(code.replace(".", "")) == code


@given(_TEXT)
def test_text_that_is_no_code_is_no_diagnosis(text: str) -> None:
    if is_diagnosis(text):
        assert 3 <= len(written(text)) <= 6


@given(st.sets(st.sampled_from(["01001", "79024", "48003", "99999"])), st.sampled_from([None, "01001", "79024"]))
def test_what_is_known_never_breaks_judging(facilities: set[str], sender: str | None) -> None:
    errors = errors_of(_GOOD_FILE, known=Known(sender, frozenset(facilities)))
    wanted = sender in {None, "01001"} and "01001" in facilities
    assert wanted == (not any(error.rejects for error in errors))
