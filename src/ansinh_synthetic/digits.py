"""Columns of fixed-width codes, built from arrays of digits without a loop over rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from ansinh_synthetic.chance import Bools, Ints


def digits(numbers: Ints, width: int) -> Ints:
    """Return a matrix of ASCII digits, one row per number, padded with zeros on the left."""
    left = np.asarray(numbers, dtype=np.int64).copy()
    matrix = np.empty((left.size, width), dtype=np.uint8)
    for place in range(width - 1, -1, -1):
        left, last = left // 10, left % 10
        matrix[:, place] = last + 48
    return matrix


def letters(codes: list[str]) -> Ints:
    """Return a matrix of the bytes of equally long ASCII codes, one row per code."""
    return np.array([list(code.encode("ascii")) for code in codes], dtype=np.uint8)


def texts(matrix: Ints, missing: Bools | None = None) -> Any:
    """Turn a matrix of ASCII bytes into an Arrow string column; rows marked missing are empty."""
    rows, width = matrix.shape
    if missing is None or not missing.any():
        offsets = np.arange(rows + 1, dtype=np.int32) * width
        return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(matrix)))
    column = texts(matrix)
    return pa.compute.if_else(pa.array(missing), pa.scalar(None, pa.string()), column)


def ragged(matrix: Ints, lengths: Ints) -> Any:
    """Turn a matrix of ASCII bytes into strings that keep only the last `lengths` bytes of each row (0: empty)."""
    rows, width = matrix.shape
    keep = np.arange(width)[None, :] >= (width - lengths)[:, None]
    offsets = np.zeros(rows + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    column = pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(matrix[keep]))
    return pa.compute.if_else(pa.array(lengths == 0), pa.scalar(None, pa.string()), column)


def coded(codes: list[str], numbers: Ints, missing: Bools | None = None) -> Any:
    """Look numbers up in a list of strings; rows marked missing are empty."""
    indices = pa.array(np.asarray(numbers, dtype=np.int32), mask=missing)
    return pa.array(codes, pa.string()).take(indices)
