"""The journeys bench counts the files whose functions a command calls, and no others."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.journeys.__main__ import folders

TRACING = Path(__file__).parents[2] / "benchmarks" / "journeys" / "tracing.py"
PROGRAM = {
    "__init__": "",
    "__main__": "import sys\nfrom followguard.room.work import work\nwork(sys.argv[1])\n",
    "room/__init__": "",
    "room/work": "from followguard.named import NAME\nfrom followguard import called\n"
    "def work(word):\n    called.call(word)\n",
    "named": "from followguard.helping import help\nNAME = help()\n",
    "helping": "def help():\n    return 1\n",
    "called": "from threading import Thread\n"
    "def call(word):\n    from followguard import threaded\n"
    "    one = Thread(target=threaded.run)\n    one.start()\n    one.join()\n",
    "threaded": "def run():\n    pass\n",
    "body": "class Body:\n    name = 1\n",
}


def test_a_file_is_entered_by_a_call_of_its_function(tmp_path: Path) -> None:
    """Calls in threads count; the start of the program, bodies of classes and calls during an import don't."""
    for name, text in PROGRAM.items():
        path = tmp_path / "followguard" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("import called", "import body, called"))
    command = [sys.executable, str(TRACING), str(tmp_path / "found.json"), "word"]
    subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, check=True)
    assert json.loads((tmp_path / "found.json").read_text()) == ["called.py", "room/work.py", "threaded.py"]


def test_files_are_sorted_by_folder() -> None:
    """Each folder has its files."""
    assert folders(["cli/app.py", "bootstrap.py", "cli/lazy.py"]) == {
        "cli": ["app.py", "lazy.py"],
        ".": ["bootstrap.py"],
    }
