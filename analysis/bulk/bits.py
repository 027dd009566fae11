"""Rows of bits: what numba lacks to count them and to join them quickly.

A row is WORDS unsigned integers of 64 bits, one bit for each of the BITS targets of a block.
In arrays of rows it is read and written word by word, or as a whole, a `Row`, which a processor holds in registers:
`row_at`, `row_of` and `nothing` make one, `&`, `|` and `~` join rows, `ones_in` and `is_any` look into one.
A loop over rows as values takes a few instructions a step where one over words takes WORDS times as many.
"""

from __future__ import annotations

import operator
from typing import Any, TypeAlias

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, register_jitable, register_model
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


def _ask_for(_typing: Any, rows: Any, _number: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        row = builder.bitcast(_row(builder, _data(context, builder, signature, arguments, 0), arguments[1]), _POINTER)
        ask = ir.FunctionType(ir.VoidType(), [_POINTER, _I32, _I32, _I32])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [_POINTER], ask)
        to_read_soon_and_of_data = [_I32(0), _I32(3), _I32(1)]
        for line in range(0, 8 * WORDS, CACHE_LINE):
            builder.call(prefetch, [builder.gep(row, [_I64(line)]), *to_read_soon_and_of_data])
        return context.get_dummy_value()

    return types.void(rows, types.int64), generate


@register_jitable
def empty_rows(count: int) -> NDArray[np.uint64]:
    """So many rows of zeros, each at the beginning of a cache line: an array of the shape (count, WORDS).

    A row that begins elsewhere is read and written across two lines, which takes twice as long.
    """
    words = np.zeros(count * WORDS + CACHE_LINE // 8, np.uint64)
    first = -words.ctypes.data % CACHE_LINE // 8
    return words[first : first + count * WORDS].reshape(count, WORDS)


# How many bits of a word are set: LLVM's `ctpop`.
ones: Any = intrinsic(_ones)

# `ask_for(rows, number)` asks memory for a row that is soon to be read.
ask_for: Any = intrinsic(_ask_for)


# Rows as values. The types of Python know nothing of them: they are there in compiled code alone.

Row: TypeAlias = Any


class _RowType(types.Type):
    pass


@register_model(_RowType)
class _RowModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _ROW)


_A_ROW = _RowType("Row")


def _splat(builder: Any, word: Any) -> Any:
    """A row of which each word is this one."""
    first = builder.insert_element(ir.Constant(_ROW, ir.Undefined), word, _I32(0))
    everywhere = ir.Constant(ir.VectorType(_I32, WORDS), [0] * WORDS)
    return builder.shuffle_vector(first, ir.Constant(_ROW, ir.Undefined), everywhere)


def _call(builder: Any, name: str, kind: Any, row: Any) -> Any:
    """What a function of LLVM that takes one row makes of it."""
    function = ir.FunctionType(kind, [_ROW])
    return builder.call(cgutils.get_or_insert_function(builder.module, function, f"{name}.v{WORDS}i64"), [row])


def _row_at(_typing: Any, rows: Any, _number: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_row(builder, _data(context, builder, signature, arguments, 0), arguments[1]), align=8)

    return _A_ROW(rows, types.int64), generate


def _put_row(_typing: Any, rows: Any, _number: Any, row: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        target = _row(builder, _data(context, builder, signature, arguments, 0), arguments[1])
        builder.store(arguments[2], target, align=8)
        return context.get_dummy_value()

    return types.void(rows, types.int64, row), generate


def _row_of(_typing: Any, _word: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return _splat(builder, arguments[0])

    return _A_ROW(types.uint64), generate


def _nothing(_typing: Any) -> Any:
    return _A_ROW(), lambda *_: ir.Constant(_ROW, [0] * WORDS)


def _ones_in(_typing: Any, row: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        counts = _call(builder, "llvm.ctpop", _ROW, arguments[0])
        return _call(builder, "llvm.vector.reduce.add", _I64, counts)

    return types.uint64(row), generate


def _add_ones(_typing: Any, sums: Any, _number: Any, row: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        target = _row(builder, _data(context, builder, signature, arguments, 0), arguments[1])
        counts = _call(builder, "llvm.ctpop", _ROW, arguments[2])
        builder.store(builder.add(builder.load(target, align=8), counts), target, align=8)
        return context.get_dummy_value()

    return types.void(sums, types.int64, row), generate


def _is_any(_typing: Any, row: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.icmp_unsigned("!=", _call(builder, "llvm.vector.reduce.or", _I64, arguments[0]), _I64(0))

    return types.boolean(row), generate


def _joined_by(name: str) -> Any:
    """What a method of LLVM's builder of instructions makes of two rows."""

    def typed(_typing: Any, one: Any, other: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return getattr(builder, name)(*arguments)

        return _A_ROW(one, other), generate

    return intrinsic(typed)


def _complement(_typing: Any, row: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.not_(*arguments)

    return _A_ROW(row), generate


_in_both: Any = _joined_by("and_")
_in_either: Any = _joined_by("or_")
_not_in: Any = intrinsic(_complement)

# `row_at(rows, number)` is a row of an array; `put_row(rows, number, row)` writes one there.
row_at: Any = intrinsic(_row_at)
put_row: Any = intrinsic(_put_row)
# `row_of(word)` has this word everywhere; `nothing()` no bit.
row_of: Any = intrinsic(_row_of)
nothing: Any = intrinsic(_nothing)
# How many bits are set, and whether any is.
ones_in: Any = intrinsic(_ones_in)
# `add_ones(sums, number, row)` adds, for each word, how many bits are set: one addition at the end makes a sum of many
# rows of what would be one a row.
add_ones: Any = intrinsic(_add_ones)
is_any: Any = intrinsic(_is_any)


@overload(operator.and_)
@overload(operator.iand)
def _overload_and(one: Any, other: Any) -> Any:
    def joined(one: Any, other: Any) -> Any:
        return _in_both(one, other)

    return joined if one == other == _A_ROW else None


@overload(operator.or_)
@overload(operator.ior)
def _overload_or(one: Any, other: Any) -> Any:
    def joined(one: Any, other: Any) -> Any:
        return _in_either(one, other)

    return joined if one == other == _A_ROW else None


@overload(operator.invert)
def _overload_invert(row: Any) -> Any:
    def complement(row: Any) -> Any:
        return _not_in(row)

    return complement if row == _A_ROW else None


@njit(nogil=True, cache=True, forceinline=True)
def join_rows(rows: NDArray[np.uint64], places: NDArray[np.uint32], start: int, stop: int, row: Row) -> Row:
    """The row joined with those of `places[start:stop]`; it stays in registers meanwhile."""
    for at in range(np.uint64(start), np.uint64(stop)):  # without a sign nobody asks whether to count from the end
        ask_for(rows, places[at + np.uint64(AHEAD)])
        row |= row_at(rows, places[at])
    return row
