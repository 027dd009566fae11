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

WORDS = 16
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


def _data(context: Any, builder: Any, signature: Any, arguments: Any, number: int) -> Any:
    return context.make_array(signature.args[number])(context, builder, arguments[number]).data


def _row(builder: Any, rows: Any, number: Any) -> Any:
    return builder.gep(builder.bitcast(rows, _ROW.as_pointer()), [number])


def _each_row(builder: Any, rows: Any, places: Any, start: Any, stop: Any, for_writing: int, use: Any) -> None:
    """Calls `use` for the pointer to each of the rows, and asks memory for each AHEAD places before its turn."""
    ask = ir.FunctionType(ir.VoidType(), [_POINTER, _I32, _I32, _I32])
    prefetch = builder.module.declare_intrinsic("llvm.prefetch", [_POINTER], ask)
    soon_and_of_data = [_I32(for_writing), _I32(3), _I32(1)]

    def row(place: Any) -> Any:
        return _row(builder, rows, builder.zext(builder.load(builder.gep(places, [place])), _I64))

    with cgutils.for_range_slice(builder, start, stop, _I64(1)) as (place, _):
        ahead = builder.bitcast(row(builder.add(place, _I64(AHEAD))), _POINTER)
        for line in range(0, 8 * WORDS, _CACHE_LINE):
            builder.call(prefetch, [builder.gep(ahead, [_I64(line)]), *soon_and_of_data])
        use(row(place))


def _join_rows(_typing: Any, rows: Any, places: Any, _start: Any, _stop: Any, into: Any, _number: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        from_rows, named, target = (_data(context, builder, signature, arguments, number) for number in (0, 1, 4))
        target = _row(builder, target, arguments[5])
        joined = cgutils.alloca_once_value(builder, builder.load(target, align=8))

        def join(row: Any) -> None:
            builder.store(builder.or_(builder.load(joined), builder.load(row, align=8)), joined)

        _each_row(builder, from_rows, named, arguments[2], arguments[3], 0, join)
        builder.store(builder.load(joined), target, align=8)
        return context.get_dummy_value()

    return types.void(rows, places, types.int64, types.int64, into, types.int64), generate


def _push_row(_typing: Any, rows: Any, places: Any, _start: Any, _stop: Any, source: Any, _number: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        to_rows, named, pushed = (_data(context, builder, signature, arguments, number) for number in (0, 1, 4))
        pushed = builder.load(_row(builder, pushed, arguments[5]), align=8)

        def push(row: Any) -> None:
            builder.store(builder.or_(builder.load(row, align=8), pushed), row, align=8)

        _each_row(builder, to_rows, named, arguments[2], arguments[3], 1, push)
        return context.get_dummy_value()

    return types.void(rows, places, types.int64, types.int64, source, types.int64), generate


# How many bits of a word are set: LLVM's `ctpop`.
ones: Any = intrinsic(_ones)

# `join_rows(rows, places, start, stop, into, number)`: `into[number] |= rows[place]` for each of `places[start:stop]`,
# of uint32. The row that is joined into stays in registers.
join_rows: Any = intrinsic(_join_rows)

# `push_row(rows, places, start, stop, source, number)`: `rows[place] |= source[number]` for each of them.
push_row: Any = intrinsic(_push_row)
