"""Normal forms of whole columns of names, derived syllable by syllable; what was written stays as it is.

Only distinct syllables (some thousands) pass through Python; everything else works on whole columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ansinh.people.matching.syllables import PLAIN_MARK, folded, key_of, mark, repaired, toned

THI = "thi"
# Southern and northern forms of one surname (Hoàng/Huỳnh, Vũ/Võ): the form both are compared in.
REGIONAL_SURNAMES = {"huinh": "hoang", "vo": "vu"}
COLUMNS = ("toned", "key", "nothi", "ordered", "marks", "surname", "given", "middle", "initials", "regional", "sg")


def normal_names(written: Any) -> pa.Table:
    """Return the normal forms of a column of names, row by row: columns COLUMNS (text, null where nothing is left) and `plain` (bool).

    `toned` accents kept, tone in one place; `key` folded, no spaces, y as i; `nothi` key without Thị; `ordered` syllables sorted;
    `marks` one character per syllable for its diacritics; `initials` of the syllables but Thị; `regional` key with one form of
    regional surnames; `sg` surname and given name.
    """
    rows = _Rows.of(written)
    form = {name: [how(s) for s in rows.syllables] for name, how in (("key", key_of), ("toned", toned), ("mark", mark))}
    first, last = rows.first(), rows.last()
    inner = ~(first | last)
    is_thi = np.array([k == THI for k in form["key"]], dtype=np.bool_)
    thi = inner & is_thi[rows.codes] if rows.codes.size else inner
    everything = np.ones(rows.codes.size, dtype=np.bool_)
    initials = [k[:1] for k in form["key"]]
    key = rows.joined(form["key"], everything)
    surname, given = rows.joined(form["key"], first), rows.joined(form["key"], last)
    family = rows.joined([REGIONAL_SURNAMES.get(k, k) for k in form["key"]], first)
    marks = rows.joined(form["mark"], everything)
    columns = {
        "toned": rows.joined(form["toned"], everything),
        "key": key,
        "nothi": rows.joined(form["key"], ~thi),
        "ordered": rows.sorted_join(form["key"]),
        "marks": marks,
        "surname": surname,
        "given": given,
        "middle": rows.joined(form["key"], inner),
        "initials": rows.joined(initials, ~thi),
        "regional": pc.binary_join_element_wise(family, rows.joined(form["key"], ~first), ""),
        "sg": pc.binary_join_element_wise(surname, given, " "),
    }
    empty = pc.equal(key, "")
    table = {name: pc.if_else(empty, pa.scalar(None, pa.string()), column) for name, column in columns.items()}
    table["plain"] = pc.invert(pc.match_substring_regex(marks, f"[^{PLAIN_MARK}]"))
    return pa.table(table)


class _Rows:
    """Names as rows of syllable numbers."""

    def __init__(self, syllables: list[str], codes: Any, offsets: Any) -> None:
        self.syllables, self.codes, self.offsets = syllables, codes, offsets

    @staticmethod
    def of(written: Any) -> _Rows:
        text = pc.utf8_lower(pc.utf8_normalize(pc.fill_null(written, ""), form="NFC"))
        words = pc.split_pattern(pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r"[^\p{L}\p{M}]+", " ")), " ")
        words = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
        flat = words.flatten().dictionary_encode()
        offsets = words.offsets.to_numpy() - words.offsets[0].as_py()
        typed = flat.dictionary.to_pylist()
        parts = [tuple(p for p in repaired(word) if folded(p)) for word in typed]
        syllables = sorted({p for some in parts for p in some})
        number = {syllable: place for place, syllable in enumerate(syllables)}
        lengths = np.array([len(some) for some in parts], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        table = np.array([number[p] for some in parts for p in some], dtype=np.int64)
        indices = flat.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        count = lengths[indices]
        ends = np.concatenate([[0], np.cumsum(count)])
        within = np.arange(ends[-1]) - np.repeat(ends[:-1], count)
        codes = table[np.repeat(starts[indices], count) + within] if ends[-1] else np.zeros(0, dtype=np.int64)
        return _Rows(syllables, codes, ends[offsets])

    def first(self) -> Any:
        """Mark the first syllable of each name."""
        return self._at(self.offsets[:-1])

    def last(self) -> Any:
        """Mark the last syllable of each name."""
        return self._at(self.offsets[1:] - 1)

    def _at(self, places: Any) -> Any:
        found = np.zeros(self.codes.size, dtype=np.bool_)
        found[places[self.offsets[1:] > self.offsets[:-1]]] = True
        return found

    def joined(self, forms: list[str], kept: Any) -> Any:
        """Return, row by row, the forms of the kept syllables without spaces."""
        return _join(forms, self.codes[kept], np.concatenate([[0], np.cumsum(kept)])[self.offsets])

    def sorted_join(self, forms: list[str]) -> Any:
        """Return, row by row, the forms in alphabetical order without spaces."""
        order = {form: place for place, form in enumerate(sorted(set(forms)))}
        rank = np.array([order[form] for form in forms], dtype=np.int64)[self.codes] if self.codes.size else self.codes
        row = np.repeat(np.arange(self.offsets.size - 1), np.diff(self.offsets))
        return _join(forms, self.codes[np.lexsort((rank, row))], self.offsets)


def _join(forms: list[str], codes: Any, offsets: Any) -> Any:
    values = pa.array([*forms, ""], pa.string()).take(pa.array(codes))
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), values), "")
