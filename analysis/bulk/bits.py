"""Rows of bits: what numba lacks to count them and to join them quickly.

A row is WORDS unsigned integers of 64 bits, one bit for each of the BITS targets of a block.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

WORDS = 16
BITS = 64 * WORDS

# What a processor fetches from memory at once, in bytes: a row that begins within one takes one more.
CACHE_LINE = 64

# So many neighbours ahead a row is asked for, which takes longer to come than one takes to be joined.
# Lists of neighbours are padded by as many, so that looking ahead needs no question whether somebody is there.
AHEAD = 16

ONE = np.uint64(1)
NONE = np.uint64(0)
ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)

_I64 = ir.IntType(64)
_I32 = ir.IntType(32)
_POINTER = ir.IntType(8).as_pointer()
_ROW = ir.VectorType(_I64, WORDS)


def _ones(_typing: Any, _word: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.call(builder.module.declare_intrinsic("llvm.ctpop", [_I64]), arguments)

    return types.uint64(types.uint64), generate


def _data(context: Any, builder: Any, signature: Any, arguments: Any, number: int) -> Any:
    return context.make_array(signature.args[number])(context, builder, arguments[number]).data


def _row(builder: Any, rows: Any, number: Any) -> Any:
    return builder.gep(builder.bitcast(rows, _ROW.as_pointer()), [number])


def _join_rows(_typing: Any, rows: Any, places: Any, _start: Any, _stop: Any, into: Any, _number: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        from_rows, named, target = (_data(context, builder, signature, arguments, number) for number in (0, 1, 4))
        target = _row(builder, target, arguments[5])
        joined = cgutils.alloca_once_value(builder, builder.load(target, align=8))
        ask = ir.FunctionType(ir.VoidType(), [_POINTER, _I32, _I32, _I32])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [_POINTER], ask)
        to_read_soon_and_of_data = [_I32(0), _I32(3), _I32(1)]

        def row(place: Any) -> Any:
            return _row(builder, from_rows, builder.zext(builder.load(builder.gep(named, [place])), _I64))

        with cgutils.for_range_slice(builder, arguments[2], arguments[3], _I64(1)) as (place, _):
            ahead = builder.bitcast(row(builder.add(place, _I64(AHEAD))), _POINTER)
            for line in range(0, 8 * WORDS, CACHE_LINE):
                builder.call(prefetch, [builder.gep(ahead, [_I64(line)]), *to_read_soon_and_of_data])
            builder.store(builder.or_(builder.load(joined), builder.load(row(place), align=8)), joined)
        builder.store(builder.load(joined), target, align=8)
        return context.get_dummy_value()

    return types.void(rows, places, types.int64, types.int64, into, types.int64), generate


def empty_rows(count: int) -> NDArray[np.uint64]:
    """So many rows of zeros, each at the beginning of a cache line: an array of the shape (count, WORDS)."""
    words = np.zeros(count * WORDS + CACHE_LINE // 8, np.uint64)
    first = -words.ctypes.data % CACHE_LINE // 8
    return words[first : first + count * WORDS].reshape(count, WORDS)


# How many bits of a word are set: LLVM's `ctpop`.
ones: Any = intrinsic(_ones)

# `join_rows(rows, places, start, stop, into, number)`: `into[number] |= rows[place]` for each of `places[start:stop]`,
# of uint32. The row that is joined into stays in registers.
join_rows: Any = intrinsic(_join_rows)
