"""A model file whose sha256 is right still runs nothing, and is a model or refused."""

import builtins
import io
import os
import pickle
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from joblib.numpy_pickle import NumpyArrayWrapper

from followguard.errors import DamagedModel
from followguard.training.models.folders import MOST_FILE_BYTES
from followguard.training.models.model_file import MOST_BYTES, ForeignContent, arrays_of
from tests.builders.hostile_files import REGISTRY, packed, parts, replaced
from tests.builders.places import ROOT


class Runs:
    """An object whose pickle calls something."""

    def __init__(self, called: Callable[..., Any], *arguments: Any) -> None:
        self.made_by = (called, arguments)

    def __reduce__(self) -> Any:
        return self.made_by


class Builds(Runs):
    """The same by the state of an object."""

    def __reduce__(self) -> Any:
        return (
            NumpyArrayWrapper,
            (np.ndarray, (1,), "C", np.dtype("f8")),
            {"read": Runs(self.made_by[0], *self.made_by[1])},
        )


def described(**changed: Any) -> bytes:
    """An array's description with something else in it, and no numbers behind it."""
    wrapper = NumpyArrayWrapper(np.ndarray, (3,), "C", np.dtype("f8"))
    wrapper.__dict__.update(changed)
    return zlib.compress(pickle.dumps({"edges": wrapper}, protocol=4))


def with_objects(*members: Any) -> np.ndarray:
    """An array of objects."""
    found = np.empty(len(members), dtype=object)
    found[:] = members
    return found


def own_code(code: bytes) -> bytes:
    """A pickle written by hand."""
    return zlib.compress(b"\x80\x04" + code)


MARK = "ran"
SHELL = f"touch {MARK}"
PYTHON = f"open({MARK!r}, 'w')"
RUNNING: dict[str, Callable[[], bytes]] = {
    "os.system": lambda: packed({**parts(), "edges": Runs(os.system, SHELL)}),
    "os.system alone": lambda: packed(Runs(os.system, SHELL)),
    "eval": lambda: packed({**parts(), "more": Runs(builtins.eval, PYTHON)}),
    "exec": lambda: packed({**parts(), "more": Runs(builtins.exec, PYTHON)}),
    "open": lambda: packed([Runs(open, MARK, "w")]),
    "subprocess": lambda: packed({"edges": Runs(subprocess.check_call, ["touch", MARK])}),
    "a state": lambda: packed({"edges": Builds(os.system, SHELL)}),
    "an array of objects": lambda: packed({**parts(), "edges": with_objects(Runs(os.system, SHELL))}),
    "a name that is made": lambda: packed({Runs(os.system, SHELL): parts()["edges"]}),
    "numpy's file reader": lambda: packed({"edges": Runs(np.memmap, MARK, "u1", "w+", 0, (4,))}),
    "numpy's import": lambda: packed({"edges": Runs(np.lib.npyio.NpzFile, MARK)}),
    "a text code": lambda: zlib.compress(b"cos\nsystem\n(S'" + SHELL.encode() + b"'\ntR."),
    "an old instance": lambda: zlib.compress(b"(S'" + SHELL.encode() + b"'\nios\nsystem\n."),
    "an old object": lambda: zlib.compress(b"(cos\nsystem\nS'" + SHELL.encode() + b"'\no."),
    "by keyword": lambda: own_code(
        b"\x8c\x02os\x8c\x06system\x93)}\x8c\x07command\x8c" + bytes([len(SHELL)]) + SHELL.encode() + b"s\x92."
    ),
    "a dotted name": lambda: own_code(
        b"\x8c\x05numpy\x8c\x10ndarray.__call__\x93\x8c" + bytes([len(SHELL)]) + SHELL.encode() + b"\x85R."
    ),
    "a registered extension": lambda: own_code(b"\x82\x01."),
    "something kept elsewhere": lambda: own_code(b"\x8c\x02id\x51."),
    "not packed": lambda: packed({"edges": Runs(os.system, SHELL)}, compress=0),
    "packed by gzip": lambda: packed({"edges": Runs(os.system, SHELL)}, compress=("gzip", 3)),
    "packed by lzma": lambda: packed({"edges": Runs(os.system, SHELL)}, compress=("lzma", 3)),
    "behind the end": lambda: packed(parts()) + packed(Runs(os.system, SHELL)),
    "behind the last code": lambda: zlib.compress(
        zlib.decompress(packed(parts())) + pickle.dumps(Runs(os.system, SHELL))
    ),
}
OBJECTS = np.dtype([("a", "f8"), ("b", "O")])
MALFORMED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no pickle": lambda: zlib.compress(b"hello"),
    "cut short": lambda: packed(parts())[:-9],
    "cut inside": lambda: zlib.compress(zlib.decompress(packed(parts()))[:-400]),
    "only its beginning": lambda: zlib.compress(zlib.decompress(packed(parts()))[:60]),
    "not packed": lambda: packed(parts(), compress=0),
    "packed by bz2": lambda: packed(parts(), compress=("bz2", 3)),
    "objects in a description": lambda: described(dtype=np.dtype("O")),
    "nested objects": lambda: described(dtype=OBJECTS),
    "objects in a sub-array": lambda: described(dtype=np.dtype(("O", (2,)))),
    "a date": lambda: described(dtype=np.dtype("M8[s]")),
    "raw bytes": lambda: described(dtype=np.dtype("V8")),
    "a huge shape": lambda: described(shape=(2**40,)),
    "a shape that overflows": lambda: described(shape=(2**62, 4)),
    "a negative shape": lambda: described(shape=(-1,)),
    "a shape of nothing": lambda: described(shape=(0, 2**62)),
    "a deep shape": lambda: described(shape=(1,) * 60),
    "a shape that is text": lambda: described(shape="33"),
    "more numbers than the file has": lambda: described(shape=(100_000,)),
    "another subclass": lambda: described(subclass=np.matrix),
    "another order": lambda: described(order="K"),
    "another key": lambda: described(allow_pickle=True),
    "a name twice": lambda: zlib.compress(b"\x80\x04}(\x8c\x01aK\x01\x8c\x01aK\x02u."),
    "a number for a name": lambda: zlib.compress(b"\x80\x04}K\x01K\x02s."),
    "no arrays": lambda: packed({"edges": 3.0}),
    "a list": lambda: packed([1, 2]),
    "a bare array": lambda: packed(np.arange(3.0)),
    "deeply nested": lambda: zlib.compress(b"\x80\x04" + b")" + b"\x85" * 60_000 + b"."),
    "many codes": lambda: zlib.compress(b"\x80\x04" + b"}" * 4_000_000 + b"."),
    "a long frame": lambda: zlib.compress(b"\x80\x04\x95" + struct.pack("<Q", 2**62) + b"}."),
    "a long text": lambda: zlib.compress(b"\x80\x04X\xff\xff\xff\x7fa."),
    "unknown from the memo": lambda: zlib.compress(b"\x80\x04h\x05."),
    "an empty stack": lambda: zlib.compress(b"\x80\x04\x85."),
    "a packed bomb": lambda: zlib.compress(b"\x00" * (MOST_BYTES + 1)),
    "a long file": lambda: os.urandom(MOST_FILE_BYTES + 1),
}


