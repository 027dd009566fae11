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

WORDS = 8
BITS = 64 * WORDS

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
_CACHE_LINE = 64


def _ones(_typing: Any, _word: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.call(builder.module.declare_intrinsic("llvm.ctpop", [_I64]), arguments)

    return types.uint64(types.uint64), generate


def _join_rows(_typing: Any, rows: Any, places: Any, _start: Any, _stop: Any, into: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def data(number: int) -> Any:
            return context.make_array(signature.args[number])(context, builder, arguments[number]).data

        first_row = builder.bitcast(data(0), _ROW.as_pointer())
        target = builder.bitcast(data(4), _ROW.as_pointer())
        joined = cgutils.alloca_once_value(builder, builder.load(target, align=8))
        ask = ir.FunctionType(ir.VoidType(), [_POINTER, _I32, _I32, _I32])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [_POINTER], ask)
        for_reading_soon_from_data = [_I32(0), _I32(3), _I32(1)]

        def row(place: Any) -> Any:
            number = builder.load(builder.gep(data(1), [place]))
            return builder.gep(first_row, [builder.zext(number, _I64)])

        with cgutils.for_range_slice(builder, arguments[2], arguments[3], _I64(1)) as (place, _):
            ahead = builder.bitcast(row(builder.add(place, _I64(AHEAD))), _POINTER)
            for line in range(0, 8 * WORDS, _CACHE_LINE):
                builder.call(prefetch, [builder.gep(ahead, [_I64(line)]), *for_reading_soon_from_data])
            builder.store(builder.or_(builder.load(joined), builder.load(row(place), align=8)), joined)
        builder.store(builder.load(joined), target, align=8)
        return context.get_dummy_value()

    return types.void(rows, places, types.int64, types.int64, into), generate


# How many bits of a word are set: LLVM's `ctpop`.
ones: Any = intrinsic(_ones)

# `join_rows(rows, places, start, stop, into)`: `into |= rows[place]` for each of `places[start:stop]`, of uint32.
# The row that is joined into stays in registers, and memory is asked for each row AHEAD places before its turn.
join_rows: Any = intrinsic(_join_rows)
