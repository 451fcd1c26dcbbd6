"""Reads a model file as plain arrays by name, and as nothing else: a pickle that can't call anything.

Whether a model can be made of the arrays is told by `model_arrays`.
"""

import io
import math
import pickle
import re
import zlib
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

import numpy as np
from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler

MOST_BYTES = 16 * 2**20
"""The limit for the arrays, decompressed."""
MOST_OTHER_BYTES = 64 * 2**10
"""The limit for everything around the arrays: names, shapes, types."""


class ForeignContent(Exception):
    """Something in the file that a model never holds. The message ends a sentence that begins with the file."""


class Builder(Enum):
    """The names that a model's arrays are built with: marks in the file, which never stand for what they name."""

    WRAPPER = ("joblib.numpy_pickle", "NumpyArrayWrapper")
    ARRAY = ("numpy", "ndarray")
    KIND = ("numpy", "dtype")


MOST_DIMENSIONS = 2
PADDINGS = (None, 16)
"""To how many bytes an array's numbers are aligned in the file; joblib writes None where it can't tell its place."""
NOT_PLAIN = "holds an array that isn't of plain numbers or texts"
_KIND = re.compile(r"b1|[iu][1248]|f[248]|U[1-9]\d{0,2}")
_KIND_STATE = 8
_ORDERS = ("<", ">", "|")
_WRAPPER_KEYS = frozenset(NumpyArrayWrapper(np.ndarray, (), "C", np.dtype("f8")).__dict__)


@dataclass(slots=True)
class _Kind:
    """The type of an array's numbers: its code, and its byte order once that was read."""

    code: str
    order: str | None = None


class _Wrapper:
    """An array whose description comes next."""


class _Names(dict[str, Any]):
    """A dictionary in which every name stands once."""

    def __setitem__(self, name: str, value: Any) -> None:
        if type(name) is not str or name in self:
            raise ForeignContent("has a name twice, or one that isn't text")
        super().__setitem__(name, value)


class _Bounded(io.BytesIO):
    """The file's bytes. `left`: how many may still be read."""

    left = MOST_OTHER_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        return self._counted(super().read(size))

    def readinto(self, buffer: Any, /) -> int:
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._counted(super().readline(size))

    def _counted(self, found: bytes) -> bytes:
        self.left -= len(found)
        if self.left < 0:
            raise ForeignContent("holds more than arrays")
        return found


class _Arrays(NumpyUnpickler):  # type: ignore[misc]
    """An unpickler that knows three names and calls none of them.

    Every code that isn't in `dispatch` is refused. The parts are looked at before anything is built of them, so that
    neither a type with objects in it nor a shape beyond the file's own size is ever given to numpy.
    """

    def __init__(self, content: bytes) -> None:
        self._bytes = _Bounded(content)
        super().__init__("", self._bytes, ensure_native_byte_order=True)

    def find_class(self, module: str, name: str) -> Builder:
        """Returns the mark that a name stands for. Raises `ForeignContent` for every other name."""
        try:
            return Builder((module, name))
        except ValueError:
            raise ForeignContent(f"names {module[:80]!a}.{name[:80]!a}, which no model needs") from None

    def load_empty_dictionary(self) -> None:
        """Puts a dictionary on the stack that takes each name once."""
        self.append(_Names())

    def load_newobj(self) -> None:
        """Begins an array's description."""
        arguments, cls = self.stack.pop(), self.stack.pop()
        if cls is not Builder.WRAPPER or arguments != ():
            raise ForeignContent("builds something that isn't an array")
        self.append(_Wrapper())

    def load_reduce(self) -> None:
        """Puts the type of an array's numbers on the stack."""
        arguments, called = self.stack.pop(), self.stack.pop()
        if called is not Builder.KIND or not _is_kind(arguments):
            raise ForeignContent(NOT_PLAIN)
        self.append(_Kind(arguments[0]))

    def load_build(self) -> None:
        """Completes a type, or an array's description, after which its numbers stand in the file."""
        state, built = self.stack[-1], self.stack[-2]
        if type(built) is _Kind:
            self.stack.pop()
            built.order = _order_of(state)
            return
        if type(built) is not _Wrapper:
            raise ForeignContent("changes something that isn't an array")
        plain = self._checked(state)
        self.stack[-2:] = [NumpyArrayWrapper.__new__(NumpyArrayWrapper), plain]
        super().load_build()

    def _checked(self, state: Any) -> dict[str, Any]:
        """Returns the description with real types, once it is that of a plain array within the file's size."""
        dtype = _described(state)
        size = math.prod((dtype.itemsize, *state["shape"]))
        if size > len(self._bytes.getbuffer()) - self._bytes.tell():
            raise ForeignContent("ends before an array that it announces")
        self._bytes.left += size
        return dict(state) | {"subclass": np.ndarray, "dtype": dtype, "allow_mmap": False}

    def whole(self) -> Any:
        """Returns what the file holds. Raises `ForeignContent` where something stands behind it."""
        found = self.load()
        if self._bytes.tell() != len(self._bytes.getbuffer()):
            raise ForeignContent("goes on behind its end")
        return found

    _OWN = (
        (pickle.EMPTY_DICT, load_empty_dictionary),
        (pickle.NEWOBJ, load_newobj),
        (pickle.REDUCE, load_reduce),
        (pickle.BUILD, load_build),
    )
    _AS_EVER = (
        *(pickle.PROTO, pickle.FRAME, pickle.STOP, pickle.MARK, pickle.MEMOIZE, pickle.BINGET, pickle.LONG_BINGET),
        *(pickle.NONE, pickle.NEWTRUE, pickle.NEWFALSE, pickle.BININT, pickle.BININT1, pickle.BININT2),
        *(pickle.SHORT_BINUNICODE, pickle.BINUNICODE, pickle.STACK_GLOBAL, pickle.SETITEM, pickle.SETITEMS),
        *(pickle.EMPTY_TUPLE, pickle.TUPLE, pickle.TUPLE1, pickle.TUPLE2, pickle.TUPLE3),
    )
    dispatch = MappingProxyType(
        {code[0]: NumpyUnpickler.dispatch[code[0]] for code in _AS_EVER} | {code[0]: own for code, own in _OWN}
    )


