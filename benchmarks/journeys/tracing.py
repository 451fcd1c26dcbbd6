"""Runs `followguard ARGUMENTS` in this process and writes which files it entered: `python tracing.py OUTPUT ARGUMENTS`.

A file is entered when one of its functions is called. Bodies of modules and classes aren't functions, and what a module
calls while it is being imported says nothing about the journey; neither counts.
"""

import atexit
import json
import runpy
import sys
import threading
from importlib.util import find_spec
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import FrameType
from typing import Any

PROGRAM = "followguard"


class Entered:
    """The files entered so far, by their path within the package."""

    def __init__(self, package: Path) -> None:
        """Takes the folder of the package."""
        self.root = f"{package}/"
        self.start = f"{self.root}__main__.py"
        self.files = {self.start}

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        """Notes the file of each call, as `sys.setprofile` reports it."""
        code = frame.f_code
        if event != "call" or code.co_filename in self.files or not code.co_filename.startswith(self.root):
            return
        if code.co_flags & CO_OPTIMIZED and not self._importing(frame):
            self.files.add(code.co_filename)

    def _importing(self, frame: FrameType) -> bool:
        caller = frame.f_back
        while caller is not None:
            name = caller.f_code.co_filename
            if caller.f_code.co_name == "<module>" and name.startswith(self.root) and name != self.start:
                return True
            caller = caller.f_back
        return False

    def write(self, output: Path) -> None:
        """Writes the files as a JSON list, without the file that starts the program."""
        sys.setprofile(None)
        names = sorted(name.removeprefix(self.root) for name in self.files - {self.start})
        output.write_text(json.dumps(names), encoding="utf-8")


def main(output: str, *arguments: str) -> None:
    """Runs the command under the profiler."""
    sys.path.pop(0)
    spec = find_spec(PROGRAM)
    assert spec is not None
    assert spec.submodule_search_locations
    entered = Entered(Path(spec.submodule_search_locations[0]))
    atexit.register(entered.write, Path(output))
    sys.argv = [PROGRAM, *arguments]
    sys.setprofile(entered)
    threading.setprofile(entered)
    runpy.run_module(PROGRAM, run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