@pytest.mark.parametrize("name", [f"runs: {name}" for name in RUNNING] + [f"is: {name}" for name in MALFORMED])
def test_a_file_with_the_right_sha256_runs_nothing(folder: Path, name: str) -> None:
    """It is refused with what to do, and no marker appears."""
    kind, _, which = name.partition(": ")
    content = (RUNNING if kind == "runs" else MALFORMED)[which]()
    found = replaced(folder, content)
    with pytest.raises(DamagedModel) as caught:
        REGISTRY.load(folder, found)
    assert not Path(MARK).exists()
    assert str(folder) in caught.value.message
    assert caught.value.next_step


@pytest.mark.parametrize("name", ["os.system", "eval", "a state", "open", "an array of objects"])
def test_the_same_files_run_where_joblib_loads_them(folder: Path, name: str) -> None:
    """The traps are real: what they were made for appears once an open unpickler has them."""
    with suppress(Exception):  # it has run by then
        joblib.load(io.BytesIO(RUNNING[name]()))
    assert Path(MARK).exists()


def test_memory_stays_bounded(folder: Path) -> None:
    """A bomb and a file of codes are refused within some 200 MB: more, and the process ends in a MemoryError."""
    replaced(folder, MALFORMED["many codes"]())
    bomb = folder.parent / "bomb"
    bomb.write_bytes(zlib.compress(b"\x00" * (2**30)))
    code = (
        "import resource, sys, pathlib, numpy, joblib.numpy_pickle\n"
        "from followguard.training.models.model_file import ForeignContent, arrays_of\n"
        "used = int(pathlib.Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 200 * 2**20,) * 2)\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n        arrays_of(pathlib.Path(name).read_bytes())\n"
        "    except ForeignContent as problem:\n"
        "        print('MemoryError' not in str(problem))\n"
    )
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory can't be limited here")
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder / "model.joblib"), str(bomb)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.split() == ["True", "True"]


def test_plain_arrays_of_every_kind_come_back(folder: Path) -> None:
    """Numbers, truths and texts, in rows and tables, of either byte order."""
    plain = {
        "f": np.arange(6.0).reshape(2, 3),
        "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "i": np.arange(3, dtype=np.int32),
        "b": np.array([True, False]),
        "u": np.array(["abc", "é"]),
        "big": np.arange(3, dtype=">f4"),
        "none": np.zeros(0, dtype=np.float32),
        "half": np.array([0.5], dtype=np.float16),
        "point": np.array(2.0),
    }
    found = arrays_of(packed(plain))
    assert list(found) == list(plain)
    for name, array in plain.items():
        np.testing.assert_array_equal(found[name], array)
    assert folder.is_dir()


def test_who_only_lists_loads_nothing(folder: Path) -> None:
    """The manifest of a model comes without its arrays, and only while its file is the right one."""
    found = replaced(folder, RUNNING["os.system"]())
    assert REGISTRY.proven(folder, found).file_sha256 == found
    assert not Path(MARK).exists()
    with pytest.raises(DamagedModel, match="isn't the file on record"):
        REGISTRY.proven(folder, "0" * 64)


def test_the_reader_says_what_it_met() -> None:
    """The name that a pickle asked for stands in the message, as ASCII."""
    with pytest.raises(ForeignContent, match=r"'(posix|nt)'\.'system'"):
        arrays_of(RUNNING["os.system alone"]())