def _is_kind(arguments: Any) -> bool:
    """Tells whether that makes a type, as in `("f8", False, True)`."""
    return (
        type(arguments) is tuple
        and bool(arguments)
        and type(arguments[0]) is str
        and bool(_KIND.fullmatch(arguments[0]))
    )


def _order_of(state: Any) -> str:
    """Reads the byte order from numpy's state of a type: version, order, sub-array, field names, fields, sizes."""
    if type(state) is tuple and len(state) == _KIND_STATE and state[1] in _ORDERS and state[2:5] == (None, None, None):
        return str(state[1])
    raise ForeignContent(NOT_PLAIN)


def _described(state: Any) -> np.dtype[Any]:
    """Returns the type of the numbers of an array that is described as models describe theirs."""
    if type(state) is not _Names or set(state) != _WRAPPER_KEYS or state["subclass"] is not Builder.ARRAY:
        raise ForeignContent("describes an array in a way that no model does")
    kind, shape, padding = state["dtype"], state["shape"], state["numpy_array_alignment_bytes"]
    if type(kind) is not _Kind or kind.order is None:
        raise ForeignContent(NOT_PLAIN)
    if type(shape) is not tuple or not all(type(length) is int and 0 <= length <= MOST_BYTES for length in shape):
        raise ForeignContent("holds an array of a shape that no model has")
    if len(shape) > MOST_DIMENSIONS or state["order"] not in ("C", "F") or padding not in PADDINGS:
        raise ForeignContent("describes an array in a way that no model does")
    return np.dtype(kind.order + kind.code)


def arrays_of(content: bytes) -> dict[str, np.ndarray[Any, Any]]:
    """Reads the arrays by name in the bytes of a model file. Raises `ForeignContent` for anything else in them."""
    try:
        found = _Arrays(_decompressed(content)).whole()
    except ForeignContent:
        raise
    except (Exception, MemoryError) as error:  # the bytes are anybody's: whatever they set off, they are no model
        raise ForeignContent(f"isn't a file of plain arrays ({type(error).__name__})") from error
    if type(found) is not _Names or not all(type(each) is np.ndarray for each in found.values()):
        raise ForeignContent("isn't a file of plain arrays by name")
    return dict(found)


def _decompressed(content: bytes) -> bytes:
    """Unpacks one whole zlib stream within the bound, and never more."""
    stream = zlib.decompressobj()
    found = stream.decompress(content, MOST_BYTES)
    if stream.unconsumed_tail:
        raise ForeignContent(f"unpacks to more than {MOST_BYTES:,} bytes")
    if not stream.eof or stream.unused_data:
        raise ForeignContent("isn't one whole packed stream")
    return found
